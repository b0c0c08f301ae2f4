"""What the working-day ruler looks at: days, the moment of the reading, and groups of days drawn as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sla import SHANGHAI, DayKind, DayNote, Due, Limit, Pause, Reading, WorkCalendar, local_date

WEEKDAYS = "一二三四五六日"
Group = tuple[DayNote, ...]
"""Days that are drawn as one piece: a single day, or a folded run."""


@dataclass(frozen=True)
class Scene:
    """What is looked at. `mark` is the moment of the reading: now, or the answer that stopped the clock.

    `original` is the due moment before any pause or extension, `extra` the extension in working days.
    """

    notes: tuple[DayNote, ...]
    due: Due
    limit: Limit
    cal: WorkCalendar
    mark: datetime
    answered: bool
    reading: Reading
    pauses: Sequence[Pause]
    extra: int
    original: Due | None

    @property
    def first_due(self) -> Due | None:
        """The original due moment where it was on another day than the present one."""
        return self.original if self.original and self.original.on != self.due.on else None

    @property
    def total(self) -> int:
        """The working days of the term with its extension."""
        return (self.limit.workdays or 0) + self.extra

    @property
    def standing_still(self) -> str:
        """The ground on which the clock stands still on the marked day, worked or not; "" while it runs."""
        return next((pause.ground for pause in self.pauses if pause.holds(self.mark_on)), "")

    @property
    def mark_on(self) -> date:
        return local_date(self.mark)

    @property
    def mark_word(self) -> str:
        return "答复" if self.answered else "今天"


def is_off(note: DayNote) -> bool:
    return note.number is None and not note.over and not note.paused


def folded(notes: Iterable[DayNote]) -> list[Group]:
    """Every run of days off becomes one group, and so does every run of paused days."""
    groups: list[Group] = []
    for kind, run in groupby(notes, key=lambda note: note.paused or is_off(note)):
        days = tuple(run)
        groups += [days] if kind else [(note,) for note in days]
    return groups


def tail_folded(groups: list[Group], due: date, drawn: int) -> list[Group]:
    """The days between the due day and the last piece as one, when more than `drawn` days are overdue."""
    head = [group for group in groups if group[0].on <= due]
    tail = groups[len(head) :]
    if sum(bool(note.over) for group in tail for note in group) <= drawn:
        return groups
    return [*head, tuple(note for group in tail[:-1] for note in group), tail[-1]]


def kind_of(group: Group) -> str:
    if any(note.over for note in group):
        return "over"
    note = group[0]
    if note.paused:
        return "pause"
    if note.number is not None:
        return "count" if note.number else "zero"
    return "hol" if any(note.kind is DayKind.HOLIDAY for note in group) else "off"


def holds(group: Group, day: date) -> bool:
    return group[0].on <= day <= group[-1].on


def names_of(group: Group, cal: WorkCalendar) -> list[str]:
    """The festivals of a run of days off in their order, or 周末."""
    return list(dict.fromkeys(name for note in group if (name := cal.day(note.on).name))) or ["周末"]


def name_of(group: Group, cal: WorkCalendar) -> str:
    return "、".join(names_of(group, cal))


def day_words(on: date) -> str:
    """10月8日"""
    return f"{on.month}月{on.day}日"


def due_words(due: Due) -> str:
    """10月8日（周四）18:00: the hour at which the office closes on the due day."""
    shown = due.shown_at.astimezone(SHANGHAI)
    return f"{day_words(shown.date())}（周{WEEKDAYS[shown.weekday()]}）{shown:%H:%M}"
