"""The life of an official paper: a table of moves, who may act, and which acts a kind knows.

Practice of 12345 work orders: a paper is signed for, answered, and lifted by the office that issued it; 通报批评 and
约谈 are drafted by the machine and issued by a person (task list 七(一): 通报批评和约谈制度).
"""

from core.labels import Labelled
from core.people import Actor, Role
from escalation.paper_kinds import PaperKind


class PaperStage(Labelled):
    DRAFTED = "drafted", "待签发"
    ISSUED = "issued", "待签收"
    SIGNED = "signed", "已签收"
    FEEDBACK = "feedback", "待审核"
    LIFTED = "lifted", "已办结"
    DROPPED = "dropped", "已作废"


class PaperAct(Labelled):
    EDIT = "edit", "修改"
    ASK_STATEMENT = "ask-statement", "征求申辩意见"
    STATE = "state", "提交申辩意见"
    NO_STATEMENT = "no-statement", "记录限期未提交"
    APPROVE = "approve", "审批同意"
    ISSUE = "issue", "签发"
    DROP = "drop", "作废"
    SIGN = "sign", "签收"
    FEED_BACK = "feed-back", "反馈"
    SEND_BACK = "send-back", "退回继续督办"
    RECORD_TALK = "record-talk", "记录约谈"
    LIFT = "lift", "办结"


S, A = PaperStage, PaperAct
MOVES: dict[tuple[PaperStage, PaperAct], PaperStage] = {
    (S.DRAFTED, A.EDIT): S.DRAFTED,
    (S.DRAFTED, A.ASK_STATEMENT): S.DRAFTED,
    (S.DRAFTED, A.STATE): S.DRAFTED,
    (S.DRAFTED, A.NO_STATEMENT): S.DRAFTED,
    (S.DRAFTED, A.APPROVE): S.DRAFTED,
    (S.DRAFTED, A.ISSUE): S.ISSUED,
    (S.DRAFTED, A.DROP): S.DROPPED,
    (S.ISSUED, A.SIGN): S.SIGNED,
    (S.ISSUED, A.LIFT): S.LIFTED,
    (S.SIGNED, A.FEED_BACK): S.FEEDBACK,
    (S.SIGNED, A.RECORD_TALK): S.SIGNED,
    (S.SIGNED, A.LIFT): S.LIFTED,
    (S.FEEDBACK, A.SEND_BACK): S.SIGNED,
    (S.FEEDBACK, A.RECORD_TALK): S.FEEDBACK,
    (S.FEEDBACK, A.LIFT): S.LIFTED,
}

OFFICE = frozenset({Role.SUPERVISOR})
UNIT = frozenset({Role.CONTACT, Role.LEADER, Role.HANDLER})
UNIT_ACTS = frozenset({A.STATE, A.SIGN, A.FEED_BACK})
WHO: dict[PaperAct, frozenset[Role]] = {act: UNIT if act in UNIT_ACTS else OFFICE for act in PaperAct}
# 催办 by hand is the one paper that the watch office may issue too: it runs the clocks by night
MAY_URGE = OFFICE | {Role.WATCH}
MAY_DRAFT = OFFICE

_EVERY = frozenset(PaperKind)
KINDS: dict[PaperAct, frozenset[PaperKind]] = dict.fromkeys(PaperAct, _EVERY) | {
    A.ASK_STATEMENT: frozenset({PaperKind.CRITICISM}),
    A.STATE: frozenset({PaperKind.CRITICISM}),
    A.NO_STATEMENT: frozenset({PaperKind.CRITICISM}),
    A.APPROVE: frozenset({PaperKind.CRITICISM}),
    A.RECORD_TALK: frozenset({PaperKind.TALK}),
    A.FEED_BACK: _EVERY - {PaperKind.COMMENDATION},
    A.SEND_BACK: _EVERY - {PaperKind.COMMENDATION},
}
ENDED = frozenset({S.LIFTED, S.DROPPED})
OUTSIDE = frozenset({S.ISSUED, S.SIGNED, S.FEEDBACK, S.LIFTED})
"""A paper that has left the office: the addressee knows it."""


class IllegalPaperMove(ValueError):
    """The act does not lead on from this stage; says so in Chinese."""

    def __init__(self, stage: PaperStage, act: PaperAct) -> None:
        super().__init__(f"“{stage.label}”的文书不能{act.label}，可能已由他人办理，请刷新后再看")


class NotYourPaper(PermissionError):
    """This person may not act so on this paper."""


def step(stage: PaperStage, act: PaperAct) -> PaperStage:
    """Where the act leads. Raises IllegalPaperMove."""
    try:
        return MOVES[stage, act]
    except KeyError:
        raise IllegalPaperMove(stage, act) from None


def may_act(person: Actor, act: PaperAct, *, kind: PaperKind, unit_id: int) -> bool:
    """Role first; the addressee's people act for their own unit only."""
    if person.roles.isdisjoint(WHO[act]) or kind not in KINDS[act]:
        return False
    return act not in UNIT_ACTS or person.unit_id == unit_id


def acts_from(stage: PaperStage, person: Actor, *, kind: PaperKind, unit_id: int) -> tuple[PaperAct, ...]:
    """The lawful buttons of a page, in the order of the enum."""
    possible = (act for act in PaperAct if (stage, act) in MOVES)
    return tuple(act for act in possible if may_act(person, act, kind=kind, unit_id=unit_id))
