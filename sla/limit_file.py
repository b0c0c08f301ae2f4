"""Reading data/limits.toml: every fault is reported with the entry and its line, nothing is guessed."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Never

from sla.limits import AUDIENCES, DEED, UNITS, Limit, LimitBook, Rung

LIMITS_FILE = Path(__file__).resolve().parent.parent / "data" / "limits.toml"
_LIMIT_FIELDS = {"key", "name", *UNITS, "ladder", "source", "valid_from", "valid_to"}
_LIMIT_FIELDS |= {"extension", "extension_basis", "pause_grounds", "deed", "of"}
_LADDER_FIELDS = {"key", "unit", "source", "rungs"}
_RUNG_FIELDS = {"key", "name", "offset", "audience", "paper"}


class LimitError(ValueError):
    """The file of limits is wrong; the message says where, in Chinese, for the person who edits it."""


@cache
def limits() -> LimitBook:
    """The rules shipped in data/limits.toml."""
    return load_limits(LIMITS_FILE)


def load_limits(source: str | Path) -> LimitBook:
    """The rules in a file (Path) or in a text (str); LimitError names the entry and the line at fault."""
    if isinstance(source, Path):
        return _parse(source.read_text("utf-8"), source.name)
    return _parse(source, "limits.toml")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One table of the file with the place to name when it is wrong."""

    where: str
    fields: Mapping[str, Any]

    def fail(self, what: str) -> Never:
        raise LimitError(f"{self.where}：{what}")

    def check_fields(self, allowed: set[str]) -> None:
        if unknown := sorted(set(self.fields) - allowed):
            self.fail(f"不认识的项 {'、'.join(unknown)}")

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{name} 应填写文字")
        return value

    def whole(self, name: str) -> int:
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(f"{name} 应为整数")
        return value

    def within_a_thousand(self, name: str) -> int:
        value = self.whole(name)
        if not 1 <= value <= 1000:
            self.fail(f"{name} 应在 1 到 1000 之间，现为 {value}")
        return value

    def refuse_where_fixed(self, what: str) -> None:
        for unit, word in (("hours", "按小时计"), ("dated", "指定日期")):
            if unit in self.fields:
                self.fail(f"{word}的时限不能{what}")

    def yes(self, name: str) -> int:
        if self.fields.get(name) is not True:
            self.fail(f"{name} 只能写 true")
        return 0

    def day(self, name: str) -> date:
        value = self.fields.get(name)
        if type(value) is not date:
            self.fail(f"{name} 应为日期，如 2021-05-01")
        return value

    def clock(self, name: str) -> time:
        try:
            return time.fromisoformat(self.text(name))
        except ValueError:
            self.fail(f'{name} 应为时刻，如 "09:00"')


@dataclass(frozen=True, slots=True)
class _Ladder:
    unit: str
    rungs: tuple[Rung, ...]


def _parse(text: str, file: str) -> LimitBook:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LimitError(f"{file}：格式有误：{fault}") from fault
    office = _Entry(f"{file} [office]", tables.get("office", {}))
    hours = office.clock("opens"), office.clock("closes")
    if hours[0] >= hours[1]:
        office.fail("opens 应早于 closes")
    ladders: dict[str, _Ladder] = {}
    for entry in _entries(text, file, "ladder", tables):
        if entry.text("key") in ladders:
            entry.fail("key 重复")
        ladders[entry.text("key")] = _ladder(entry)
    found = [(entry, _limit(entry, ladders, hours)) for entry in _entries(text, file, "limit", tables)]
    _check_periods(found)
    return LimitBook(limit for _, limit in found)


def _entries(text: str, file: str, kind: str, tables: Mapping[str, Any]) -> Iterator[_Entry]:
    """The tables [[kind]] in order, each with the number of its heading line."""
    headings = re.finditer(rf"^[ \t]*\[\[\s*{kind}\s*\]\]", text, re.MULTILINE)
    lines = [text.count("\n", 0, heading.start()) + 1 for heading in headings]
    listed = tables.get(kind, [])
    if not lines or len(lines) != len(listed):
        raise LimitError(f"{file}：至少需要一个 [[{kind}]]，且每个都要用 [[{kind}]] 开头")
    for line, fields in zip(lines, listed, strict=True):
        yield _Entry(f"{file} 第{line}行 [[{kind}]] {fields.get('key', '')}".rstrip(), fields)


