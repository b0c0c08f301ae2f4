"""Extension, pause and change of a limit: only where the law behind it says so, ruled on by another person.

Both figures stay: `origin_due_at` by the first limit alone, `due_at` by what was approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor
from escalation.clocks import NotRunning, revision
from escalation.models import Clock, LimitRequest, Move, Pause
from escalation.rules import calendar, limit_for, rules
from sla import Due, UnknownLimit, WorkCalendar, due_at, local_date, rung_moments
from sla import Pause as Interval


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


def terms(clock: Any, pauses: Sequence[Pause], cal: WorkCalendar) -> tuple[Due, Due]:
    """(approved, original) due moments of a clock or its row; a pause that has not ended is left out."""
    limit, first = limit_for(clock.rule, clock.started_at), limit_for(clock.purpose, clock.started_at)
    ended = [Interval(pause.since, pause.until, pause.ground) for pause in pauses if pause.until]
    approved = due_at(clock.started_at, limit, cal, pauses=ended, extra_workdays=clock.extra_workdays)
    return approved, due_at(clock.started_at, first, cal)


def ask(session: Session, clock: Clock, wish: Ask, *, by: Actor, at: datetime) -> LimitRequest:
    """Put a request on record. Raises NotLawful, NotRunning."""
    if clock.stopped_at is not None:
        raise NotRunning(clock.subject)
    if _open_request(session, clock) is not None:
        raise NotLawful("已有一份时限申请待审批")
    _CHECKS[wish.move](session, clock, wish)
    request = LimitRequest(
        clock_id=clock.id, move=wish.move, ground=wish.ground, rule=wish.rule, reason=wish.reason
    )
    request.workdays, request.asked_by_id, request.asked_at = wish.amount, by.id, at
    session.add(request)
    after = {"move": wish.move, "ground": wish.ground, "amount": wish.amount, "rule": wish.rule}
    facts.record(session, facts.Entry("clock:ask", clock.subject, by, at, after=after, note=wish.reason))
    return request


def _open_request(session: Session, clock: Clock) -> LimitRequest | None:
    waiting = select(LimitRequest).where(LimitRequest.clock_id == clock.id, LimitRequest.granted.is_(None))
    return session.scalar(waiting.limit(1))


def _check_extension(_session: Session, clock: Clock, wish: Ask) -> None:
    limit = limit_for(clock.rule, clock.started_at)
    if not limit.extension:
        raise NotLawful(f"“{limit.name}”没有延长的依据：可在时限内作阶段性答复，说明进展和确定的日期")
    if clock.extra_workdays:
        raise NotLawful("已经延长过一次，不能再延")
    if not 0 < wish.amount <= limit.extension:
        raise NotLawful(f"最多延长{limit.extension}日（{limit.extension_basis}）")


def _check_pause(session: Session, clock: Clock, wish: Ask) -> None:
    limit = limit_for(clock.rule, clock.started_at)
    if wish.ground not in limit.pause_grounds:
        allowed = "、".join(limit.pause_grounds)
        raise NotLawful(f"只能因{allowed}暂停计时" if allowed else f"“{limit.name}”没有暂停计时的依据")
    if open_pause(session, clock) is not None:
        raise NotLawful("已在暂停计时")


def _check_limit(_session: Session, clock: Clock, wish: Ask) -> None:
    if wish.rule == clock.rule:
        raise NotLawful("与现在的时限相同")
    try:
        limit_for(wish.rule, clock.started_at)
    except UnknownLimit as error:
        raise NotLawful(f"收到当日没有生效的时限“{wish.rule}”") from error


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
    request.granted, request.ruling, request.ruled_by_id, request.ruled_at = granted, ruling, by.id, at
    act = "clock:grant" if granted else "clock:refuse"
    facts.record(session, facts.Entry(act, clock.subject, by, at, after={"move": request.move}, note=ruling))
    if granted:
        _GRANTS[request.move](session, clock, request, by, at)


def _grant_extension(session: Session, clock: Clock, request: LimitRequest, by: Actor, at: datetime) -> None:
    clock.extra_workdays = request.workdays
    _revise(session, clock, request.move, reason=request.reason, by=by, at=at)


def _grant_limit(session: Session, clock: Clock, request: LimitRequest, by: Actor, at: datetime) -> None:
    clock.rule = request.rule
    clock.rule_rev = limit_for(request.rule, clock.started_at).rev
    _revise(session, clock, request.move, reason=request.reason, by=by, at=at)


def _grant_pause(session: Session, clock: Clock, request: LimitRequest, by: Actor, at: datetime) -> None:
    """The clock stands still from the day of the ruling; no notice is written while it does."""
    pause = Pause(clock_id=clock.id, since=local_date(at), ground=request.ground)
    pause.asked_by_id, pause.approved_by_id = request.asked_by_id, by.id
    session.add(pause)
    clock.rev += 1
    clock.next_at = None
    session.add(revision(clock, Move.PAUSE, reason=request.ground, by=by, at=at))


_GRANTS = {Move.EXTENSION: _grant_extension, Move.PAUSE: _grant_pause, Move.LIMIT: _grant_limit}


def open_pause(session: Session, clock: Clock) -> Pause | None:
    """The pause in which the clock stands now."""
    return session.scalar(select(Pause).where(Pause.clock_id == clock.id, Pause.until.is_(None)))


def resume(session: Session, clock: Clock, *, reason: str, by: Actor, at: datetime) -> None:
    """The ground has fallen away: the day of resuming is the last that is not counted. Raises NotLawful."""
    pause = open_pause(session, clock)
    if pause is None:
        raise NotLawful("没有在暂停计时")
    pause.until = local_date(at)
    _revise(session, clock, Move.RESUME, reason=reason, by=by, at=at)


def _revise(session: Session, clock: Clock, move: Move, *, reason: str, by: Actor, at: datetime) -> None:
    """Append a revision with the due moment recomputed; its ladder begins anew."""
    session.flush()
    cal, before = calendar(), clock.due_at
    pauses = session.scalars(select(Pause).where(Pause.clock_id == clock.id)).all()
    due, origin = terms(clock, pauses, cal)
    clock.due_on, clock.due_at, clock.origin_due_at = due.on, due.at, origin.at
    clock.provisional, clock.calendar_version, clock.rev = due.provisional, cal.version, clock.rev + 1
    clock.next_at = rung_moments(due, limit_for(clock.rule, clock.started_at), cal)[0][1]
    session.add(revision(clock, move, reason=reason, by=by, at=at))
    entry = facts.Entry(
        f"clock:{move}", clock.subject, by, at, before={"due_at": before}, after={"due_at": due.at}
    )
    facts.record(session, entry)


def other_limits(clock: Clock) -> list[tuple[str, str]]:
    """(key, words) of the limits that were in force when the clock started, for the choice of another."""
    day = local_date(clock.started_at)
    return [
        (x.key, f"{x.name}（{x.basis}）") for x in rules().limits if x.in_force(day) and x.key != clock.rule
    ]
