"""What stands open: lights, load and units for the desk. One grouped query over an index, then arithmetic."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, select, true
from sqlalchemy.orm import Session

from core.people import Actor, Unit
from core.permits import SEES_ALL, UNIT
from escalation.models import Clock, Notice, NoticeCopy, Outcome
from escalation.rules import calendar, limit_for, reading_of, rules, rung_of, stored_due
from escalation.terms import waiting_requests
from sla import SHANGHAI, Day, Light, Reading, Rung, end_of_day, local_date, read

FEWEST = 5  # a rate of fewer cases misleads and is not shown
COUNTED = (Outcome.ANSWERED, Outcome.REFUSED, Outcome.FULFILLED)  # what was merged or withdrawn is not judged


@dataclass(frozen=True)
class Group:
    """Running clocks of one unit that fall due at the same moment and so stand alike."""

    unit_id: int
    on: date
    reading: Reading
    count: int


@dataclass(frozen=True)
class Standing:
    """One clock as a row of the desk."""

    clock: Clock
    unit: str
    reading: Reading

    @property
    def rungs(self) -> int:
        return len(self.reading.reached)


@dataclass(frozen=True)
class Issued:
    """One notice as a row: how many were told and how many have read it."""

    notice: Notice
    clock: Clock
    unit: str
    told: int
    read: int

    @property
    def rung(self) -> Rung:
        return rung_of(self.notice, self.clock)

    @property
    def issued(self) -> str:
        local = self.notice.issued_at.astimezone(SHANGHAI)
        return f"{local.month}月{local.day}日 {local:%H:%M}"


@dataclass(frozen=True)
class UnitFigures:
    """One unit's line: what stands open by light, and how what fell due since `since` was answered."""

    unit: Unit
    lights: Counter[Light]
    due_today: int
    fallen_due: int
    on_time: int
    late: int
    unanswered: int

    @property
    def red(self) -> int:
        return self.lights[Light.RED]

    @property
    def amber(self) -> int:
        return self.lights[Light.AMBER]

    @property
    def blue(self) -> int:
        return self.lights[Light.BLUE]

    @property
    def green(self) -> int:
        return self.lights[Light.GREEN]

    @property
    def href(self) -> str:
        return f"/cases?unit={self.unit.id}"

    @property
    def rate(self) -> float | None:
        """Per cent answered in time of all that fell due, unanswered ones included; None below FEWEST."""
        return 100 * self.on_time / self.fallen_due if self.fallen_due >= FEWEST else None


def clocks_of(person: Actor) -> ColumnElement[bool]:
    """The one visibility query of clocks: front offices and the watch office all, a unit its own."""
    if not person.roles.isdisjoint(SEES_ALL):
        return true()
    return Clock.unit_id == person.unit_id if not person.roles.isdisjoint(UNIT) else false()


def of_kind(kind: str) -> ColumnElement[bool]:
    """Clocks of one kind of matter ("inquiry"), told by their rule so that the index answers; "" means all."""
    return Clock.rule.in_(rules().keys_of(kind)) if kind else true()


def runs() -> ColumnElement[bool]:
    """Neither stopped nor standing still: only such a clock shows a light, falls due and may be overdue."""
    return and_(Clock.stopped_at.is_(None), Clock.paused_since.is_(None))


def fell_due(since: datetime, until: datetime, of: Any = Clock) -> ColumnElement[bool]:
    """Due in a period: a limit that ends at 24:00 of a day belongs to that day, and `until` to the period."""
    return and_(of.due_at > since, of.due_at <= until)


def verdicts(of: Any = Clock) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """(in time, late, unanswered) of what fell due: the one definition behind every rate of the house.

    `of` is the table of clocks or a subquery with the same columns, as they stood at an earlier moment.
    """
    told, running = of.outcome.in_(COUNTED), and_(of.stopped_at.is_(None), of.paused_since.is_(None))
    return and_(told, of.stopped_at <= of.due_at), and_(told, of.stopped_at > of.due_at), running


