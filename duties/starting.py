"""A year of the ledger, started from the catalogue. It may run again and again: what is missing is made, what is there
is left alone, and a unit that was released stays released.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from core import facts
from core.people import Actor, Unit
from duties import phones
from duties.catalogue import GROUPS, Catalogue, Entry, catalogue
from duties.entries import Owed, make_duty, make_tasks, rows_of, units_by_code
from duties.models import Duty, DutyTask
from duties.stages import Stage
from duties.terms import start_terms
from duties.words import Origin, Refused

FARTHEST = 2099


@dataclass
class Made:
    """What a start or a roll-over added; `unknown` are codes of the catalogue that no unit in use has."""

    duties: int = 0
    tasks: int = 0
    clocks: int = 0
    unknown: set[str] = field(default_factory=set)


def start(session: Session, year: int, *, by: Actor, at: datetime) -> Made:
    """Enter the catalogue for a year, or what a year already started still lacks. Raises Refused."""
    book = catalogue()
    if not book.first_year <= year <= FARTHEST:
        raise Refused(f"年份应在{book.first_year}年至{FARTHEST}年之间", "year")
    units, made = units_by_code(session), Made()
    known = {duty.key: duty for duty in duties_of(session, year)}
    released, tasks = released_units(session), []
    for entry in book.entries:
        duty = known.get(entry.clause) or _enter(session, book, entry, year, units, made, by, at)
        wanted = _wanted(entry, units, made) if duty.origin is Origin.CATALOGUE else {}
        tasks += _missing(session, duty, wanted, released)
    _begin(session, tasks, made, by=by, at=at)
    made.clocks += phones.open_rounds(session, year, by=by, at=at)
    record_made(session, year, made, "duty:start", by=by, at=at)
    return made


def duties_of(session: Session, year: int) -> Sequence[Duty]:
    """The published entries of a year."""
    query = select(Duty).where(Duty.year == year, Duty.key.is_not(None)).order_by(Duty.position, Duty.id)
    return session.scalars(query.options(selectinload(Duty.leads))).all()


def _enter(
    session: Session,
    book: Catalogue,
    entry: Entry,
    year: int,
    units: dict[str, Unit],
    made: Made,
    by: Actor,
    at: datetime,
) -> Duty:
    owed = Owed(
        year=year,
        clause=entry.clause,
        title=entry.title,
        owed=entry.owed,
        kind=entry.kind,
        evidence_wanted=entry.evidence,
        rule=entry.rule,
        quota=entry.quota,
        leaders=entry.leaders,
        due_on=entry.due_on(year),
        words=entry.words,
        source=f"{book.name} {entry.source}",
    )
    made.unknown.update(set(entry.lead) - units.keys())
    made.duties += 1
    return make_duty(session, owed, [units[code].id for code in entry.lead if code in units], by=by, at=at)


def _wanted(entry: Entry, units: dict[str, Unit], made: Made) -> dict[int, str]:
    """The rule of each unit that owes the entry, by unit id."""
    codes = dict.fromkeys(code for name in entry.responsible for code in _expanded(name, units))
    made.unknown.update(codes.keys() - units.keys())
    return {units[code].id: entry.rule_of(code) for code in codes if code in units}


def _expanded(name: str, units: dict[str, Unit]) -> Iterable[str]:
    if name not in GROUPS:
        return [name]
    return [code for code, unit in units.items() if unit.kind is GROUPS[name]]


def released_units(session: Session) -> dict[str, set[int]]:
    """For each clause the units whose latest task under it, of whatever year, was released."""
    latest = select(func.max(DutyTask.id)).join(Duty).where(Duty.key.is_not(None))
    latest = latest.group_by(Duty.key, DutyTask.unit_id)
    query = select(Duty.key, DutyTask.unit_id).join(Duty, Duty.id == DutyTask.duty_id)
    query = query.where(DutyTask.id.in_(latest), DutyTask.stage == Stage.RELEASED)
    found: dict[str, set[int]] = defaultdict(set)
    for key, unit_id in session.execute(query):
        found[key or ""].add(unit_id)
    return found


def _missing(
    session: Session, duty: Duty, wanted: dict[int, str], released: dict[str, set[int]]
) -> list[DutyTask]:
    there = {task.unit_id for task in rows_of(session, [duty])} if duty.id else set()
    out = there | released.get(duty.key or "", set())
    return make_tasks(duty, [(unit_id, rule) for unit_id, rule in wanted.items() if unit_id not in out])


def _begin(session: Session, tasks: Sequence[DutyTask], made: Made, *, by: Actor, at: datetime) -> None:
    session.add_all(tasks)
    session.flush()
    made.tasks += len(tasks)
    made.clocks += start_terms(session, tasks, by=by, at=at)


def record_made(session: Session, year: int, made: Made, act: str, *, by: Actor, at: datetime) -> None:
    """One fact for the whole, none when nothing was missing."""
    if made.duties or made.tasks or made.clocks:
        after = {"duties": made.duties, "tasks": made.tasks, "clocks": made.clocks}
        facts.record(session, facts.Entry(act, f"duty_year:{year}", by, at, after=after))
