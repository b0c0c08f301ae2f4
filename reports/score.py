"""The arithmetic of a score: counts in, points out. Pure: no database, no time, exact fractions.

A rate of fewer than `fewest` cases is not formed; its weight goes to the others in proportion to theirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from reports.definitions import Definitions, Indicator, PaperRule

FULL = 100


@dataclass(frozen=True)
class Tally:
    """What fell due in a period. `by_origin`: how many kept the first limit, before extension and pause."""

    in_time: int = 0
    late: int = 0
    unanswered: int = 0
    by_origin: int = 0

    @property
    def fallen(self) -> int:
        """The denominator: everything that fell due, open overdue items included."""
        return self.in_time + self.late + self.unanswered

    def __add__(self, more: "Tally") -> "Tally":
        return Tally(
            self.in_time + more.in_time,
            self.late + more.late,
            self.unanswered + more.unanswered,
            self.by_origin + more.by_origin,
        )


Tallies = Mapping[str, Tally]
Served = Mapping[str, int]


@dataclass(frozen=True)
class Part:
    """One indicator of one unit; without enough cases there is neither rate nor weight nor points."""

    indicator: Indicator
    tally: Tally
    weight: Fraction | None
    rate: Fraction | None
    rate_by_origin: Fraction | None

    @property
    def points(self) -> Fraction | None:
        return None if self.weight is None or self.rate is None else self.weight * self.rate


@dataclass(frozen=True)
class Charge:
    """Papers of one kind that a unit was served, and what each adds or takes."""

    rule: PaperRule
    count: int

    @property
    def points(self) -> Fraction:
        return self.rule.points * self.count


@dataclass(frozen=True)
class Score:
    parts: tuple[Part, ...]
    charges: tuple[Charge, ...]
    total: Fraction | None


def score(definitions: Definitions, tallies: Tallies, served: Served) -> Score:
    """Points of the rates plus what papers add or take, within 0 and 100; no total without any rate."""
    counts = {one.key: tallies.get(one.key, Tally()) for one in definitions.indicators}
    enough = {key for key, tally in counts.items() if tally.fallen >= definitions.fewest}
    weights = spread({one.key: one.weight for one in definitions.indicators if one.key in enough})
    parts = tuple(_part(one, counts[one.key], weights.get(one.key)) for one in definitions.indicators)
    charges = tuple(Charge(rule, served.get(rule.key, 0)) for rule in definitions.papers)
    return Score(parts, charges, _total(parts, charges) if weights else None)


def spread(weights: Mapping[str, int]) -> dict[str, Fraction]:
    """The weights of what counts, in proportion, so that they make 100 again."""
    whole = sum(weights.values())
    return {key: Fraction(FULL * weight, whole) for key, weight in weights.items()} if whole else {}


def _part(indicator: Indicator, tally: Tally, weight: Fraction | None) -> Part:
    if weight is None:
        return Part(indicator, tally, None, None, None)
    fallen = tally.fallen
    return Part(indicator, tally, weight, Fraction(tally.in_time, fallen), Fraction(tally.by_origin, fallen))


def _total(parts: Iterable[Part], charges: Iterable[Charge]) -> Fraction:
    earned = sum((part.points for part in parts if part.points is not None), Fraction())
    moved = sum((charge.points for charge in charges), Fraction())
    return min(max(earned + moved, Fraction()), Fraction(FULL))


def together(many: Iterable[Tallies]) -> dict[str, Tally]:
    """The counts of several units as one."""
    found: dict[str, Tally] = {}
    for tallies in many:
        for key, tally in tallies.items():
            found[key] = found.get(key, Tally()) + tally
    return found


def decimal(value: Fraction) -> str:
    """One place, half rounded up, as it is printed, kept and exported."""
    tenths = int(abs(value) * 10 + Fraction(1, 2))
    return f"{'-' if value < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


def percent(rate: Fraction) -> str:
    """0.9183 is 91.8."""
    return decimal(rate * 100)