def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group meet a condition."""
    return func.sum(case((condition, 1), else_=0))


def standing_still(session: Session, person: Actor, of: str = "") -> int:
    """How many clocks are paused; no light counts them."""
    paused = select(func.count()).where(Clock.paused_since.is_not(None), clocks_of(person), of_kind(of))
    return session.scalar(paused) or 0


def limits_asked(session: Session) -> int:
    """How many running clocks have a request about their limit that nobody has ruled on."""
    asked = select(func.count()).where(Clock.stopped_at.is_(None), Clock.id.in_(waiting_requests()))
    return session.scalar(asked) or 0


def groups(session: Session, person: Actor, at: datetime, of: str = "") -> list[Group]:
    """All running clocks the person may see, grouped; each distinct due moment is read once. `of`: see of_kind."""
    query = select(Clock.due_at, Clock.unit_id, Clock.rule, func.count()).where(runs())
    query = query.where(clocks_of(person), of_kind(of)).group_by(Clock.due_at, Clock.unit_id, Clock.rule)
    seen: dict[tuple[str, datetime], tuple[date, Reading]] = {}
    found = []
    for due_at, unit_id, rule, count in session.execute(query):
        if (rule, due_at) not in seen:
            seen[rule, due_at] = _standing(rule, due_at, at)
        on, reading = seen[rule, due_at]
        found.append(Group(unit_id, on, reading, count))
    return found


def _standing(rule: str, due_at: datetime, at: datetime) -> tuple[date, Reading]:
    limit = limit_for(rule, min(due_at, at))
    on = local_date(due_at - timedelta(microseconds=limit.hours is None))
    due = stored_due(on=on, at=due_at, provisional=False, limit=limit)
    return on, read(due, at, limit, calendar())


def by_light(found: Iterable[Group]) -> Counter[Light]:
    """How many stand at each light."""
    lights: Counter[Light] = Counter()
    for group in found:
        lights[group.reading.light] += group.count
    return lights


def by_rung(found: Iterable[Group]) -> Counter[str]:
    """How many stand at each rung, counted at the highest one reached."""
    rungs: Counter[str] = Counter()
    for group in found:
        if group.reading.reached:
            rungs[group.reading.reached[-1].key] += group.count
    return rungs


@dataclass(frozen=True)
class LoadDay:
    """One day of the load strip: a working day with its number, or a day off."""

    day: Day
    count: int


def load(found: Sequence[Group], at: datetime, workdays: int) -> list[LoadDay]:
    """Due per day from today until the given number of working days are shown."""
    counts: Counter[date] = Counter()
    for group in found:
        counts[group.on] += group.count
    cal, today = calendar(), local_date(at)
    last = cal.shift(today, workdays - 1 if cal.is_workday(today) else workdays)
    days = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    return [LoadDay(cal.day(day), counts[day]) for day in days]


def due_on(
    session: Session, person: Actor, day: date, at: datetime, limit: int, of: str = ""
) -> list[Standing]:
    """What falls due on this day, unanswered first; a clock that stands still has no due day."""
    query = _rows(person).where(
        Clock.paused_since.is_(None),
        Clock.due_at > end_of_day(day - timedelta(days=1)),
        Clock.due_at <= end_of_day(day),
        of_kind(of),
    )
    order = (Clock.stopped_at.is_not(None), Clock.due_at, Clock.id)
    return _standings(session, query.order_by(*order).limit(limit), at)


def overdue(session: Session, person: Actor, at: datetime, limit: int, of: str = "") -> list[Standing]:
    """Past due and unanswered, the oldest first."""
    query = _rows(person).where(runs(), Clock.due_at < at, of_kind(of))
    return _standings(session, query.order_by(Clock.due_at, Clock.id).limit(limit), at)


def _rows(person: Actor):  # type: ignore[no-untyped-def]  # a Select of two entities has no short type
    return select(Clock, Unit.short_name).join(Unit, Unit.id == Clock.unit_id).where(clocks_of(person))


def _standings(session: Session, query, at: datetime) -> list[Standing]:  # type: ignore[no-untyped-def]
    return [Standing(clock, unit, reading_of(clock, at)) for clock, unit in session.execute(query)]


def recent_notices(session: Session, person: Actor, limit: int) -> list[Issued]:
    """The latest notices that were really sent, with how many have been read."""
    told = func.count(NoticeCopy.id)
    query = select(Notice, Clock, Unit.short_name, told, func.count(NoticeCopy.read_at))
    query = query.join(Clock, Clock.id == Notice.clock_id).join(Unit, Unit.id == Notice.unit_id)
    query = query.outerjoin(NoticeCopy, NoticeCopy.notice_id == Notice.id)
    latest = (
        select(Notice.id)
        .join(Clock, Clock.id == Notice.clock_id)
        .where(clocks_of(person), ~Notice.superseded)
    )
    query = query.where(Notice.id.in_(latest.order_by(Notice.id.desc()).limit(limit)))
    query = query.group_by(Notice.id, Clock.id, Unit.id).order_by(Notice.id.desc())
    return [Issued(*row) for row in session.execute(query)]


def quarter_start(at: datetime) -> datetime:
    """The first moment of the present quarter in Asia/Shanghai, as UTC."""
    today = local_date(at)
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return datetime.combine(first, time(), SHANGHAI).astimezone(UTC)


def unit_figures(
    session: Session, person: Actor, found: Sequence[Group], at: datetime, of: str = ""
) -> list[UnitFigures]:
    """Units with anything open or fallen due this quarter, the worst rate first; `found` are groups of the kind."""
    answered = _answered(session, person, quarter_start(at), at, of)
    wanted = {group.unit_id for group in found} | answered.keys()
    units = session.scalars(select(Unit).where(Unit.id.in_(wanted)))
    figures = [_figures(unit, [g for g in found if g.unit_id == unit.id], answered, at) for unit in units]
    return sorted(figures, key=lambda f: (f.rate is None, f.rate or 0, -f.lights[Light.RED], f.unit.id))


def _figures(
    unit: Unit, mine: Sequence[Group], answered: dict[int, tuple[int, int, int]], at: datetime
) -> UnitFigures:
    on_time, late, unanswered = answered.get(unit.id, (0, 0, 0))
    today = sum(group.count for group in mine if group.on == local_date(at) and not group.reading.overdue)
    return UnitFigures(unit, by_light(mine), today, on_time + late + unanswered, on_time, late, unanswered)


def _answered(
    session: Session, person: Actor, since: datetime, at: datetime, of: str
) -> dict[int, tuple[int, int, int]]:
    query = select(Clock.unit_id, *(counted(verdict) for verdict in verdicts())).where(fell_due(since, at))
    rows = session.execute(query.where(clocks_of(person), of_kind(of)).group_by(Clock.unit_id))
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows}
