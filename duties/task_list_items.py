"""One cell of measures into its numbered items.

A number opens an item at the start of a paragraph, or after a full stop where paragraphs were run together.
Numbers inside brackets are channels of publication (公开路径：1.…；2.…), never items.
"""

import re
from dataclasses import dataclass, field

from duties.task_list_numbers import NUMERALS, number_of


@dataclass(frozen=True)
class Item:
    """One measure. Below headings such as （一） the publisher counts anew; here the count runs on through the row."""

    number: int
    text: str
    group: str = ""


@dataclass(frozen=True)
class Measures:
    """What a cell asks for: an opening sentence, if any, and the items; doubts are for a person to read."""

    intro: str
    items: tuple[Item, ...]
    doubts: tuple[str, ...] = ()


@dataclass
class _Cut:
    """A text cut at its numbers of one kind."""

    first: int
    intro: str
    parts: list[tuple[int, str]]
    doubts: list[str] = field(default_factory=list)


_START = r"(?P<space>^[^\S\n]*|(?<=[。！？；;])[^\S\n]*)"
_DIGITS = re.compile(_START + r"(?P<number>\d{1,2})[^\S\n]?[.．、]", re.MULTILINE)
_BRACKETS = re.compile(_START + r"[（(](?P<number>\d{1,2})[）)]", re.MULTILINE)
_GROUPS = re.compile(_START + rf"[（(](?P<number>[{NUMERALS}]{{1,3}})[）)]", re.MULTILINE)
_OPEN, _CLOSED = "（(〔[【", "）)〕]】"


def measures(cell: str) -> Measures:
    """The kind of number that comes first is the outer one; only bracketed numerals hold others below them."""
    text = "\n".join(line for line in (line.strip() for line in cell.split("\n")) if line)
    if not text:
        return Measures("", ())
    groups, digits = _cut(text, _GROUPS), _first(text)
    if groups and (digits is None or groups.first < digits.first):
        return _grouped(groups)
    if digits is None:
        return Measures("", (Item(1, text),))
    items = tuple(Item(number, part) for number, part in digits.parts)
    return Measures(digits.intro, items, tuple(digits.doubts))


def _grouped(groups: _Cut) -> Measures:
    found: list[tuple[str, str]] = []
    doubts = list(groups.doubts)
    for _, part in groups.parts:
        inner = _first(part)
        if inner is None:
            found.append((part, ""))
            continue
        found += ((text, inner.intro) for _, text in inner.parts)
        doubts += inner.doubts
    items = tuple(Item(number, text, group) for number, (text, group) in enumerate(found, 1))
    return Measures(groups.intro, items, tuple(doubts))


def _first(text: str) -> _Cut | None:
    cuts = [cut for cut in (_cut(text, _DIGITS), _cut(text, _BRACKETS)) if cut]
    return min(cuts, key=lambda cut: cut.first, default=None)


def _cut(text: str, kind: re.Pattern[str]) -> _Cut | None:
    marks: list[tuple[int, int, int]] = []
    doubts: list[str] = []
    depths = _depths(text)
    last = 0
    for found in kind.finditer(text):
        number = number_of(found["number"])
        if not number or not _opens(found, number == last + 1, depths[found.start()]):
            continue
        if number != last + 1:
            words = text[found.start() : found.end() + 12].strip().partition("\n")[0]
            doubts.append(f"“{words}”前一项是第{last}项")
        last = number if number > last else last + 1
        marks.append((found.start(), found.end(), last))
    if not marks:
        return None
    ends = [start for start, _, _ in marks[1:]] + [len(text)]
    parts = [
        (number, part)
        for (_, start, number), end in zip(marks, ends, strict=True)
        if (part := text[start:end].strip())
    ]
    return _Cut(marks[0][0], text[: marks[0][0]].strip(), parts, doubts)


def _depths(text: str) -> list[int]:
    """How many brackets of its line are open before each character."""
    depths: list[int] = []
    depth = 0
    for char in text:
        depths.append(depth)
        if char == "\n":
            depth = 0
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSED:
            depth = max(0, depth - 1)
    return depths


def _opens(found: re.Match[str], expected: bool, depth: int) -> bool:
    """Whether this number opens an item: the next number anywhere it may stand, another one only on its own line."""
    text = found.string
    is_decimal = text[found.end() : found.end() + 1].isdecimal()  # 2.5万元, but also 2.12345热线
    if found.start() == 0 or text[found.start() - 1] == "\n":
        return expected or not is_decimal
    is_gap = len(found["space"]) > 1 and text[found.start() - 1] == "。"  # says more than a bracket left open
    return expected and (is_gap or not depth) and (bool(found["space"]) or not is_decimal)
