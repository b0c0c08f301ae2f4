"""The register of published phones for one quarter: who was called, how it went, who is still to be called."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.people import Actor, Unit
from duties.phones import RULE, Quarter, checks_of, register
from duties.record_models import PhoneCheck
from duties.timeline import moment_words
from duties.visibility import SEES_ALL
from escalation import clocks
from escalation.notice_words import light_of
from escalation.ruler_words import LightWords


@dataclass(frozen=True)
class Line:
    """One unit with its latest check of the quarter, if any."""

    unit: Unit
    check: PhoneCheck | None
    at: str
    tries: int


@dataclass(frozen=True)
class PhonePage:
    words: str
    lines: tuple[Line, ...]
    light: LightWords | None

    @property
    def called(self) -> int:
        return sum(line.check is not None for line in self.lines)

    @property
    def failed(self) -> int:
        return sum(line.check is not None and not line.check.answered for line in self.lines)


def build(session: Session, person: Actor, quarter: Quarter, *, at: datetime) -> PhonePage:
    """All units for the offices that see all, one's own for the others."""
    units = [u for u in register(session, quarter.year) if person.has(*SEES_ALL) or u.id == person.unit_id]
    checks: dict[int, list[PhoneCheck]] = {}
    for check in checks_of(session, quarter):
        checks.setdefault(check.unit_id, []).append(check)
    clock = clocks.find(session, quarter.subject, RULE)
    lines = tuple(_line(unit, checks.get(unit.id, []), at) for unit in units)
    return PhonePage(quarter.words, lines, light_of(clock, at) if clock else None)


def _line(unit: Unit, checks: list[PhoneCheck], at: datetime) -> Line:
    last = checks[0] if checks else None
    return Line(unit, last, moment_words(last.checked_at, at) if last else "", len(checks))
