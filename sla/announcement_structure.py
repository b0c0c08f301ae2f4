"""The parts of a cleaned text: its notices, each with title, number, year and the text of its items."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sla.announcement_facts import Findings, Kind
from sla.announcement_law import FESTIVALS

_NUMERALS = "一二三四五六七八九十"
NUMBERED = rf"(?:[{_NUMERALS}]{{1,2}}[、.,:]|\d{{1,2}}[、.]|\([{_NUMERALS}\d]{{1,2}}\)[、.]?)"
_FESTIVAL = "元旦节?|新年|春节|清明节?|劳动节|端午节?|中秋节?|国庆节?"
_FESTIVALS = f"(?:{_FESTIVAL})(?:[、和与及暨/]?(?:{_FESTIVAL}))*"
_HEAD = re.compile(
    rf"(?:{NUMBERED}(?:\d{{4}}年)?|(?<=[\n。;])|^)(?P<known>{_FESTIVALS})"
    r"(?:放假安排|放假时间|假期|放假|假日)?(?::|,?(?=\d|自|从|于|定于))"
    rf"|{NUMBERED}(?P<other>[^\d,。;:()\n]{{2,30}}?(?:节|日))(?::|(?=\d))"
)
_TITLE = re.compile("国务院(?:办公厅)?关于(?!修改)[^。;:]{2,60}?的(?:补充|紧急)?通知")
_NUMBER = re.compile(r"(国(?:务院)?(?:办公厅|办)?发(?:明电)?)[〔\[(](\d{4})[〕\])]第?(\d{1,3})号")
_YEAR_OF_ALL = re.compile(
    rf"(\d{{4}})年(?:部分节假日|全年节假日|节假日|放假安排|,?(?={_FESTIVALS}[、和,]{_FESTIVALS}))"
)
_YEAR_OF_ONE = re.compile(rf"(\d{{4}})年(?:{_FESTIVAL})")
_YEAR_OF_DATE = re.compile(r"(\d{4})年\d{1,2}月\d{1,2}日(?!$|\n|电)")
_LONGER = re.compile(r"延长[^。,至]{0,12}假期|[^。,]{0,12}假期[^。,]{0,6}延长")
_ARRANGING = re.compile(r"\d[日号][^。;]*?(?:放假|上班|休|假日)|延长[^。;]*\d[日号]")
_DATED = re.compile(r"\d{1,2}[日号]|\d月\d")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `items` pairs the festivals of each item (or the subject of the title) with its text."""

    title: str
    number: str
    kind: Kind
    year: int | None
    items: tuple[tuple[str, str], ...]


def notices(text: str, findings: Findings) -> list[Notice]:
    """The notices in the text; a title that stands alone, in a heading or a link, is none."""
    starts = [match.start() for match in _titles(text)][1:]
    parts = [text[a:b] for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]
    return [notice for part in parts if (notice := _notice(part, findings)) is not None]


def _titles(text: str) -> list[re.Match[str]]:
    return [match for match in _TITLE.finditer(text) if re.search("假|休", match.group())]


def _notice(text: str, findings: Findings) -> Notice | None:
    titles, number = _titles(text), _NUMBER.search(text)
    title = titles[0].group().replace("\n", "") if titles else ""
    heads = [head for head in _HEAD.finditer(text) if _DATED.search(text, head.end())]
    begin = _end_of_lead(text, heads)
    heads = [head for head in heads if head.start() >= begin - 1]
    items = list(_items(text, heads)) if heads else [(_subject(title, text), text[begin:])]
    if not (heads or _ARRANGING.search(items[0][1])):
        return None
    kind = _kind(text, title, [name for name, _ in items])
    shown = f"{number[1]}〔{number[2]}〕{number[3]}号" if number else ""
    return Notice(title, shown, kind, _year(text, kind, findings), tuple(items))


def _end_of_lead(text: str, heads: list[re.Match[str]]) -> int:
    """Where the arrangement begins: behind the last 如下 that still has an item (or a date) after it."""
    latest = heads[-1].start() if heads else max((date.start() for date in _DATED.finditer(text)), default=0)
    ends = [match.end() for match in re.finditer("如下[。:]?", text) if match.end() <= latest]
    if heads or not ends:
        return ends[-1] if ends else 0
    return next((end for end in reversed(ends) if re.search("放假|上班|休", text[end:])), 0)


def _items(text: str, heads: list[re.Match[str]]) -> Iterator[tuple[str, str]]:
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        name = festivals_in(head["known"]) if head["known"] else head["other"]
        yield name, text[head.end() : end]


def festivals_in(text: str) -> str:
    """The festivals a text names, under their full names, in its order, joined by 、."""
    found = re.findall(_FESTIVAL, text)
    names = [next((full for full in FESTIVALS if full.startswith(short[:2])), "元旦") for short in found]
    return "、".join(dict.fromkeys(names))


def _subject(title: str, text: str) -> str:
    """What a notice on one holiday is about: its festivals, or the occasion as the title words it."""
    longer = _LONGER.search(text)
    if festivals := festivals_in(title) or festivals_in(longer.group() if longer else ""):
        return festivals
    about = re.search(r"关于(?:调整|延长)?(?:\d{4}年)?(.+?)(?:放假调休|调休放假|放假|假期|调休)", title)
    return about[1] if about else ""


def _kind(text: str, title: str, names: list[str]) -> Kind:
    if "部分节假日" in title or len([name for name in names if name]) > 3:
        return Kind.YEARLY
    if _LONGER.search(text):
        return Kind.EXTENSION
    return Kind.AMENDMENT if title or len(names) == 1 else Kind.YEARLY


def _year(text: str, kind: Kind, findings: Findings) -> int | None:
    """The year the notice is for; a fault where it names none or more than one."""
    searched = [_YEAR_OF_ALL] if kind is Kind.YEARLY else [_YEAR_OF_ONE, _YEAR_OF_DATE]
    for pattern in searched:
        years = sorted({int(match[1]) for match in pattern.finditer(text)})
        if len(years) > 1:
            findings.faults.append(f"前后写了不同的年份：{'、'.join(map(str, years))}")
            return None
        if years:
            return years[0]
    findings.faults.append("看不出是哪一年的放假安排")
    return None
