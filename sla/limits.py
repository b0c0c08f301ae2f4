"""Time limits as data: what is due when, who hears what before and after, and the text it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

AUDIENCES = ("handler", "contact", "leader", "supervisor", "watch")
UNITS = ("workdays", "days", "hours", "dated")
DEED = "办结"


class UnknownLimit(LookupError):
    """No rule with this key is in force on the day asked for."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `offset` in hours for an hour limit, else in working days from the due day."""

    key: str
    name: str
    offset: int
    audience: tuple[str, ...]
    paper: str = ""  # the kind of official paper that this rung calls for


@dataclass(frozen=True, slots=True)
class Limit:
    """A term in working days, natural days or clock hours, or `dated`: the subject names the day itself.

    `valid_to` is the last day on which it may start.

    `ladder` is in order of offset, `opens` and `closes` are office hours in Shanghai, `basis` quotes the
    rule, `rev` names this wording of it. `extension` is what may be granted once, in the unit of the term, by
    `extension_basis`; `pause_grounds` are the only grounds on which the clock may stand still. Where both are
    empty, an extension or a pause is unlawful. `deed` is what stops the clock, as notices call it; `of` is
    the kind of matter: only limits of one kind may take each other's place, and lists of that kind count them.
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
    days: int | None = None
    extension: int = 0
    extension_basis: str = ""
    pause_grounds: tuple[str, ...] = ()
    dated: bool = False
    deed: str = DEED
    of: str = ""

    def __post_init__(self) -> None:
        given = [term for term in (self.workdays, self.days, self.hours) if term is not None]
        if len(given) + self.dated != 1:
            raise ValueError(f"limit {self.key}: give exactly one of workdays, days, hours and dated")
        if min([*given, self.extension]) < 0:
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

    def keys_of(self, kind: str) -> tuple[str, ...]:
        """The rules under which matters of this kind may run."""
        return tuple(dict.fromkeys(limit.key for limit in self.limits if limit.of == kind))
