"""Proposed entries for the page that confirms them: by year and section, and one filled into its form."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form

from core.people import Unit
from duties.clauses import section_of
from duties.proposals import known_clauses, named_units, rule_for
from duties.record_models import DutyProposal
from duties.words import ProposalState

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Proposed:
    """One entry; `taken` when the ledger of its year holds the clause already."""

    row: DutyProposal
    taken: bool


@dataclass(frozen=True)
class Group:
    """The entries of one section of one year."""

    year: int
    section: str
    source: str
    rows: tuple[Proposed, ...]

    @property
    def waiting(self) -> int:
        return sum(one.row.state is ProposalState.WAITING for one in self.rows)


def groups(session: Session) -> list[Group]:
    """All proposals, the latest year first; a list has some dozens of entries."""
    query = select(DutyProposal).order_by(DutyProposal.year.desc(), DutyProposal.position, DutyProposal.id)
    rows = session.scalars(query).all()
    known = {year: known_clauses(session, year) for year in {row.year for row in rows}}
    made: dict[tuple[int, str], list[DutyProposal]] = {}
    for row in rows:
        made.setdefault((row.year, section_of(row.clause)), []).append(row)
    return [
        Group(
            year,
            section,
            found[0].source,
            tuple(Proposed(row, row.clause in known[year]) for row in found),
        )
        for (year, section), found in made.items()
    ]


def filled(session: Session, row: DutyProposal, form: type[F]) -> F:
    """The form with what the reader proposes and the units that the words name."""
    units = session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)).all()
    return form(
        clause=row.clause,
        title=row.title,
        owed=row.owed,
        evidence_wanted="",
        kind=row.kind.value,
        rule=rule_for(row),
        quota=row.quota,
        due_on=row.due_on,
        leads=[str(unit_id) for unit_id in named_units(units, row.lead)],
        units=[str(unit_id) for unit_id in named_units(units, row.responsible)],
    )
