"""Extension, pause and change of a limit: only where the law behind it says so, ruled on by another person.

Both figures stay: `origin_due_at` by the first limit alone, `due_at` by what was approved.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor
from escalation.clocks import NotRunning
from escalation.deadlines import begin_pause, end_pause, revise
from escalation.models import Clock, LimitRequest, Move
from escalation.rules import limit_for, rules
from sla import local_date


class NotLawful(ValueError):
    """The limit does not admit this; says in Chinese why."""


@dataclass(frozen=True)
class Ask:
    """EXTENSION: `amount` in the unit of the term; PAUSE: `ground`; LIMIT: the key of another `rule`."""

    move: Move
    reason: str
    ground: str = ""
    amount: int = 0
    rule: str = ""


def ask(session: Session, clock: Clock, wish: Ask, *, by: Actor, at: datetime) -> LimitRequest:
    """Put a request on record. Raises NotLawful, NotRunning."""
    if clock.stopped_at is not None:
        raise NotRunning(clock.subject)
    if open_request(session, clock) is not None:
        raise NotLawful("已有一份时限申请待审批")
    _check_in_time(clock, wish.move, at)
    _CHECKS[wish.move](clock, wish)
    rule = wish.rule or clock.rule
    request = LimitRequest(
        clock_id=clock.id, move=wish.move, ground=wish.ground, rule=rule, reason=wish.reason
    )
    request.workdays, request.asked_by_id, request.asked_at = wish.amount, by.id, at
    session.add(request)
    after = {"move": wish.move, "ground": wish.ground, "amount": wish.amount, "rule": rule}
    facts.record(session, facts.Entry("clock:ask", clock.subject, by, at, after=after, note=wish.reason))
    return request


def open_moves(session: Session, clock: Clock, *, at: datetime) -> set[Move]:
    """What may be asked for now; one request waits at a time."""
    if clock.stopped_at is not None or open_request(session, clock) is not None:
        return set()
    limit, still = limit_for(clock.rule, clock.started_at), clock.paused_since is not None
    in_time = still or at <= clock.due_at
    found = {Move.EXTENSION} if in_time and limit.extension and not clock.extra_workdays else set()
    found |= {Move.PAUSE} if in_time and limit.pause_grounds and not still else set()
    return found | ({Move.LIMIT} if other_limits(clock) and not still else set())


def waiting_requests() -> Select[int]:
    """The ids of the clocks whose request waits for its ruling."""
    return select(LimitRequest.clock_id).where(LimitRequest.granted.is_(None))


def open_request(session: Session, clock: Clock) -> LimitRequest | None:
    """The request that waits for its ruling; there is never more than one."""
    waiting = select(LimitRequest).where(LimitRequest.clock_id == clock.id, LimitRequest.granted.is_(None))
    return session.scalar(waiting.limit(1))


def _check_extension(clock: Clock, wish: Ask) -> None:
    limit = limit_for(clock.rule, clock.started_at)
    if not limit.extension:
        raise NotLawful(f"“{limit.name}”没有延长的依据：可在时限内作阶段性答复，说明进展和确定的日期")
    if clock.extra_workdays:
        raise NotLawful("已经延长过一次，不能再延")
    if not 0 < wish.amount <= limit.extension:
        raise NotLawful(f"最多延长{limit.extension}日（{limit.extension_basis}）")


def _check_pause(clock: Clock, wish: Ask) -> None:
    limit = limit_for(clock.rule, clock.started_at)
    if wish.ground not in limit.pause_grounds:
        allowed = "、".join(limit.pause_grounds)
        raise NotLawful(f"只能因{allowed}暂停计时" if allowed else f"“{limit.name}”没有暂停计时的依据")
    if clock.paused_since:
        raise NotLawful("已在暂停计时")


def _check_limit(clock: Clock, wish: Ask) -> None:
    if wish.rule == clock.rule:
        raise NotLawful("与现在的时限相同")
    if wish.rule not in dict(other_limits(clock)):
        raise NotLawful("这个时限收到当日没有生效，或者不适用于此件")
    if clock.paused_since:
        raise NotLawful("正在暂停计时，请先恢复计时再变更时限")


_CHECKS = {Move.EXTENSION: _check_extension, Move.PAUSE: _check_pause, Move.LIMIT: _check_limit}


def rule_on(
    session: Session, request: LimitRequest, *, granted: bool, ruling: str, by: Actor, at: datetime
) -> None:
    """Grant or refuse; never by the person who asked. What is granted is a new revision of the deadline."""
    clock = session.get_one(Clock, request.clock_id)
    if by.id == request.asked_by_id:
        raise NotLawful("申请人不能审批自己的申请")
    if request.granted is not None:
        raise NotLawful("这份申请已经审批过")
    if clock.stopped_at is not None:
        raise NotRunning(clock.subject)
    if granted:
        _check_in_time(clock, request.move, at)
    request.granted, request.ruling, request.ruled_by_id, request.ruled_at = granted, ruling, by.id, at
    act = "clock:grant" if granted else "clock:refuse"
    facts.record(session, facts.Entry(act, clock.subject, by, at, after={"move": request.move}, note=ruling))
    if granted:
        _GRANTS[request.move](session, clock, request, by, at)


def _check_in_time(clock: Clock, move: Move, at: datetime) -> None:
    """A term that has run out can be neither extended nor paused; a limit that was wrong is still put right."""
    if move is not Move.LIMIT and at > clock.due_at and not clock.paused_since:
        raise NotLawful(f"已过时限，不能再{move.label}")


def _grant_extension(session: Session, clock: Clock, request: LimitRequest, by: Actor, at: datetime) -> None:
    clock.extra_workdays = request.workdays
    revise(session, clock, request.move, reason=request.reason, by=by, at=at)


def _grant_limit(session: Session, clock: Clock, request: LimitRequest, by: Actor, at: datetime) -> None:
    """An extension rested on the law of the former limit and falls away with it."""
    clock.rule, clock.extra_workdays = request.rule, 0
    clock.rule_rev = limit_for(request.rule, clock.started_at).rev
    revise(session, clock, request.move, reason=request.reason, by=by, at=at)


def _grant_pause(session: Session, clock: Clock, request: LimitRequest, by: Actor, at: datetime) -> None:
    """The clock stands still from the day of the ruling; no notice is written while it does."""
    begin_pause(session, clock, request.ground, asked_by_id=request.asked_by_id, by=by, at=at)


_GRANTS = {Move.EXTENSION: _grant_extension, Move.PAUSE: _grant_pause, Move.LIMIT: _grant_limit}


def resume(session: Session, clock: Clock, *, reason: str, by: Actor, at: datetime) -> None:
    """The ground has fallen away: the day of resuming is the last that is not counted. Raises NotLawful."""
    if clock.paused_since is None:
        raise NotLawful("没有在暂停计时")
    end_pause(session, clock, on=local_date(at), reason=reason, by=by, at=at)


def other_limits(clock: Clock) -> list[tuple[str, str]]:
    """(key, words) of the limits that were in force when the clock started, for the choice of another.

    Hours change only into hours: a count of days with its ruler and ladder cannot become one of hours. A date is
    moved by naming another (`clocks.move_date`).
    """
    day, present = local_date(clock.started_at), limit_for(clock.rule, clock.started_at)
    others = [x for x in rules().limits if x.in_force(day) and x.key != clock.rule and x.of == present.of]
    others = [x for x in others if not (x.dated or present.dated)]
    return [(x.key, f"{x.name}（{x.basis}）") for x in others if (x.hours is None) == (present.hours is None)]
