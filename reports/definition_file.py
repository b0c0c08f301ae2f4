"""Reading data/scores.toml: every fault is reported with its entry, nothing is guessed."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, Never

from core.config import ROOT
from escalation.board import FEWEST
from reports.definitions import Definitions, Indicator, PaperRule

SCORES_FILE = ROOT / "data" / "scores.toml"
WHOLE = 100
LEAST_SHARE = 4  # 国办发〔2016〕80号: open government counts for at least 4 % of a unit's appraisal
_INDICATOR = {"key", "name", "purposes", "weight", "formula"}
_PAPER = {"key", "name", "points", "formula"}
_SHEET = {"name", "source", "performance_share", "performance_source", "valid_from", "valid_to"}
_SHEET |= {"indicator", "paper"}


class DefinitionError(ValueError):
    """The file is wrong; says where, in Chinese, for the person who edits it."""


@cache
def wordings() -> tuple[Definitions, ...]:
    """The wordings shipped in data/scores.toml, the oldest first."""
    return load(SCORES_FILE.read_text("utf-8"))


def definitions_at(day: date) -> Definitions:
    """The wording in force on a day; before the first and in a gap the nearest earlier, else the first."""
    begun = [one for one in wordings() if one.valid_from <= day]
    return begun[-1] if begun else wordings()[0]


@dataclass(frozen=True)
class _Entry:
    """One table of the file with the place to name when it is wrong."""

    where: str
    fields: Mapping[str, Any]

    def fail(self, what: str) -> Never:
        raise DefinitionError(f"{self.where}：{what}")

    def check_fields(self, allowed: set[str]) -> None:
        if unknown := sorted(set(self.fields) - allowed):
            self.fail(f"不认识的项 {'、'.join(unknown)}")

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{name} 应填写文字")
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fail(f"{name} 应为{least}到{most}的整数")
        return value

    def day(self, name: str) -> date:
        value = self.fields.get(name)
        if type(value) is not date:
            self.fail(f"{name} 应为日期，如 2021-05-01")
        return value

    def inner(self, kind: str) -> list["_Entry"]:
        listed = self.fields.get(kind, [])
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            self.fail(f"每个{kind}都要用 [[sheet.{kind}]] 开头")
        return [_Entry(f"{self.where} 第{n}个{kind}", one) for n, one in enumerate(listed, 1)]


def load(text: str) -> tuple[Definitions, ...]:
    """Read the text of the file; DefinitionError names the entry at fault."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DefinitionError(f"scores.toml：格式有误：{fault}") from fault
    whole = _Entry("scores.toml", tables)
    whole.check_fields({"sheet"})
    found = sorted((_sheet(one) for one in whole.inner("sheet")), key=_begin)
    if not found:
        raise DefinitionError("scores.toml：至少需要一个 [[sheet]]")
    for earlier, later in pairwise(found):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise DefinitionError(
                f"scores.toml：自{earlier.valid_from}和自{later.valid_from}起的口径有效期重叠"
            )
    return tuple(found)


def _begin(one: Definitions) -> date:
    return one.valid_from


def _sheet(entry: _Entry) -> Definitions:
    entry.check_fields(_SHEET)
    indicators = tuple(_indicator(one) for one in entry.inner("indicator"))
    papers = tuple(_paper(one) for one in entry.inner("paper"))
    _check_keys(entry, [*(one.key for one in indicators), *(one.key for one in papers)])
    if sum(one.weight for one in indicators) != WHOLE:
        entry.fail(f"各指标的 weight 之和应为{WHOLE}")
    valid_to = entry.day("valid_to") if "valid_to" in entry.fields else None
    if valid_to and valid_to < entry.day("valid_from"):
        entry.fail("valid_to 早于 valid_from")
    return Definitions(
        name=entry.text("name"),
        source=entry.text("source"),
        performance_share=entry.whole("performance_share", LEAST_SHARE, WHOLE),
        performance_source=entry.text("performance_source"),
        valid_from=entry.day("valid_from"),
        valid_to=valid_to,
        fewest=FEWEST,
        indicators=indicators,
        papers=papers,
    )


def _check_keys(entry: _Entry, keys: Sequence[str]) -> None:
    if len(set(keys)) < len(keys):
        entry.fail("各指标、文书的 key 不能重复")


def _indicator(entry: _Entry) -> Indicator:
    entry.check_fields(_INDICATOR)
    purposes = entry.fields.get("purposes")
    if not isinstance(purposes, list) or not purposes or not all(p and isinstance(p, str) for p in purposes):
        entry.fail("purposes 应为文字的列表，至少一项")
    return Indicator(
        entry.text("key"),
        entry.text("name"),
        tuple(purposes),
        entry.whole("weight", 1, WHOLE),
        entry.text("formula"),
    )


def _paper(entry: _Entry) -> PaperRule:
    entry.check_fields(_PAPER)
    points = entry.fields.get("points")
    if not isinstance(points, int | float) or isinstance(points, bool) or not -WHOLE <= points <= WHOLE:
        entry.fail(f"points 应为-{WHOLE}到{WHOLE}的数")
    return PaperRule(entry.text("key"), entry.text("name"), Fraction(str(points)), entry.text("formula"))
