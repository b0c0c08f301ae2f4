"""The state machine of an inquiry: a table of moves and one of who may act. Overdue is what the clock says.

Duties: task list 六(二) and 七(三): what cannot be answered at once is registered and answered in 5 working days.
"""

from core.labels import Labelled
from core.people import Actor, Role


class Stage(Labelled):
    REGISTERED = "registered", "待交办"
    DISPATCHED = "dispatched", "待签收"
    HANDLING = "handling", "办理中"
    RETURN_REQUESTED = "return_requested", "申请退单"
    REPLIED = "replied", "已答复"
    INSTANT = "instant", "当场答复"
    DECLINED = "declined", "不予受理"
    MERGED = "merged", "已合并"
    WITHDRAWN = "withdrawn", "已撤回"


class Act(Labelled):
    DISPATCH = "dispatch", "交办"
    SIGN = "sign", "签收"
    REPLY = "reply", "答复"
    INTERIM = "interim", "阶段性答复"
    ATTEMPT = "attempt", "联系未果"
    REQUEST_RETURN = "request_return", "申请退单"
    GRANT_RETURN = "grant_return", "同意退单"
    REFUSE_RETURN = "refuse_return", "不同意退单"
    DECLINE = "decline", "不予受理"
    MERGE = "merge", "合并"
    WITHDRAW = "withdraw", "撤回"


MOVES: dict[tuple[Stage, Act], Stage] = {
    (Stage.REGISTERED, Act.DISPATCH): Stage.DISPATCHED,
    (Stage.REGISTERED, Act.REPLY): Stage.REPLIED,
    (Stage.REGISTERED, Act.DECLINE): Stage.DECLINED,
    (Stage.REGISTERED, Act.MERGE): Stage.MERGED,
    (Stage.REGISTERED, Act.WITHDRAW): Stage.WITHDRAWN,
    (Stage.REGISTERED, Act.ATTEMPT): Stage.REGISTERED,
    (Stage.DISPATCHED, Act.SIGN): Stage.HANDLING,
    (Stage.DISPATCHED, Act.DISPATCH): Stage.DISPATCHED,
    (Stage.DISPATCHED, Act.REQUEST_RETURN): Stage.RETURN_REQUESTED,
    (Stage.DISPATCHED, Act.DECLINE): Stage.DECLINED,
    (Stage.DISPATCHED, Act.MERGE): Stage.MERGED,
    (Stage.DISPATCHED, Act.WITHDRAW): Stage.WITHDRAWN,
    (Stage.HANDLING, Act.REPLY): Stage.REPLIED,
    (Stage.HANDLING, Act.INTERIM): Stage.HANDLING,
    (Stage.HANDLING, Act.ATTEMPT): Stage.HANDLING,
    (Stage.HANDLING, Act.REQUEST_RETURN): Stage.RETURN_REQUESTED,
    (Stage.HANDLING, Act.DECLINE): Stage.DECLINED,
    (Stage.HANDLING, Act.MERGE): Stage.MERGED,
    (Stage.HANDLING, Act.WITHDRAW): Stage.WITHDRAWN,
    (Stage.RETURN_REQUESTED, Act.GRANT_RETURN): Stage.REGISTERED,
    (Stage.RETURN_REQUESTED, Act.REFUSE_RETURN): Stage.HANDLING,
    (Stage.RETURN_REQUESTED, Act.WITHDRAW): Stage.WITHDRAWN,
}

OFFICE = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
UNIT = frozenset({Role.HANDLER, Role.LEADER})
WHO: dict[Act, frozenset[Role]] = {
    Act.DISPATCH: OFFICE | {Role.OPERATOR},
    Act.SIGN: UNIT | {Role.CONTACT},
    Act.REPLY: UNIT | OFFICE,
    Act.INTERIM: UNIT | OFFICE,
    Act.ATTEMPT: UNIT | OFFICE,
    Act.REQUEST_RETURN: UNIT,
    Act.GRANT_RETURN: OFFICE,
    Act.REFUSE_RETURN: OFFICE,
    Act.DECLINE: OFFICE,
    Act.MERGE: OFFICE,
    Act.WITHDRAW: OFFICE | {Role.OPERATOR},
}
OWN_UNIT_ONLY = frozenset({Act.SIGN, Act.REQUEST_RETURN})

ENDED = frozenset({Stage.REPLIED, Stage.INSTANT, Stage.DECLINED, Stage.MERGED, Stage.WITHDRAWN})


class IllegalMove(ValueError):
    """The act does not lead on from this stage; says so in Chinese."""

    def __init__(self, stage: Stage, act: Act) -> None:
        super().__init__(f"“{stage.label}”的诉求不能{act.label}，可能已由他人办理，请刷新后再看")


class NotYours(PermissionError):
    """This person may not act so on this case."""


def step(stage: Stage, act: Act) -> Stage:
    """Where the act leads. Raises IllegalMove."""
    try:
        return MOVES[stage, act]
    except KeyError:
        raise IllegalMove(stage, act) from None


def may_act(person: Actor, act: Act, *, lead_unit_id: int | None) -> bool:
    """Role first; the office acts on every case, a unit's people only on what their unit holds."""
    if person.roles.isdisjoint(WHO[act]):
        return False
    from_office = act not in OWN_UNIT_ONLY and not person.roles.isdisjoint(WHO[act] - UNIT - {Role.CONTACT})
    return from_office or person.unit_id == lead_unit_id


def acts_from(stage: Stage, person: Actor, *, lead_unit_id: int | None) -> tuple[Act, ...]:
    """The lawful buttons of a page, in the order of the enum."""
    return tuple(a for a in Act if (stage, a) in MOVES and may_act(person, a, lead_unit_id=lead_unit_id))
