"""What is measured and how, as values: from data/scores.toml, or out of a frozen sheet."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Indicator:
    """One rate. `purposes` are the beginnings of the clock purposes it counts."""

    key: str
    name: str
    purposes: tuple[str, ...]
    weight: int
    formula: str


@dataclass(frozen=True)
class PaperRule:
    """A kind of paper and the points that each one adds; below zero it takes."""

    key: str
    name: str
    points: Fraction
    formula: str


@dataclass(frozen=True)
class Definitions:
    """One wording of the score sheet, in force from `valid_from` to `valid_to`, both included."""

    name: str
    source: str
    performance_share: int
    performance_source: str
    valid_from: date
    valid_to: date | None
    fewest: int
    indicators: tuple[Indicator, ...]
    papers: tuple[PaperRule, ...]

    def indicator(self, key: str) -> Indicator | None:
        return next((one for one in self.indicators if one.key == key), None)

    def key_of(self, purpose: str) -> str | None:
        """The indicator that counts clocks of this purpose; None for what the sheet does not measure."""
        return next((one.key for one in self.indicators if purpose.startswith(one.purposes)), None)

    @property
    def rules(self) -> tuple[str, ...]:
        """What holds for the whole table; printed under it before the formula of each indicator."""
        return (
            "分母为本期内到期的全部事项，逾期未办的计入；已合并、已撤回、已取消的和暂停计时的不计。",
            "到期以批准后的时限为准，按原时限（不计延长、暂停）另列；24:00到期的属当日；记在截止时的承办单位名下。",
            f"到期不足{self.fewest}件的指标不显示件数和比率，记“—”，权重按比例分给其余指标；各项都不足的不计得分。",
            "得分＝各项（比率×折算权重）之和，再加减文书分，最低0分，最高100分。",
        )


def plain(given: Definitions) -> dict[str, Any]:
    """The wording as JSON keeps it."""
    kept = {name: getattr(given, name) for name in ("name", "source", "performance_share")}
    kept |= {"performance_source": given.performance_source, "fewest": given.fewest}
    kept |= {"valid_from": str(given.valid_from), "valid_to": str(given.valid_to) if given.valid_to else None}
    kept["indicators"] = [vars(one) | {"purposes": list(one.purposes)} for one in given.indicators]
    kept["papers"] = [vars(one) | {"points": str(one.points)} for one in given.papers]
    return kept


def of_plain(kept: dict[str, Any]) -> Definitions:
    """The wording out of such JSON."""
    indicators = [Indicator(**one | {"purposes": tuple(one["purposes"])}) for one in kept["indicators"]]
    papers = [PaperRule(**one | {"points": Fraction(one["points"])}) for one in kept["papers"]]
    days = {
        name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("valid_from", "valid_to")
    }
    return Definitions(**kept | days | {"indicators": tuple(indicators), "papers": tuple(papers)})
