"""data/papers.toml: who issues, under which code words, and what a new draft begins with."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from escalation.paper_kinds import PaperKind

PAPERS_FILE = Path(__file__).resolve().parent.parent / "data" / "papers.toml"
MOST_WORKDAYS = 60


class PaperSettingsError(ValueError):
    """The file cannot be used; names the entry. Stops the start rather than the first issuing."""


@dataclass(frozen=True)
class Office:
    """The issuing office; `name` may hold {county}."""

    name: str
    reply_to: str
    contact: str
    copies: str
    circular_to: str
    openness: str
    feedback_workdays: int
    statement_workdays: int


@dataclass(frozen=True)
class PaperSettings:
    """`words` are the code words of the register, `heads` the red headings by kind."""

    office: Office
    words: Mapping[PaperKind, str]
    heads: Mapping[PaperKind, str]

    def name_in(self, county: str) -> str:
        """The full name under a paper."""
        return self.office.name.replace("{county}", county)

    def head_in(self, county: str, kind: PaperKind) -> str:
        return self.heads[kind].replace("{office}", self.name_in(county)).replace("{county}", county)


@cache
def paper_settings() -> PaperSettings:
    """The settings of this installation, read once."""
    return load(PAPERS_FILE)


def load(path: Path) -> PaperSettings:
    """Read and check the file. Raises PaperSettingsError."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise PaperSettingsError(f"{path.name}: {fault}") from fault
    office, kinds = raw.get("office", {}), raw.get("kind", {})
    unknown = sorted(set(kinds) - set(PaperKind))
    if unknown:
        raise PaperSettingsError(f"{path.name}: kind.{unknown[0]} 不是文书种类")
    words = {kind: _text(path, kinds.get(kind, {}), f"kind.{kind}", "word") for kind in PaperKind}
    heads = {kind: _text(path, kinds.get(kind, {}), f"kind.{kind}", "head") for kind in PaperKind}
    return PaperSettings(_office(path, office), words, heads)


def _office(path: Path, raw: Mapping[str, Any]) -> Office:
    values: dict[str, Any] = {}
    for field in fields(Office):
        if field.type is int or field.type == "int":
            values[field.name] = _workdays(path, raw, field.name)
        else:
            empty = field.name in ("openness", "copies", "contact")
            values[field.name] = _text(path, raw, "office", field.name, empty=empty)
    return Office(**values)


def _text(path: Path, raw: Mapping[str, Any], where: str, name: str, *, empty: bool = False) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or (not value.strip() and not empty):
        raise PaperSettingsError(f"{path.name}: {where}.{name} 应填文字")
    return value.strip()


def _workdays(path: Path, raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    if type(value) is not int or not 1 <= value <= MOST_WORKDAYS:
        raise PaperSettingsError(f"{path.name}: office.{name} 应为1到{MOST_WORKDAYS}的整数")
    return value
