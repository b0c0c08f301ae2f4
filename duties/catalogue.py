"""The catalogue of duties: data/duties.toml, read once; a fault names its entry and stops the command."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from core.config import ROOT
from core.people import UnitKind
from duties.clauses import is_clause
from duties.kinds import DutyKind

FILE = ROOT / "data" / "duties.toml"
YEAR_RULE = "duty.year"
NEEDED = ("clause", "title", "owed", "evidence", "kind", "lead", "responsible", "words", "source")
OPTIONAL = {"rule", "quota", "leaders", "due", "next_year", "clock_units"}
GROUPS = {f"@{kind.value}": kind for kind in UnitKind}
_DAY = re.compile(r"(\d\d)-(\d\d)")


class CatalogueError(ValueError):
    """The file is wrong; the message says where, in Chinese, for the person who edits it."""


@dataclass(frozen=True)
class Entry:
    """One duty as the list gives it. `responsible` holds unit codes and groups such as @department."""

    clause: str
    title: str
    owed: str
    evidence: str
    kind: DutyKind
    lead: tuple[str, ...]
    responsible: tuple[str, ...]
    words: str
    source: str
    rule: str = YEAR_RULE
    quota: int = 0
    leaders: int = 0
    due: str = ""
    next_year: bool = False
    clock_units: tuple[str, ...] = ()

    def due_on(self, year: int) -> date | None:
        """The day of a duty that is owed on one; None for the others."""
        found = _DAY.fullmatch(self.due)
        return date(year + self.next_year, int(found[1]), int(found[2])) if found else None

    def rule_of(self, code: str) -> str:
        """The limit by which this unit's row runs."""
        return self.rule if not self.clock_units or code in self.clock_units else YEAR_RULE


@dataclass(frozen=True)
class Catalogue:
    """The entries of one published list."""

    name: str
    first_year: int
    sections: dict[str, str]
    entries: tuple[Entry, ...]


@cache
def catalogue() -> Catalogue:
    """The list shipped with the program. Raises CatalogueError."""
    return parse(FILE.read_text("utf-8"))


def section_words(section: str) -> str:
    """六、不断改进政策解读工作方式 for "6"; the number itself where the list is another one."""
    return catalogue().sections.get(section, f"第{section}部分" if section else "其他")


def parse(text: str) -> Catalogue:
    """The catalogue of a text. Raises CatalogueError."""
    try:
        data = tomllib.loads(text)
        head, sections, listed = data["list"], data["sections"], data["duty"]
    except (tomllib.TOMLDecodeError, KeyError) as fault:
        raise CatalogueError(f"duties.toml 格式有误：{fault}") from fault
    entries = tuple(_entry(fields) for fields in listed)
    clauses = [entry.clause for entry in entries]
    if twice := {clause for clause in clauses if clauses.count(clause) > 1}:
        raise CatalogueError(f"duties.toml：条号重复 {'、'.join(sorted(twice))}")
    return Catalogue(head["name"], head["first_year"], sections, entries)


def _entry(fields: dict[str, Any]) -> Entry:
    where = f"duties.toml [[duty]] {fields.get('clause', '')}".rstrip()
    missing = [name for name in NEEDED if name not in fields]
    unknown = sorted(set(fields) - set(NEEDED) - OPTIONAL)
    if missing or unknown:
        raise CatalogueError(f"{where}：缺少或不认识的项 {'、'.join(missing + unknown)}")
    lists = {name: tuple(fields.get(name, ())) for name in ("lead", "responsible", "clock_units")}
    try:
        entry = Entry(**fields | lists | {"kind": DutyKind(fields["kind"])})
        entry.due_on(2000)
    except ValueError as fault:
        raise CatalogueError(f"{where}：{fault}") from fault
    _check(entry, where)
    return entry


def _check(entry: Entry, where: str) -> None:
    faults = {
        "clause 应如 6.2.6": not is_clause(entry.clause),
        "responsible 不能为空": not entry.responsible,
        "kind 为 quota 时须填 quota": (entry.kind is DutyKind.QUOTA) != (entry.quota > 0),
        "leaders 不能多于 quota": not 0 <= entry.leaders <= entry.quota,
        "kind 为 date 时须填 due，如 01-31": (entry.kind is DutyKind.DATE) != bool(_DAY.fullmatch(entry.due)),
        "不认识的单位类别": any(c.startswith("@") and c not in GROUPS for c in entry.responsible),
    }
    for words, wrong in faults.items():
        if wrong:
            raise CatalogueError(f"{where}：{words}")
