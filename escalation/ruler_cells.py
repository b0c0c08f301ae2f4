"""The cells of the working-day ruler: a day, or a folded run of days, with its face, marks and reason."""

from dataclasses import dataclass
from datetime import date

from escalation.ruler_scene import WEEKDAYS, Group, Scene, day_words, holds, kind_of, name_of
from sla import DayKind


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


def face(group: Group) -> str:
    overs = [note.over for note in group if note.over]
    if overs:
        return f"+{overs[0]}" if len(overs) == 1 else f"+{overs[0]}…{overs[-1]}"
    if group[0].number is not None:
        return str(group[0].number)
    still = "停" if group[0].paused else "休"
    return still if len(group) == 1 else f"{still}{len(group)}天"


def _counted_as(group: Group) -> str:
    kind = kind_of(group)
    if kind in ("zero", "count"):
        return f"第{group[0].number}日"
    return f"逾期第{face(group)[1:]}日" if kind == "over" else "不计"


def marks(group: Group, scene: Scene) -> str:
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


def role(group: Group, scene: Scene) -> str:
    """What happens on the day: 今天 or 答复, 到期, 原时限."""
    first_due = scene.first_due
    roles = {
        scene.mark_word: holds(group, scene.mark_on),
        "到期": group[0].on == scene.due.on,
        "原时限": first_due is not None and holds(group, first_due.on),
    }
    return "，".join(word for word, holds in roles.items() if holds)


def cell(group: Group, scene: Scene) -> RulerDay:
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
        face=face(group),
        tag="班" if weekday and first.kind is DayKind.MAKEUP else "",
        marks=marks(group, scene),
        role=role(group, scene),
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
        return f"逾期第{face(group)[1:]}个工作日。"
    if kind_of(group) == "pause":
        return f"计时暂停{len(group)}个工作日：{group[0].paused}。不计入。"
    return f"{name_of(group, scene.cal)}{len(group)}天，不计入。"
