"""The roll-over of a year: last year's published entries are carried into the new one, the old rows stay.

Level-triggered, as a command and as a job: whatever the year still lacks is made, and nothing twice. A unit that was
released is not carried, a period goes on from its last record, and an entry with a day of its own recurs only when
the catalogue says so.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.people import Actor
from duties import phones
from duties.counting import last_record
from duties.entries import Owed, make_duty, make_tasks, rows_of, units_by_code
from duties.kinds import DutyKind
from duties.models import Duty, DutyTask
from duties.stages import Stage
from duties.starting import Made, duties_of, record_made
from duties.terms import PERIOD_RULE, end_terms, running_terms, start_terms
from duties.words import Origin
from escalation.models import Outcome


@dataclass(frozen=True)
class Pair:
    """A task of the new year and the one it was carried from."""

    new: DutyTask
    old: DutyTask


def roll_over(session: Session, year: int, *, by: Actor, at: datetime) -> Made:
    """Carry the year before into `year`."""
    made, pairs = Made(), []
    before, there = duties_of(session, year - 1), {duty.key: duty for duty in duties_of(session, year)}
    rows, taken = _owed_rows(session, before), _taken(session, list(there.values()))
    for old in before:
        if rows[old.id] and _recurs(old):
            duty = there.get(old.key) or _carried(session, old, made, by, at)
            pairs += _carry(duty, rows[old.id], taken[duty.id] if duty.id else set())
    session.add_all([pair.new for pair in pairs])
    session.flush()
    made.tasks = len(pairs)
    since = _periods(session, pairs, by=by, at=at)
    made.clocks = start_terms(session, [pair.new for pair in pairs], since=since, by=by, at=at)
    made.clocks += phones.open_rounds(session, year, by=by, at=at)
    record_made(session, year, made, "duty:roll_over", by=by, at=at)
    return made


def _recurs(duty: Duty) -> bool:
    return duty.kind is not DutyKind.DATE or duty.origin is Origin.CATALOGUE


def _owed_rows(session: Session, duties: Sequence[Duty]) -> defaultdict[int, list[DutyTask]]:
    """What is still owed of these entries by units in use."""
    in_use = {unit.id for unit in units_by_code(session).values()}
    found: defaultdict[int, list[DutyTask]] = defaultdict(list)
    for row in rows_of(session, duties):
        if row.stage is not Stage.RELEASED and row.unit_id in in_use:
            found[row.duty_id].append(row)
    return found


def _taken(session: Session, duties: Sequence[Duty]) -> defaultdict[int, set[int]]:
    """The units that have a task already, released ones too."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows_of(session, duties):
        found[row.duty_id].add(row.unit_id)
    return found


def _carried(session: Session, old: Duty, made: Made, by: Actor, at: datetime) -> Duty:
    said = {name: getattr(old, name) for name in Owed.__dataclass_fields__}
    owed = Owed(**said | {"year": old.year + 1, "due_on": _a_year_on(old.due_on)})
    made.duties += 1
    return make_duty(session, owed, old.lead_ids, by=by, at=at)


def _a_year_on(day: date | None) -> date | None:
    if day is None:
        return None
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + 1, day.month, last)


def _carry(duty: Duty, rows: Sequence[DutyTask], taken: set[int]) -> list[Pair]:
    wanted = [row for row in rows if row.unit_id not in taken]
    made = make_tasks(duty, [(row.unit_id, row.rule) for row in wanted])
    return [Pair(new, old) for new, old in zip(made, wanted, strict=True)]


def _periods(session: Session, pairs: Sequence[Pair], *, by: Actor, at: datetime) -> dict[int, datetime]:
    """From when each period of the new year runs. The old clock ends: one publication is not owed twice."""
    since = {}
    for pair in pairs:
        if pair.old.rule != PERIOD_RULE:
            continue
        running = running_terms(session, pair.old)
        begun = last_record(session, pair.old, at) or min((t.clock.started_at for t in running), default=at)
        since[pair.new.id] = begun
        end_terms(session, pair.old, running, Outcome.CANCELLED, stopped_at=at, by=by, at=at)
    return since
