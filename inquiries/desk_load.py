"""The load strip of the desk: how much falls due on each of the coming working days."""

from dataclasses import dataclass
from datetime import date, datetime

from escalation.board import LoadDay
from escalation.today import WEEKDAYS
from sla import local_date


@dataclass(frozen=True)
class Bar:
    """One piece of the load strip: a working day, a day off, or a folded holiday of several days."""

    kind: str
    count: int
    label: str
    word: str
    grow: str
    makeup: bool
    today: bool
    href: str


@dataclass(frozen=True)
class Load:
    bars: tuple[Bar, ...]
    top: int
    sentence: str


def strip(days: list[LoadDay], at: datetime) -> Load:
    """The bars of the coming working days and the sentence that says the same."""
    bars = tuple(_bars(days, local_date(at)))
    top = max([bar.count for bar in bars] + [4])
    words = [f"{bar.label}{bar.count}件" for bar in bars if bar.kind == "day"]
    return Load(
        bars, top, f"未来{sum(bar.kind == 'day' for bar in bars)}个工作日到期件数：" + "，".join(words)
    )


def _bars(days: list[LoadDay], today: date) -> list[Bar]:
    bars: list[Bar] = []
    run: list[LoadDay] = []
    for item in days:
        if item.day.counts:
            bars += _off_bars(run)
            run = []
            bars.append(_day_bar(item, today, first=not bars))
        else:
            run.append(item)
    return bars


def _off_bars(run: list[LoadDay]) -> list[Bar]:
    """Three or more days off together are one piece with the holiday's name."""
    if len(run) < 3:
        return [
            Bar("off", 0, str(item.day.on.day), _weekday(item.day.on), "1", False, False, "") for item in run
        ]
    name = next((item.day.name for item in run if item.day.name), "休息")
    first, last = run[0].day.on, run[-1].day.on
    label = f"{first.month}月{first.day}—{last.day}日"
    return [Bar("run", 0, label, f"{name}放假{len(run)}天", f"{len(run) * 0.27:.1f}", False, False, "")]


def _day_bar(item: LoadDay, today: date, *, first: bool) -> Bar:
    on = item.day.on
    label = f"{on.month}月{on.day}" if first or on.day == 1 else str(on.day)
    word = "今天" if on == today else _weekday(on)
    href = f"/cases?due_on={on.isoformat()}"
    return Bar("day", item.count, label, word, "1", item.day.kind == "makeup", on == today, href)


def _weekday(on: date) -> str:
    return WEEKDAYS[on.weekday()]
