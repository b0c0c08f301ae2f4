"""The working-day ruler (工作日尺): every cell and column is decided here, so that a template only prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from escalation.ruler_cells import RulerDay, cell, face, marks, role
from escalation.ruler_lanes import Brace, Flag, braces, flags
from escalation.ruler_scene import (
    Group,
    Scene,
    day_words,
    due_words,
    folded,
    holds,
    kind_of,
    names_of,
    tail_folded,
)
from escalation.ruler_words import (
    LightWords,
    Words,
    count_aloud,
    light_words,
    plain_words,
    provisional_words,
    reading_words,
    two_counts_words,
)
from sla import DayKind, DayNote, Due, Limit, Pause, Reading, WorkCalendar, explain, local_date, read

__all__ = [
    "LightWords",
    "Ruler",
    "RulerDay",
    "Segment",
    "SimpleRuler",
    "Words",
    "build_ruler",
    "day_words",
    "due_words",
    "light_words",
]

FOLD_FROM = 31
"""A strip of more days than this folds its runs of days off."""
OVERDUE_DRAWN = 5
"""The simple form draws this many overdue days one by one; more become one piece."""


@dataclass(frozen=True)
class Segment:
    """One piece of the simple form: a day, a `run` of days off, or a `stop`, days of a pause."""

    kind: str
    face: str
    label: str
    tag: str
    word: str
    marks: str
    current: bool


@dataclass(frozen=True)
class SimpleRuler:
    """The folded form for phones, cards and paper; `label` is the whole count in one sentence."""

    segments: tuple[Segment, ...]
    label: str


@dataclass(frozen=True)
class Ruler:
    """`days` is every day (the table), `cells` is what is drawn; `plain` is the citizen's explanation.

    `two_counts` says how the original limit stands beside the present one, "" where they are the same.
    """

    days: tuple[RulerDay, ...]
    cells: tuple[RulerDay, ...]
    flags: tuple[Flag, ...]
    braces: tuple[Brace, ...]
    reading: tuple[Words, ...]
    light: LightWords
    due_date: str
    due_words: str
    provisional: str
    two_counts: str
    sources: tuple[str, ...]
    calendar: str
    simple: SimpleRuler
    plain: str

    @property
    def paused(self) -> bool:
        return any(day.kind == "pause" for day in self.days)


def build_ruler(
    received: datetime,
    due: Due,
    limit: Limit,
    cal: WorkCalendar,
    *,
    at: datetime,
    stopped_at: datetime | None = None,
    pauses: Sequence[Pause] = (),
    extra_workdays: int = 0,
    original: Due | None = None,
) -> Ruler:
    """The ruler of a limit in working days at `at`; a stopped clock is shown as it stood when it stopped.

    `pauses` and `extra_workdays` are those that led to `due`, `original` is the due moment before them.
    Raises ValueError for any other limit: one in hours has an hour clock instead.
    """
    if limit.workdays is None:
        raise ValueError(f"a day ruler needs a limit in working days: {limit.key}")
    mark = stopped_at or at
    until = max(due.on, local_date(mark))
    notes = explain(received, limit, cal, until=until, pauses=pauses, extra_workdays=extra_workdays)
    reading = _counted_left(read(due, mark, limit, cal), notes, local_date(mark))
    answered = stopped_at is not None
    return _drawn(Scene(notes, due, limit, cal, mark, answered, reading, pauses, extra_workdays, original))


def _counted_left(reading: Reading, notes: Sequence[DayNote], today: date) -> Reading:
    """Days of a pause still to come are not among the days left."""
    still = sum(bool(note.paused) and note.on > today for note in notes)
    return reading if reading.overdue else replace(reading, workdays_left=reading.workdays_left - still)


def _drawn(scene: Scene) -> Ruler:
    groups = _strip(scene)
    cells = tuple(cell(group, scene) for group in groups)
    return Ruler(
        days=tuple(cell((note,), scene) for note in scene.notes),
        cells=cells,
        flags=flags(groups, scene),
        braces=braces(groups, scene),
        reading=reading_words(scene),
        light=_light(scene),
        due_date=day_words(scene.due.on),
        due_words=due_words(scene.due),
        provisional=provisional_words(scene),
        two_counts=two_counts_words(scene),
        sources=_sources(scene),
        calendar=scene.cal.version,
        simple=_simple(scene),
        plain=plain_words(scene),
    )


def _light(scene: Scene) -> LightWords:
    """A clock that stands still today says so, unless it is overdue or answered."""
    if scene.standing_still and not (scene.answered or scene.reading.overdue):
        return LightWords("pause", "暂停", scene.standing_still)
    return light_words(scene.reading, scene.due, scene.mark, answered=scene.answered)


def _strip(scene: Scene) -> list[Group]:
    if len(scene.notes) <= FOLD_FROM:
        return [(note,) for note in scene.notes]
    groups = folded(scene.notes)
    return groups if len(groups) <= FOLD_FROM else tail_folded(groups, scene.due.on, OVERDUE_DRAWN)


def _sources(scene: Scene) -> tuple[str, ...]:
    found = (scene.cal.day(note.on).source for note in scene.notes)
    return tuple(dict.fromkeys(source for source in found if source))


def _simple(scene: Scene) -> SimpleRuler:
    groups = tail_folded(folded(scene.notes), scene.due.on, OVERDUE_DRAWN)
    return SimpleRuler(tuple(_segments(groups, scene)), count_aloud(groups, scene))


def _segments(groups: Sequence[Group], scene: Scene) -> Iterator[Segment]:
    month = 0
    for group in groups:
        on = group[-1].on
        if kind_of(group) in ("off", "hol", "pause"):
            yield _run_segment(group, scene)
        else:
            yield _day_segment(group, scene, f"{on.month}.{on.day}" if on.month != month else str(on.day))
            month = on.month


def _run_segment(group: Group, scene: Scene) -> Segment:
    paused = kind_of(group) == "pause"
    names = ["暂停"] if paused else names_of(group, scene.cal)
    label = "".join(name.removesuffix("节") if len(name) > 2 else name for name in names)
    words = role(group, scene).replace("，", "")
    current = holds(group, scene.mark_on) and not scene.answered
    kind = "stop" if paused else "run"
    return Segment(kind, f"{len(group)}天", label, "", words, marks(group, scene), current)


def _day_segment(group: Group, scene: Scene, label: str) -> Segment:
    marked = holds(group, scene.mark_on)
    words = "收到" if group[0].number == 0 else role(group, scene).replace("，", "")
    tag = "班" if group[0].kind is DayKind.MAKEUP and len(group) == 1 else ""
    current = marked and not scene.answered
    return Segment(kind_of(group), face(group), label, tag, words, marks(group, scene), current)
