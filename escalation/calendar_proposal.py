"""A proposed calendar: what it changes day by day, what it does to running clocks, before anything is written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Unit
from escalation.calendar_changes import local_days
from escalation.calendar_forms import ChangeForm
from escalation.calendar_models import CalendarEntry, EntryKind
from escalation.calendar_page import day_kind
from escalation.calendars import Change, in_force, proposed
from escalation.recompute import Moved, Preview, preview
from escalation.today import WEEKDAYS
from sla import WorkCalendar, local_date
from sla.announcements import Announcement, Item

SAMPLE = 10


@dataclass(frozen=True)
class DayLine:
    """A day that begins or ceases to count."""

    on: str
    old: str
    new: str


@dataclass(frozen=True)
class ItemLine:
    """One festival as it was read; `checks` are the statements of the text that agree with its days."""

    name: str
    off: str
    work: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class MoveLine:
    """Cases that leave one due day for another."""

    old: str
    new: str
    count: int
    shift: str


@dataclass(frozen=True)
class CaseLine:
    link: str
    number: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Effect:
    """What running clocks would do; `units` are (short name, moved) pairs."""

    running: int
    moved: int
    earlier: int
    later: int
    settled: int
    told: int
    lines: tuple[MoveLine, ...]
    units: tuple[tuple[str, int], ...]
    cases: tuple[CaseLine, ...]


@dataclass(frozen=True)
class Proposal:
    """`empty`: an announcement that changes nothing, so there is nothing to put in force."""

    form: ChangeForm
    change: Change
    cal: WorkCalendar
    local: Mapping[date, str]
    base: str
    year: int
    head: str
    days: tuple[DayLine, ...]
    items: tuple[ItemLine, ...]
    warnings: tuple[str, ...]
    effect: Effect
    empty: bool


def propose(session: Session, form: ChangeForm, *, at: datetime) -> Proposal:
    """Read a valid form and count what it would do; nothing is written. Raises Untrusted or NotThere."""
    change, old = form.change(session), in_force()
    new, local = proposed(session, change, at=at), local_days(session, change=change)
    years = sorted(_years(session, change))
    days = tuple(_day_lines(old, new, years, local_days(session), local))
    read = form.announcement
    return Proposal(
        form=form,
        change=change,
        cal=new,
        local=local,
        base=old.version,
        year=read.year if read else years[0] if years else local_date(at).year,
        head=_head(change, read),
        days=days,
        items=tuple(_item(item) for item in read.items) if read else (),
        warnings=_warnings(read),
        effect=_effect(session, preview(session, new, sample=SAMPLE)),
        empty=change.kind is EntryKind.ANNOUNCEMENT
        and not days
        and old.announced_years == new.announced_years,
    )


def _stands_already(change: Change, cal: WorkCalendar) -> bool:
    same = all((day.kind, day.name) == (cal.day(day.on).kind, cal.day(day.on).name) for day in change.days)
    return same and cal.announced_years.issuperset(change.years)


def _head(change: Change, read: Announcement | None) -> str:
    if read is None:
        return change.title
    kinds = {"yearly": "全年安排", "amendment": "调整", "extension": "延长"}
    return f"{read.source}，{read.year}年{kinds[read.kind.value]}"


def _warnings(read: Announcement | None) -> tuple[str, ...]:
    if read is None:
        return ()
    missing = [word for word, value in (("标题", read.title), ("发文字号", read.number)) if not value]
    return (*read.warnings, *([f"文字里没有{'和'.join(missing)}，版本记录里也不会有"] if missing else []))


def _years(session: Session, change: Change) -> set[int]:
    """The years that the change touches."""
    years = {day.on.year for day in change.days} | set(change.years)
    if change.withdraws_id is not None:
        entry = session.get_one(CalendarEntry, change.withdraws_id)
        years |= {day.on.year for day in entry.days}
    return years


def _day_lines(
    old: WorkCalendar,
    new: WorkCalendar,
    years: list[int],
    local_old: Mapping[date, str],
    local_new: Mapping[date, str],
) -> Iterator[DayLine]:
    for year in years:
        on = max(date(year, 1, 1), old.first_day)
        while on.year == year:
            was, will = old.day(on), new.day(on)
            if was.counts is not will.counts:
                yield DayLine(_day(on, year), day_kind(was, local_old), day_kind(will, local_new))
            on += timedelta(days=1)


def _day(on: date, year: int | None = None) -> str:
    text = f"{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"
    return f"{on.year}年{text}" if year is None else text


def _item(item: Item) -> ItemLine:
    checks = [f"“共{n}天”与起止相符" for n in re.findall(r"共(\d+)天", item.text)]
    if re.search("[周星期][期]?[一二三四五六日天]", item.text):
        checks.append("括注的星期与日期相符")
    return ItemLine(item.name, _runs(item.off), _runs(item.work), tuple(checks))


def _runs(days: tuple[date, ...]) -> str:
    """1月1日至3日、2月14日: runs of days as people write them."""
    runs: list[list[date]] = []
    for on in sorted(days):
        if runs and on - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(on)
        else:
            runs.append([on])
    return "、".join(_run(run[0], run[-1]) for run in runs)


def _run(first: date, last: date) -> str:
    start = f"{first.month}月{first.day}日"
    if first == last:
        return start
    return f"{start}至{last.day}日" if first.month == last.month else f"{start}至{last.month}月{last.day}日"


def _effect(session: Session, made: Preview) -> Effect:
    names = dict(session.execute(select(Unit.id, Unit.short_name)).all())
    moves = sorted(made.moves.items())
    return Effect(
        running=made.running,
        moved=made.moved,
        earlier=made.earlier,
        later=made.later,
        settled=made.settled,
        told=made.told,
        lines=tuple(_move(old, new, count) for (old, new), count in moves),
        units=tuple((names[unit], count) for unit, count in made.units.most_common()),
        cases=tuple(_case(moved) for moved in made.sample),
    )


def _move(old: date, new: date, count: int) -> MoveLine:
    days = (new - old).days
    shift = "同日" if days == 0 else f"推后{days}天" if days > 0 else f"提前{-days}天"
    return MoveLine(_due(old, old, new), _due(new, old, new), count, shift)


def _due(on: date, *pair: date) -> str:
    years = {day.year for day in pair}
    return ("" if len(years) == 1 else f"{on.year}年") + f"{on.month}月{on.day}日"


def _case(moved: Moved) -> CaseLine:
    row, new = moved.row, moved.due.on
    number = str(row.link).rsplit("/", 1)[-1]
    return CaseLine(
        row.link, number, row.label, _due(row.due_on, row.due_on, new), _due(new, row.due_on, new)
    )
