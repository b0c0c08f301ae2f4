"""The sentences of the working-day ruler: the reading line, the light, the citizen's explanation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation.ruler_scene import (
    Group,
    Scene,
    day_words,
    due_words,
    folded,
    holds,
    is_off,
    kind_of,
    name_of,
)
from sla import SHANGHAI, DayKind, DayNote, Due, Reading, local_date


@dataclass(frozen=True)
class Words:
    """A run of text; strong where the eye should stop."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class LightWords:
    """A light as the macro `lt` prints it: c is green, blue, amber, red, pause or done."""

    c: str
    w: str
    t: str


def light_words(
    reading: Reading, due: Due, at: datetime, *, answered: bool = False, deed: str = "答复"
) -> LightWords:
    """The light of a limit in working days; for a stopped clock `at` is the moment of the answer."""
    today = local_date(at)
    if answered:
        return LightWords("done", "超期" if reading.overdue else "按期", f"{day_words(today)}{deed}")
    if reading.overdue:
        late = f"逾期{reading.overdue_days}日" if reading.overdue_days else "逾期不足1日"
        return LightWords("red", "红灯", late)
    left = "今日到期" if today == due.on else f"剩{reading.workdays_left}日"
    return LightWords(reading.light.value, reading.light.label, left)


def reading_words(scene: Scene) -> tuple[Words, ...]:
    if scene.answered:
        return _reading_answered(scene)
    return _reading_overdue(scene) if scene.reading.overdue else _reading_running(scene)


def _used(scene: Scene) -> int:
    """The number of the last counted day up to the mark."""
    return max((note.number or 0 for note in scene.notes if note.on <= scene.mark_on), default=0)


def _reading_running(scene: Scene) -> tuple[Words, ...]:
    used = str(_used(scene))
    today = next((note for note in scene.notes if note.on == scene.mark_on), scene.notes[0])
    start = "今天休息，已过 " if is_off(today) else "今天是第 "
    start = "计时暂停中，已过 " if scene.standing_still else start
    head = (Words(start), Words(used, True), Words(f" 日，共{scene.total}日；"))
    if scene.mark_on == scene.due.on:
        closed = scene.mark > scene.due.shown_at
        last = "今天24:00" if closed else f"今天{scene.due.shown_at.astimezone(SHANGHAI):%H:%M}"
        return (*head, Words(last, True), Words(" 前答复仍算按期" if closed else " 到期"))
    left = Words(str(scene.reading.workdays_left), True)
    return (
        *head,
        Words("还剩 "),
        left,
        Words(" 个工作日，"),
        Words(due_words(scene.due), True),
        Words(" 到期"),
    )


def _reading_overdue(scene: Scene) -> tuple[Words, ...]:
    head = (Words("应在 "), Words(due_words(scene.due), True), Words(" 前答复，已逾期"))
    days = scene.reading.overdue_days
    return (
        (*head, Words(" "), Words(str(days), True), Words(" 个工作日"))
        if days
        else (*head, Words("，不足1个工作日"))
    )


def _reading_answered(scene: Scene) -> tuple[Words, ...]:
    head = (
        Words(day_words(scene.mark_on), True),
        Words("答复，时限 "),
        Words(due_words(scene.due), True),
    )
    if not scene.reading.overdue:
        return (*head, Words("，按期，用了 "), Words(str(_used(scene)), True), Words(" 个工作日"))
    days = scene.reading.overdue_days
    return (*head, Words(f"，超期{days}个工作日" if days else "，超期不足1个工作日", True))


def provisional_words(scene: Scene) -> str:
    """A due day in an unannounced year, or in a December that the next announcement may still change."""
    if not scene.due.provisional:
        return ""
    awaited = scene.cal.awaited_years(scene.notes[0].on, scene.due.on)
    if not awaited:
        return "到期日为暂定，正按新的放假通知重算。"
    return f"到期日为暂定，{awaited[-1]}年放假通知发布后重算。"


def two_counts_words(scene: Scene) -> str:
    """How the original limit stands beside the present one; a pause or an extension never erases lateness."""
    first = scene.first_due
    if first is None:
        return ""
    before, after = _causes(scene)
    return (
        f"{before}的原时限为{day_words(first.on)}。"
        f"两个口径分别统计：按原时限{_standing(first, scene)}，按{after}{_standing(scene.due, scene)}。"
    )


def _causes(scene: Scene) -> tuple[str, str]:
    """What the original limit leaves out, and what to call the present one."""
    if scene.pauses and scene.extra:
        return "不扣除暂停、未延期", "批准后时限"
    if scene.pauses:
        return "不扣除暂停", "扣除后"
    return ("未延期", "延期后") if scene.extra else ("变更前", "变更后")


def _standing(due: Due, scene: Scene) -> str:
    late = scene.mark > due.at
    if scene.answered:
        return "超期" if late else "按期"
    return "已超" if late else "未到期"


def plain_words(scene: Scene) -> str:
    """Why this day, for the citizen: every counted day by name, and what is left out."""
    counted = [note for note in scene.notes if note.number]
    grown = f"（含延期{scene.extra}个工作日）" if scene.extra else ""
    parts = [f"收到当天不算，从之后第一个工作日起数{scene.total}个工作日{grown}：{_listed(counted)}。"]
    until_due = [note for note in scene.notes if note.on <= scene.due.on]
    rests = [f"{name_of(group, scene.cal)}{len(group)}天" for group in folded(until_due) if is_off(group[0])]
    if rests:
        parts.append(f"{'、'.join(rests)}休息，不算。")
    for ground in dict.fromkeys(note.paused for note in until_due if note.paused):
        still = [note for note in until_due if note.paused == ground]
        parts.append(f"{_listed(still)}计时暂停（{ground}），不算。")
    parts += [f"{day_words(note.on)}调休上班，照算。" for note in counted if note.kind is DayKind.MAKEUP]
    return "".join(parts)


def _listed(notes: Sequence[DayNote]) -> str:
    """9月28日、29日、10月8日: the month is said once."""
    said: list[str] = []
    month = 0
    for note in notes:
        said.append(f"{note.on.day}日" if note.on.month == month else day_words(note.on))
        month = note.on.month
    return "、".join(said)


def count_aloud(groups: Sequence[Group], scene: Scene) -> str:
    """The simple form read aloud, piece by piece."""
    return "，".join(_aloud(group, scene) for group in groups)


def _aloud(group: Group, scene: Scene) -> str:
    day = day_words(group[0].on)
    here = f"（{scene.mark_word}）" if holds(group, scene.mark_on) else ""
    if is_off(group[0]) and kind_of(group) != "over":
        return f"{name_of(group, scene.cal)}{len(group)}天不计{here}"
    if group[0].paused:
        return f"计时暂停{len(group)}个工作日不计{here}"
    note = group[-1]
    if note.over:
        since = "" if len(group) == 1 else "至"
        return f"{since}{day_words(note.on)}逾期第{note.over}日{here}"
    makeup = "调休上班，" if note.kind is DayKind.MAKEUP else ""
    end = "到期" if note.on == scene.due.on else ""
    return f"{day}{here}收到" if note.number == 0 else f"{day}{makeup}第{note.number}日{end}{here}"
