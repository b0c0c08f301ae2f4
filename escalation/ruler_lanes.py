"""What stands above and below the strip of the working-day ruler: flags and festivals, in grid columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from escalation.ruler_scene import Group, Scene, day_words, holds, kind_of, name_of
from sla import SHANGHAI, DayKind, WorkCalendar


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
    """A festival under the strip, in grid columns first..last (last exclusive)."""

    text: str
    first: int
    last: int


def flags(groups: Sequence[Group], scene: Scene) -> tuple[Flag, ...]:
    """今天 (or 答复) before 到期 before 收到: where two would touch, the more important one stays."""
    clock = f"{scene.mark.astimezone(SHANGHAI):%H:%M}"
    closing = f"{scene.due.shown_at.astimezone(SHANGHAI):%H:%M}"
    together = f"，{closing}到期" if scene.mark_on == scene.due.on else ""
    wanted = [
        ("now", f"{scene.mark_word} {clock}{together}", scene.mark_on),
        ("due", f"到期 {closing}", scene.due.on),
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
    found: list[Brace] = []
    column = 1
    for kind, run in groupby(groups, key=kind_of):
        cells = list(run)
        if kind == "hol":
            days = tuple(note for group in cells for note in group)
            found.append(Brace(_festival(days, scene.cal), column, column + len(cells)))
        column += len(cells)
    return tuple(found)


def _festival(days: Group, cal: WorkCalendar) -> str:
    """国庆节放假 7天; a festival cut off by the strip does not claim to be whole."""
    before = cal.day(date.fromordinal(days[0].on.toordinal() - 1)).kind is DayKind.HOLIDAY
    after = cal.day(date.fromordinal(days[-1].on.toordinal() + 1)).kind is DayKind.HOLIDAY
    part = "还有" if before else "已" if after else ""
    return f"{name_of(days, cal)}放假 {part}{len(days)}天"
