"""What stands above and below the strip of the working-day ruler: flags and festivals, in grid columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from escalation.ruler_scene import Group, Scene, day_words, holds, kind_of, name_of
from sla import SHANGHAI, DayKind, Pause, WorkCalendar


@dataclass(frozen=True)
class Flag:
    """A word above the strip, in grid columns first..last (last exclusive)."""

    kind: str
    text: str
    first: int
    last: int
    align: str


@dataclass(frozen=True)
class Brace:
    """A festival (`hol`) or a pause under the strip, in grid columns first..last (last exclusive)."""

    kind: str
    text: str
    first: int
    last: int


def flags(groups: Sequence[Group], scene: Scene) -> tuple[Flag, ...]:
    """今天 (or 答复), 到期, 原时限, 收到: where two would touch, the more important one stays."""
    clock = f"{scene.mark.astimezone(SHANGHAI):%H:%M}"
    closing = f"{scene.due.shown_at.astimezone(SHANGHAI):%H:%M}"
    together = f"，{closing}到期" if scene.mark_on == scene.due.on else ""
    wanted = [
        ("now", f"{scene.mark_word} {clock}{together}", scene.mark_on),
        ("due", f"到期 {closing}", scene.due.on),
        *(("orig", f"原时限 {day_words(due.on)}", due.on) for due in [scene.first_due] if due),
        ("rec", f"{day_words(scene.notes[0].on)}收到", scene.notes[0].on),
    ]
    kept: list[tuple[int, Flag]] = []
    for kind, text, on in wanted:
        column = next((n for n, group in enumerate(groups, 1) if holds(group, on)), 0)
        if column and all(abs(column - other) >= _clearance(len(groups)) for other, _ in kept):
            kept.append((column, _flag(kind, text, column, len(groups))))
    return tuple(flag for _, flag in kept)


def _clearance(columns: int) -> int:
    """Columns between two flags of about 90 px on a strip of about 850 px."""
    return 1 + sum(columns > limit for limit in (9, 15, 21))


def _flag(kind: str, text: str, column: int, columns: int) -> Flag:
    if column == 1:
        return Flag(kind, text, 1, min(4, columns + 1), "start")
    if column == columns:
        return Flag(kind, text, max(1, columns - 2), columns + 1, "end")
    return Flag(kind, text, column - 1, column + 2, "mid")


def braces(groups: Sequence[Group], scene: Scene) -> tuple[Brace, ...]:
    return (*_festivals(groups, scene), *_pauses(groups, scene))


def _festivals(groups: Sequence[Group], scene: Scene) -> Iterator[Brace]:
    column = 1
    for kind, run in groupby(groups, key=kind_of):
        cells = list(run)
        if kind == "hol":
            days = tuple(note for group in cells for note in group)
            yield Brace("hol", _festival(days, scene.cal), column, column + len(cells))
        column += len(cells)


def _pauses(groups: Sequence[Group], scene: Scene) -> Iterator[Brace]:
    """One brace from the first paused day to the last of each pause, over the days off between them.

    Where there are several the grounds would run into each other; each day's reason names its own.
    """
    joined = _joined(scene.pauses)
    for since, until, grounds in joined:
        columns = [
            n for n, group in enumerate(groups, 1) if group[0].paused and since <= group[0].on <= until
        ]
        if columns:
            days = sum(len(groups[n - 1]) for n in columns)
            text = f"计时暂停 {days}个工作日：{grounds}" if len(joined) == 1 else f"停{days}日"
            yield Brace("pause", text, columns[0], columns[-1] + 1)


def _joined(pauses: Sequence[Pause]) -> list[tuple[date, date, str]]:
    """Pauses that overlap as one, with both grounds."""
    joined: list[tuple[date, date, str]] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if joined and pause.since <= joined[-1][1]:
            since, until, grounds = joined.pop()
            both = grounds if pause.ground in grounds.split("、") else f"{grounds}、{pause.ground}"
            joined.append((since, max(until, pause.until), both))
        else:
            joined.append((pause.since, pause.until, pause.ground))
    return joined


def _festival(days: Group, cal: WorkCalendar) -> str:
    """国庆节放假 7天; a festival cut off by the strip does not claim to be whole."""
    before = cal.day(date.fromordinal(days[0].on.toordinal() - 1)).kind is DayKind.HOLIDAY
    after = cal.day(date.fromordinal(days[-1].on.toordinal() + 1)).kind is DayKind.HOLIDAY
    part = "还有" if before else "已" if after else ""
    return f"{name_of(days, cal)}放假 {part}{len(days)}天"
