"""The working-day ruler (工作日尺): every cell and column is decided here, so that a template only prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from escalation.ruler_lanes import Brace, Flag, braces, flags
from escalation.ruler_scene import (
    WEEKDAYS,
    Group,
    Scene,
    day_words,
    due_words,
    folded,
    holds,
    kind_of,
    name_of,
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
)
from sla import DayKind, Due, Limit, WorkCalendar, explain, local_date, read

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
class RulerDay:
    """One cell: usually a day, a whole run where the strip is folded."""

    on: date
    until: date
    text: str
    label: str
    heads_month: bool
    weekday: str
    kind: str
    face: str
    tag: str
    marks: str
    role: str
    current: bool
    counted_as: str
    why: str
    basis: str


@dataclass(frozen=True)
class Segment:
    """One piece of the simple form."""

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
    """`days` is every day (the table), `cells` is what is drawn; `plain` is the citizen's explanation."""

    days: tuple[RulerDay, ...]
    cells: tuple[RulerDay, ...]
    flags: tuple[Flag, ...]
    braces: tuple[Brace, ...]
    reading: tuple[Words, ...]
    light: LightWords
    due_date: str
    due_words: str
    provisional: str
    sources: tuple[str, ...]
    calendar: str
    simple: SimpleRuler
    plain: str


def build_ruler(
    received: datetime,
    due: Due,
    limit: Limit,
    cal: WorkCalendar,
    *,
    at: datetime,
    stopped_at: datetime | None = None,
) -> Ruler:
    """The ruler of a limit in working days at `at`; a stopped clock is shown as it stood when it stopped.

    Raises ValueError for a limit in hours, which has an hour clock instead.
    """
    if limit.workdays is None:
        raise ValueError(f"a day ruler needs a limit in working days: {limit.key}")
    mark = stopped_at or at
    notes = explain(received, limit, cal, until=max(due.on, local_date(mark)))
    reading = read(due, mark, limit, cal)
    return _drawn(Scene(notes, due, limit, cal, mark, stopped_at is not None, reading))


def _drawn(scene: Scene) -> Ruler:
    groups = _strip(scene)
    cells = tuple(_cell(group, scene) for group in groups)
    return Ruler(
        days=tuple(_cell((note,), scene) for note in scene.notes),
        cells=cells,
        flags=flags(groups, scene),
        braces=braces(groups, scene),
        reading=reading_words(scene),
        light=light_words(scene.reading, scene.due, scene.mark, answered=scene.answered),
        due_date=day_words(scene.due.on),
        due_words=due_words(scene.due),
        provisional=provisional_words(scene),
        sources=_sources(scene),
        calendar=scene.cal.version,
        simple=_simple(scene),
        plain=plain_words(scene),
    )


def _strip(scene: Scene) -> list[Group]:
    if len(scene.notes) <= FOLD_FROM:
        return [(note,) for note in scene.notes]
    groups = folded(scene.notes)
    return groups if len(groups) <= FOLD_FROM else tail_folded(groups, scene.due.on, OVERDUE_DRAWN)


def _face(group: Group) -> str:
    overs = [note.over for note in group if note.over]
    if overs:
        return f"+{overs[0]}" if len(overs) == 1 else f"+{overs[0]}…{overs[-1]}"
    if group[0].number is not None:
        return str(group[0].number)
    return "休" if len(group) == 1 else f"休{len(group)}天"


def _counted_as(group: Group) -> str:
    kind = kind_of(group)
    if kind in ("zero", "count"):
        return f"第{group[0].number}日"
    return f"逾期第{_face(group)[1:]}日" if kind == "over" else "不计"


def _marks(group: Group, scene: Scene) -> str:
    light = "done" if scene.answered else scene.reading.light.value
    found = {
        "day-fold": len(group) > 1,
        "is-past": group[-1].on < scene.mark_on,
        "is-today": holds(group, scene.mark_on),
        f"day-due is-due is-{light}": group[0].on == scene.due.on,
        "is-prov": any(note.provisional for note in group),
        "is-read": _current(group, scene),
    }
    return " ".join(name for name, holds in found.items() if holds)


def _current(group: Group, scene: Scene) -> bool:
    """The day whose reason is shown first, and the tab stop: the marked day, or the first of the strip."""
    return holds(group, max(scene.mark_on, scene.notes[0].on))


def _role(group: Group, scene: Scene) -> str:
    roles = {scene.mark_word: holds(group, scene.mark_on), "到期": group[0].on == scene.due.on}
    return "，".join(word for word, holds in roles.items() if holds)


def _cell(group: Group, scene: Scene) -> RulerDay:
    first, last = group[0], group[-1]
    heads_month = first.on.day == 1 or first is scene.notes[0] or first.on.month != last.on.month
    weekday = WEEKDAYS[first.on.weekday()] if len(group) == 1 else ""
    return RulerDay(
        on=first.on,
        until=last.on,
        text=f"{day_words(first.on)} 周{weekday}"
        if weekday
        else f"{day_words(first.on)}至{day_words(last.on)}",
        label=(f"{first.on.month}月" if heads_month else "") + _span(group),
        heads_month=heads_month,
        weekday=weekday,
        kind=kind_of(group),
        face=_face(group),
        tag="班" if weekday and first.kind is DayKind.MAKEUP else "",
        marks=_marks(group, scene),
        role=_role(group, scene),
        current=_current(group, scene),
        counted_as=_counted_as(group),
        why=first.why if weekday else _folded_why(group, scene),
        basis=first.basis,
    )


def _span(group: Group) -> str:
    first, last = group[0].on, group[-1].on
    if len(group) == 1:
        return str(first.day)
    return f"{first.day}—{last.day}" if first.month == last.month else f"{first.day}—{last.month}月{last.day}"


def _folded_why(group: Group, scene: Scene) -> str:
    if kind_of(group) == "over":
        return f"逾期第{_face(group)[1:]}个工作日。"
    return f"{name_of(group, scene.cal)}{len(group)}天，不计入。"


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
        if kind_of(group) in ("off", "hol"):
            yield _run_segment(group, scene)
        else:
            yield _day_segment(group, scene, f"{on.month}.{on.day}" if on.month != month else str(on.day))
            month = on.month


def _run_segment(group: Group, scene: Scene) -> Segment:
    label = "".join(name.removesuffix("节") if len(name) > 2 else name for name in names_of(group, scene.cal))
    word = scene.mark_word if holds(group, scene.mark_on) else ""
    return Segment(
        "run", f"{len(group)}天", label, "", word, _marks(group, scene), bool(word) and not scene.answered
    )


def _day_segment(group: Group, scene: Scene, label: str) -> Segment:
    marked = holds(group, scene.mark_on)
    words = "收到" if group[0].number == 0 else _role(group, scene).replace("，", "")
    tag = "班" if group[0].kind is DayKind.MAKEUP and len(group) == 1 else ""
    marks = _marks(group, scene)
    return Segment(kind_of(group), _face(group), label, tag, words, marks, marked and not scene.answered)