def _ladder(entry: _Entry) -> _Ladder:
    entry.check_fields(_LADDER_FIELDS)
    entry.text("source")
    if entry.fields.get("unit") not in ("workdays", "hours"):
        entry.fail('unit 应为 "workdays" 或 "hours"')
    listed = entry.fields.get("rungs")
    if not isinstance(listed, list) or not all(isinstance(fields, dict) for fields in listed) or not listed:
        entry.fail("rungs 应至少有一级")
    rungs = tuple(_rung(_Entry(f"{entry.where} 第{n}级", fields)) for n, fields in enumerate(listed, 1))
    if len({rung.key for rung in rungs}) < len(rungs):
        entry.fail("各级的 key 不能重复")
    if any(later.offset <= earlier.offset for earlier, later in pairwise(rungs)):
        entry.fail("各级应按 offset 从小到大排列，且不相同")
    return _Ladder(entry.text("unit"), rungs)


def _rung(entry: _Entry) -> Rung:
    entry.check_fields(_RUNG_FIELDS)
    audience = entry.fields.get("audience")
    if not isinstance(audience, list) or not audience or not set(audience) <= set(AUDIENCES):
        entry.fail(f"audience 应从 {'、'.join(AUDIENCES)} 中选填")
    paper = entry.text("paper") if "paper" in entry.fields else ""
    return Rung(entry.text("key"), entry.text("name"), entry.whole("offset"), tuple(audience), paper)


def _limit(entry: _Entry, ladders: Mapping[str, _Ladder], hours: tuple[time, time]) -> Limit:
    entry.check_fields(_LIMIT_FIELDS)
    unit, term = _term(entry)
    ladder, rung_unit = ladders.get(entry.text("ladder")), "hours" if unit == "hours" else "workdays"
    if ladder is None or ladder.unit != rung_unit:
        entry.fail(f"ladder “{entry.text('ladder')}” 不存在，或单位不是 {rung_unit}")
    if unit != "dated" and -ladder.rungs[0].offset >= term:
        entry.fail(f"阶梯“{ladder.rungs[0].name}”早于收到之时（时限 {term}，提前 {-ladder.rungs[0].offset}）")
    valid_to = entry.day("valid_to") if "valid_to" in entry.fields else None
    if valid_to and valid_to < entry.day("valid_from"):
        entry.fail("valid_to 早于 valid_from")
    return Limit(
        key=entry.text("key"),
        name=entry.text("name"),
        workdays=term if unit == "workdays" else None,
        days=term if unit == "days" else None,
        hours=term if unit == "hours" else None,
        dated=unit == "dated",
        extension=_extension(entry),
        extension_basis=entry.fields.get("extension_basis", ""),
        pause_grounds=_pause_grounds(entry),
        ladder=ladder.rungs,
        basis=entry.text("source"),
        of=entry.text("of") if "of" in entry.fields else entry.text("key").partition(".")[0],
        deed=entry.text("deed") if "deed" in entry.fields else DEED,
        valid_from=entry.day("valid_from"),
        valid_to=valid_to,
        opens=hours[0],
        closes=hours[1],
        rev=_revision(entry, ladder, hours),
    )


def _term(entry: _Entry) -> tuple[str, int]:
    given = [unit for unit in UNITS if unit in entry.fields]
    if len(given) != 1:
        entry.fail(f"{'、'.join(UNITS)} 应填且只填一项")
    if given == ["dated"]:
        return "dated", entry.yes("dated")
    return given[0], entry.within_a_thousand(given[0])


def _extension(entry: _Entry) -> int:
    """How much may be granted once, with the text that grants it; 0 where the entry says nothing."""
    given = [name for name in ("extension", "extension_basis") if name in entry.fields]
    if not given:
        return 0
    entry.refuse_where_fixed("延期")
    entry.text("extension_basis")
    return entry.within_a_thousand("extension")


def _pause_grounds(entry: _Entry) -> tuple[str, ...]:
    grounds = entry.fields.get("pause_grounds", [])
    worded = isinstance(grounds, list) and all(
        isinstance(ground, str) and ground.strip() for ground in grounds
    )
    if not worded:
        entry.fail("pause_grounds 应为文字的列表")
    if len(set(grounds)) < len(grounds):
        entry.fail("pause_grounds 不能重复")
    if grounds:
        entry.refuse_where_fixed("暂停")
    return tuple(grounds)


def _revision(entry: _Entry, ladder: _Ladder, hours: tuple[time, time]) -> str:
    """The day it came into force and a digest of its wording: a rule edited in place does not pass unseen."""
    wording = repr((sorted(entry.fields.items()), ladder, hours))
    return f"{entry.day('valid_from')}-{sha256(wording.encode()).hexdigest()[:8]}"


def _check_periods(found: list[tuple[_Entry, Limit]]) -> None:
    """Two rules with one key must follow each other: the earlier needs a valid_to before the later begins."""
    by_start = sorted(found, key=lambda pair: (pair[1].key, pair[1].valid_from))
    for (_, earlier), (entry, later) in pairwise(by_start):
        if earlier.key == later.key and earlier.in_force(later.valid_from):
            entry.fail(f"与自 {earlier.valid_from} 起的同名规则有效期重叠")
