"""Making entries and giving them to units. None of these commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager

from core import facts
from core.people import Actor, Unit
from duties.catalogue import YEAR_RULE
from duties.clauses import position_of, section_of
from duties.kinds import DutyKind
from duties.models import Duty, DutyLead, DutyTask, Rectification
from duties.stages import OFFICE, NotYours, Stage
from duties.terms import PERIOD_RULE, start_terms
from duties.words import Origin, Refused
from sla import local_date

DAY_RULE, RECTIFY_RULE = "duty.date", "duty.rectify"


@dataclass(frozen=True)
class Owed:
    """What an entry says, wherever it came from. A published clause is its `key`."""

    year: int
    clause: str
    title: str
    owed: str
    kind: DutyKind
    evidence_wanted: str = ""
    rule: str = YEAR_RULE
    quota: int = 0
    leaders: int = 0
    due_on: date | None = None
    words: str = ""
    source: str = ""
    origin: Origin = Origin.CATALOGUE

    @property
    def key(self) -> str | None:
        return self.clause if self.origin in (Origin.CATALOGUE, Origin.PROPOSAL) else None


def make_duty(session: Session, owed: Owed, lead_ids: Iterable[int], *, by: Actor, at: datetime) -> Duty:
    """The row of an entry with its lead units; the act that caused it writes the fact."""
    said = {name: getattr(owed, name) for name in owed.__dataclass_fields__}
    place = {"position": position_of(owed.clause), "section": section_of(owed.clause), "key": owed.key}
    duty = Duty(**said, **place, entered_at=at, entered_by_id=by.id)
    duty.leads = [DutyLead(unit_id=unit_id) for unit_id in sorted(set(lead_ids))]
    session.add(duty)
    return duty


def make_tasks(duty: Duty, units: Iterable[tuple[int, str]]) -> list[DutyTask]:
    """One task for each (unit, rule), not yet added."""
    return [DutyTask(duty=duty, unit_id=unit_id, rule=rule, stage=Stage.OPEN) for unit_id, rule in units]


def assign(session: Session, duty: Duty, unit: Unit, reason: str, *, by: Actor, at: datetime) -> DutyTask:
    """Give the duty to one more unit, from now on. Raises Refused, NotYours."""
    if not by.has(*OFFICE):
        raise NotYours("只有督办员可以增加责任单位")
    if not unit.active:
        raise Refused(f"{unit.name}已停用", "unit")
    there = select(DutyTask.id).where(DutyTask.duty_id == duty.id, DutyTask.unit_id == unit.id)
    if session.scalar(there.where(DutyTask.stage != Stage.RELEASED).limit(1)) is not None:
        raise Refused(f"{unit.name}已经承担这一条", "unit")
    # of a publication only the office that publishes runs by periods
    rule = YEAR_RULE if duty.rule == PERIOD_RULE else duty.rule
    (task,) = make_tasks(duty, [(unit.id, rule)])
    session.add(task)
    flush_or_refuse(session, f"刚刚有人增加了{unit.name}，请刷新后再看", "unit")
    start_terms(session, [task], by=by, at=at)
    after = {"unit": unit.name, "task": task.id}
    facts.record(session, facts.Entry("duty:assign", duty.subject, by, at, after=after, note=reason))
    return task


def flush_or_refuse(session: Session, words: str, field: str) -> None:
    """Two people at the same moment: the database's own key says who was second. Raises Refused."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(words, field) from error


@dataclass(frozen=True)
class Mending:
    """What is to be put right and by when."""

    title: str
    what: str
    due_on: date
    origin: Origin


def rectify(session: Session, task: DutyTask, mending: Mending, *, by: Actor, at: datetime) -> DutyTask:
    """整改: an entry of its own with a day, for the unit whose task was found wanting. Raises Refused, NotYours."""
    if not by.has(*OFFICE):
        raise NotYours("只有督办员可以交办整改")
    today = local_date(at)
    if mending.due_on <= today:
        raise Refused("整改期限应在今天之后", "due_on")
    about = task.duty
    owed = Owed(
        year=today.year,
        clause=about.clause,
        title=mending.title,
        owed=mending.what,
        kind=DutyKind.DATE,
        evidence_wanted=about.evidence_wanted,
        rule=RECTIFY_RULE,
        due_on=mending.due_on,
        words=about.words,
        source=about.source,
        origin=mending.origin,
    )
    duty = make_duty(session, owed, about.lead_ids, by=by, at=at)
    (made,) = make_tasks(duty, [(task.unit_id, RECTIFY_RULE)])
    session.add(made)
    session.flush()
    session.add(Rectification(task_id=made.id, about_id=task.id))
    start_terms(session, [made], by=by, at=at)
    after = {"task": made.id, "due_on": mending.due_on}
    facts.record(session, facts.Entry("duty:rectify", task.subject, by, at, after=after, note=mending.what))
    return made


def units_by_code(session: Session) -> dict[str, Unit]:
    """The units in use."""
    return {unit.code: unit for unit in session.scalars(select(Unit).where(Unit.active).order_by(Unit.id))}


def task_of(session: Session, *, year: int, clause: str, unit_id: int) -> DutyTask | None:
    """A unit's present task under a published clause, with its entry."""
    query = select(DutyTask).join(DutyTask.duty).where(Duty.year == year, Duty.key == clause)
    query = query.where(DutyTask.unit_id == unit_id, DutyTask.stage != Stage.RELEASED)
    return session.scalar(query.options(contains_eager(DutyTask.duty)).limit(1))


def rows_of(session: Session, duties: Sequence[Duty]) -> list[DutyTask]:
    """Every task of these entries, released ones too, in the order in which they were made."""
    query = select(DutyTask).where(DutyTask.duty_id.in_([duty.id for duty in duties]))
    return list(session.scalars(query.order_by(DutyTask.id)))
