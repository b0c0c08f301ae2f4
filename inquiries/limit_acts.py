"""Acts on the limit of a case: who may ask, who may rule, and the one verb of `escalation.terms` behind each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.labels import Labelled
from core.people import Actor
from escalation import terms
from escalation.models import Clock, Move
from escalation.terms import Ask, NotLawful
from inquiries.models import Inquiry
from inquiries.stages import OFFICE, Act, may_act


class LimitAct(Labelled):
    ASK_EXTENSION = "ask-extension", "申请延长"
    ASK_PAUSE = "ask-pause", "申请暂停"
    ASK_LIMIT = "ask-limit", "申请变更时限"
    RULE = "rule", "审批"
    RESUME = "resume", "恢复计时"


ASKS = {
    Move.EXTENSION: LimitAct.ASK_EXTENSION,
    Move.PAUSE: LimitAct.ASK_PAUSE,
    Move.LIMIT: LimitAct.ASK_LIMIT,
}
FACTS: dict[LimitAct, frozenset[str]] = {
    **dict.fromkeys(ASKS.values(), frozenset({"clock:ask"})),
    LimitAct.RULE: frozenset({"clock:grant", "clock:refuse"}),
    LimitAct.RESUME: frozenset({"clock:resume"}),
}
YES = "yes"


def may_do(person: Actor, act: LimitAct, inquiry: Inquiry) -> bool:
    """Whoever may answer the case may ask and resume; only the office rules."""
    if act is LimitAct.RULE:
        return person.has(*OFFICE)
    return may_act(person, Act.REPLY, lead_unit_id=inquiry.lead_unit_id)


def acts_on(session: Session, inquiry: Inquiry, person: Actor, *, at: datetime) -> tuple[LimitAct, ...]:
    """What this person may do about the limit now, in the order of the enum."""
    clock = inquiry.clock
    if clock is None or clock.stopped_at is not None:
        return ()
    possible = {ASKS[move] for move in terms.open_moves(session, clock, at=at)}
    waiting = terms.open_request(session, clock)
    possible |= {LimitAct.RULE} if waiting and waiting.asked_by_id != person.id else set()
    possible |= {LimitAct.RESUME} if clock.paused_since else set()
    return tuple(act for act in LimitAct if act in possible and may_do(person, act, inquiry))


def _extend(session: Session, clock: Clock, form: Any, by: Actor, at: datetime) -> None:
    wish = Ask(Move.EXTENSION, form.reason.data, amount=form.amount.data)
    terms.ask(session, clock, wish, by=by, at=at)


def _pause(session: Session, clock: Clock, form: Any, by: Actor, at: datetime) -> None:
    terms.ask(session, clock, Ask(Move.PAUSE, form.reason.data, ground=form.ground.data), by=by, at=at)


def _change(session: Session, clock: Clock, form: Any, by: Actor, at: datetime) -> None:
    terms.ask(session, clock, Ask(Move.LIMIT, form.reason.data, rule=form.rule.data), by=by, at=at)


def _rule(session: Session, clock: Clock, form: Any, by: Actor, at: datetime) -> None:
    waiting = terms.open_request(session, clock)
    if waiting is None:
        raise NotLawful("没有待审批的时限申请")
    granted = form.granted.data == YES
    terms.rule_on(session, waiting, granted=granted, ruling=form.ruling.data, by=by, at=at)


def _resume(session: Session, clock: Clock, form: Any, by: Actor, at: datetime) -> None:
    terms.resume(session, clock, reason=form.reason.data, by=by, at=at)


VERBS: dict[LimitAct, Callable[[Session, Clock, Any, Actor, datetime], None]] = {
    LimitAct.ASK_EXTENSION: _extend,
    LimitAct.ASK_PAUSE: _pause,
    LimitAct.ASK_LIMIT: _change,
    LimitAct.RULE: _rule,
    LimitAct.RESUME: _resume,
}
