"""Load to come: how many cases fall due on each of the next working days, by unit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor, Unit
from escalation import board
from escalation.board import Group
from escalation.today import WEEKDAYS
from sla import DayKind

WORKDAYS = 20


@dataclass(frozen=True)
class Column:
    """A day; days off appear only where a limit in hours ends on them."""

    label: str
    weekday: str
    tag: str
    href: str
    total: int


@dataclass(frozen=True)
class Line:
    unit: str
    href: str
    overdue: int
    days: tuple[int, ...]
    later: int
    total: int


@dataclass(frozen=True)
class Forecast:
    """`sums` is the line of all units; overdue + the days + later is the total of every line."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    sums: Line
    sentence: str


def build(session: Session, person: Actor, at: datetime, of: str) -> Forecast:
    """For what this person may see of one kind of matter."""
    found = board.groups(session, person, at, of)
    open_groups = [group for group in found if not group.reading.overdue]
    shown = [day for day in board.load(open_groups, at, WORKDAYS) if day.day.counts or day.count]
    days = [item.day.on for item in shown]
    columns = tuple(_column(item) for item in shown)
    units = session.execute(select(Unit.id, Unit.short_name).order_by(Unit.id))
    lines = [
        _line(name, f"/cases?unit={unit}", [g for g in found if g.unit_id == unit], days)
        for unit, name in units
    ]
    kept = sorted((line for line in lines if line.total), key=lambda line: -line.total)
    sums = _line("合计", "/cases", found, days)
    return Forecast(columns, tuple(kept), sums, _sentence(sums, columns))


def _column(item: board.LoadDay) -> Column:
    on = item.day.on
    tag = "班" if item.day.kind is DayKind.MAKEUP else "" if item.day.counts else "休"
    href = f"/cases?due_on={on.isoformat()}"
    return Column(f"{on.month}/{on.day}", WEEKDAYS[on.weekday()], tag, href, item.count)


def _line(unit: str, href: str, groups: Sequence[Group], days: Sequence[date]) -> Line:
    overdue = sum(group.count for group in groups if group.reading.overdue)
    counts: Counter[date] = Counter()
    for group in groups:
        if not group.reading.overdue:
            counts[group.on] += group.count
    ahead = tuple(counts[day] for day in days)
    total = overdue + sum(counts.values())
    return Line(unit, href, overdue, ahead, total - overdue - sum(ahead), total)


def _sentence(sums: Line, columns: Sequence[Column]) -> str:
    if not sums.total:
        return "没有在办件。"
    top = max(columns, key=lambda column: column.total)
    words = f"在办{sums.total}件，其中已逾期{sums.overdue}件；未来{WORKDAYS}个工作日到期{sum(sums.days)}件"
    return (
        f"{words}，最多的一天是{top.label}（周{top.weekday}），{top.total}件。" if top.total else f"{words}。"
    )
