"""The state machine of one unit's task under a duty: a table of moves and one of who may act.

Task list 十四、第3行第3项 (打表推进、销号管理): the doer asks for sign-off with evidence, another person checks it.
That a task was not done is what the year's end says; it is never stored.
"""

from collections.abc import Collection
from dataclasses import dataclass

from core.labels import Labelled
from core.people import Actor, Role
from core.permits import FRONT, UNIT


class Stage(Labelled):
    OPEN = "open", "推进中"
    REPORTED = "reported", "申请销号"
    SIGNED_OFF = "signed_off", "已销号"
    RELEASED = "released", "不再承担"


class Act(Labelled):
    PROGRESS = "progress", "填报进展"
    EVIDENCE = "evidence", "提交佐证"
    LINK = "link", "补归集链接"
    STRIKE = "strike", "撤销佐证"
    REQUEST = "request", "申请销号"
    SIGN_OFF = "sign_off", "核查销号"
    SEND_BACK = "send_back", "退回"
    RELEASE = "release", "解除任务"


MOVES: dict[tuple[Stage, Act], Stage] = {
    (Stage.OPEN, Act.PROGRESS): Stage.OPEN,
    (Stage.OPEN, Act.EVIDENCE): Stage.OPEN,
    (Stage.OPEN, Act.LINK): Stage.OPEN,
    (Stage.OPEN, Act.STRIKE): Stage.OPEN,
    (Stage.OPEN, Act.REQUEST): Stage.REPORTED,
    (Stage.OPEN, Act.RELEASE): Stage.RELEASED,
    (Stage.REPORTED, Act.SIGN_OFF): Stage.SIGNED_OFF,
    (Stage.REPORTED, Act.SEND_BACK): Stage.OPEN,
    (Stage.REPORTED, Act.RELEASE): Stage.RELEASED,
}


@dataclass(frozen=True)
class Who:
    """The roles that may act: in the unit that owes the task, in a unit that leads it, in any unit."""

    own: frozenset[Role] = frozenset()
    lead: frozenset[Role] = frozenset()
    anywhere: frozenset[Role] = frozenset()


WORKERS = FRONT | UNIT
CHECKERS = frozenset({Role.HANDLER, Role.LEADER})
OFFICE = frozenset({Role.SUPERVISOR})
WHO: dict[Act, Who] = {
    Act.PROGRESS: Who(own=WORKERS),
    Act.EVIDENCE: Who(own=WORKERS),
    Act.LINK: Who(own=WORKERS),
    Act.STRIKE: Who(own=WORKERS, anywhere=OFFICE),
    Act.REQUEST: Who(own=WORKERS),
    Act.SIGN_OFF: Who(lead=CHECKERS, anywhere=OFFICE),
    Act.SEND_BACK: Who(lead=CHECKERS, anywhere=OFFICE),
    Act.RELEASE: Who(anywhere=OFFICE),
}
RUNNING = frozenset({Stage.OPEN, Stage.REPORTED})


class IllegalMove(ValueError):
    """The act does not lead on from this stage; says so in Chinese."""

    def __init__(self, stage: Stage, act: Act) -> None:
        super().__init__(f"“{stage.label}”的任务不能{act.label}，可能已由他人办理，请刷新后再看")


class NotYours(PermissionError):
    """This person may not act so on this task."""


def step(stage: Stage, act: Act) -> Stage:
    """Where the act leads. Raises IllegalMove."""
    try:
        return MOVES[stage, act]
    except KeyError:
        raise IllegalMove(stage, act) from None


def may_act(person: Actor, act: Act, *, unit_id: int, lead_ids: Collection[int]) -> bool:
    """Whether the person's roles and unit allow it. That the checker is another person is the verb's rule."""
    who = WHO[act]
    return (
        person.has(*who.anywhere)
        or (person.unit_id == unit_id and person.has(*who.own))
        or (person.unit_id in lead_ids and person.has(*who.lead))
    )


def acts_from(stage: Stage, person: Actor, *, unit_id: int, lead_ids: Collection[int]) -> tuple[Act, ...]:
    """The lawful buttons of a page, in the order of the enum."""
    lawful = (act for act in Act if (stage, act) in MOVES)
    return tuple(act for act in lawful if may_act(person, act, unit_id=unit_id, lead_ids=lead_ids))
