"""Whether an arrangement adds up: with itself, with the calendar and with the law."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from sla.announcement_facts import Item, Kind, in_chinese
from sla.announcement_law import FESTIVALS, days_granted, festival_day

_FAR = 14
"""Days between a make-up day and its holiday that call for a second look; up to 2026 at most 11."""


def faults(items: Sequence[Item], year: int, kind: Kind) -> Iterator[str]:
    """What makes the text untrustworthy, in Chinese."""
    off, work = days_off(items), days_worked(items)
    for on in sorted(off & work):
        yield f"{in_chinese(on)}既说放假又说上班"
    if not off and not any(item.until for item in items) and not any(item.cancelled_work for item in items):
        yield "没有读到任何放假日期"
    for item in items:
        if not item.name:
            yield "看不出是哪个节日的放假安排"
        if re.search("(?<!不)调休", item.text) and not item.work and (_owed([item], year) or 0) > 0:
            yield f"{item.name}：说放假调休，却没有说哪一天上班"
    if kind is Kind.YEARLY:
        yield from _faults_of_festivals(items, year)
        if any(item.cancelled_work for item in items):
            yield "全年的安排里不应取消上班日"


def warnings(items: Sequence[Item], year: int, kind: Kind, number_year: int | None) -> Iterator[str]:
    """What is odd and should be compared with the original, in Chinese."""
    yield from _imbalance(items, year)
    for item in items:
        yield from _oddities(item, year)
        if kind is Kind.YEARLY and not set(item.name.split("、")) <= set(FESTIVALS):
            yield f"“{item.name}”不在法定节日之列"
    twice = Counter(on for item in items for on in item.off)
    for on in sorted(on for on, times in twice.items() if times > 1):
        yield f"{in_chinese(on)}在两个节日里都说放假"
    if number_year is not None and number_year not in (year - 1, year):
        yield f"文号的年份{number_year}与{year}年的安排不相称"


def _oddities(item: Item, year: int) -> Iterator[str]:
    for on in item.work:
        if item.off and min(abs((on - day).days) for day in item.off) > _FAR:
            yield f"{item.name}：上班日{in_chinese(on)}离假期较远"
    if any(_worked_between(one, other) for one, other in pairwise(item.off)):
        yield f"{item.name}：放假日期不相连"
    if "调休" in item.text and not item.work and _owed([item], year) is None:
        yield f"{item.name}：说调休，却没有说哪一天上班"


def _worked_between(one: date, other: date) -> bool:
    """Whether a weekday lies between two days off."""
    return any(date.fromordinal(n).weekday() < 5 for n in range(one.toordinal() + 1, other.toordinal()))


def days_off(items: Iterable[Item]) -> set[date]:
    return {on for item in items for on in item.off}


def days_worked(items: Iterable[Item]) -> set[date]:
    return {on for item in items for on in item.work}


def _faults_of_festivals(items: Sequence[Item], year: int) -> Iterator[str]:
    """A yearly announcement names every festival of its time, and each holiday holds the festival itself."""
    names = {name: item for item in items for name in item.name.split("、")}
    missing = [name for name in FESTIVALS if name in days_granted(year) and name not in names]
    if missing:
        yield f"缺少{'、'.join(missing)}的安排，文字可能不全"
    for name, item in names.items():
        if name in FESTIVALS and item.off and (day := festival_day(name, year)) not in item.off:
            yield f"{item.name}：放假日期里没有{name}当天（{in_chinese(day)}）"
        if not item.off:
            yield f"{item.name}：没有读到放假日期"


def _owed(items: Sequence[Item], year: int) -> int | None:
    """The weekdays off beyond the statutory days; None unless every item arranges a statutory festival."""
    granted, off = days_granted(year), days_off(items)
    names = {name for item in items for name in item.name.split("、")}
    if not names <= set(granted) or not off.issuperset(festival_day(name, year) for name in names):
        return None
    return sum(on.weekday() < 5 for on in off) - sum(granted[name] for name in names)


def _imbalance(items: Sequence[Item], year: int) -> Iterator[str]:
    """Make-up days give back the weekdays off beyond the statutory days, one for one, over the whole text."""
    owed, worked = _owed(items, year), len(days_worked(items))
    if owed is not None and owed != worked:
        yield f"调休不平衡：按法定假日应有{owed}天调休上班，读到{worked}天，请对照原文"


def same_arrangement(one: Item, other: Item) -> bool:
    return (one.name, one.off, one.work, one.until) == (other.name, other.off, other.work, other.until)


def merged(items: Sequence[Item]) -> tuple[list[Item], list[str]]:
    """The items with repeated ones dropped, and a fault for each festival that is arranged in two ways."""
    kept: list[Item] = []
    found: list[str] = []
    for item in items:
        earlier = [one for one in kept if set(one.name.split("、")) & set(item.name.split("、"))]
        if any(same_arrangement(one, item) for one in earlier):
            continue
        if earlier:
            found.append(f"“{item.name}”写了两种不同的安排")
        kept.append(item)
    return kept, found
