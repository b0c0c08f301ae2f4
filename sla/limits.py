"""Time limits as data: what is due when, who hears what before and after, and the text it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

AUDIENCES = ("handler", "contact", "leader", "supervisor")


class UnknownLimit(LookupError):
    """No rule with this key is in force on the day asked for."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `offset` in working days from the due day, or in hours for an hour limit."""

    key: str
    name: str
    offset: int
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A term of either working days or clock hours; `valid_to` is the last day on which it may be started.

    `ladder` is in order of offset, `opens` and `closes` are office hours in Shanghai, `basis` quotes the
    rule, `rev` names this wording of it.
    """

    key: str
    name: str
    workdays: int | None = None
    hours: int | None = None
    ladder: tuple[Rung, ...] = ()
    basis: str = ""
    valid_from: date = date.min
    valid_to: date | None = None
    opens: time = time(9)
    closes: time = time(18)
    rev: str = ""

    def __post_init__(self) -> None:
        if (self.workdays is None) == (self.hours is None):
            raise ValueError(f"limit {self.key}: give either workdays or hours")
        if (self.workdays or self.hours or 0) < 0:
            raise ValueError(f"limit {self.key}: a term cannot be negative")

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class LimitBook:
    """Every rule, past and present; the periods of one key never overlap (load_limits checks it)."""

    def __init__(self, limits: Iterable[Limit]) -> None:
        self.limits = tuple(limits)

    def at(self, key: str, day: date) -> Limit:
        """The rule with this key in force on this day; UnknownLimit if there is none."""
        for limit in self.limits:
            if limit.key == key and limit.in_force(day):
                return limit
        raise UnknownLimit(f"{day}没有生效的时限规则“{key}”")

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(limit.key for limit in self.limits))
