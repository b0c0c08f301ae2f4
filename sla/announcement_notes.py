"""The brackets behind a date, (周日) (农历除夕、周二) (即农历除夕至正月初六), checked by the calendar."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sla.announcement_facts import WEEKDAYS, in_chinese
from sla.announcement_law import festival_day, is_lunar_day, is_new_years_eve
from sla.announcement_text import number_of

_WEEKDAY = re.compile("(星期|周|礼拜)?([一二三四五六日天])")
_WRAPPING = re.compile("^即?(?:为|是)?(?:农历|阴历|旧历|夏历)?大?(?:年(?=初))?|(?:当日|当天)$")
_EVE = re.compile("除夕夜?|年三十|年夜")
_LUNAR = re.compile("(?:([正冬腊]|[一二三四五六七八九十]{1,2})月)?(初?)([一二三四五六七八九十廿]{1,3})日?")
_FESTIVALS = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "元旦": "元旦", "新年": "元旦"}
_MONTHS = {"正": 1, "冬": 11, "腊": 12}


@dataclass(frozen=True, slots=True)
class Note:
    """One side of a bracket: the weekdays it names, in order, and its other words."""

    weekdays: tuple[int, ...]
    words: tuple[str, ...]


def sides(text: str) -> list[Note]:
    """The bracket read: two notes where it describes both ends of a range, else one."""
    return [_note(side) for side in re.split("[至到~-]", text, maxsplit=1)]


def _note(text: str) -> Note:
    weekdays: list[int] = []
    words: list[str] = []
    for piece in re.split("[、,;和及与/ ]", text):
        weekday = _WEEKDAY.fullmatch(piece)
        if weekday and (weekday[1] or weekdays or piece == text):
            weekdays.append(min("一二三四五六日天".index(weekday[2]), 6))
        elif piece:
            words.append(piece)
    return Note(tuple(weekdays), tuple(words))


def faults_of(note: Note, days: Sequence[date]) -> list[str]:
    """What contradicts the calendar. `days` ends with the day before the bracket; several weekdays in one
    bracket belong to as many days before it."""
    told = list(zip(reversed(days), reversed(note.weekdays), strict=False))
    found = [
        f"{in_chinese(on)}是星期{WEEKDAYS[on.weekday()]}，原文写作星期{WEEKDAYS[weekday]}"
        for on, weekday in told
        if on.weekday() != weekday
    ]
    if len(note.weekdays) > len(days):
        found.append(f"{in_chinese(days[-1])}后面的括号里星期几比日期多")
    return found + [fault for word in note.words if (fault := _fault_of_word(word, days[-1]))]


def _fault_of_word(word: str, on: date) -> str | None:
    bare = _WRAPPING.sub("", _WRAPPING.sub("", word))
    if _EVE.fullmatch(bare):
        return None if is_new_years_eve(on) else f"{in_chinese(on)}不是除夕"
    if (name := _FESTIVALS.get(bare.removesuffix("节"))) is not None:
        return None if festival_day(name, on.year) == on else f"{in_chinese(on)}不是{name}"
    lunar = _LUNAR.fullmatch(bare)
    if lunar is None or not (lunar[1] or lunar[2]):
        return None
    month, day = _lunar_month(lunar[1]), number_of(lunar[3])
    if month is None or day is None or not 1 <= day <= 30 or is_lunar_day(on, month, day):
        return None
    return f"{in_chinese(on)}不是农历{bare}"


def _lunar_month(text: str | None) -> int | None:
    return 1 if text is None else _MONTHS.get(text) or number_of(text)


def is_about_a_date(text: str) -> bool:
    """Whether the bracket only describes the day before it, so that it is no editor's remark."""
    notes = sides(text)
    return all(note.weekdays or note.words for note in notes) and not any(
        re.search(r"\d|放假|上班|调休|补休|注[:：]", word) for note in notes for word in note.words
    )
