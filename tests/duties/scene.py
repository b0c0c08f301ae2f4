"""The ledger of 2026, started on Monday 5 January 2026; the housing unit is the handler's."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session, joinedload

from core.db import Database
from core.facts import FactTip
from core.people import SYSTEM, Actor, Person, Role, Unit
from core.people_service import add_person
from duties import service, starting
from duties.models import Duty, DutyTask, DutyTerm, Evidence
from duties.service import Proof
from duties.stages import Act, Stage
from duties.words import PressForm
from escalation.models import Clock
from sla import SHANGHAI
from tests.conftest import _put_back, _rows
from tests.people import People

STARTED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
YEAR = 2026
QUOTA, PERIOD, PLAIN, REPORT = "6.3.2", "7.3.1b", "6.1.1", "14.3.5"


def on(day: date, hour: int = 10) -> datetime:
    """An hour of a day in Shanghai."""
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI)


def started(db: Database, *, year: int = YEAR, at: datetime = STARTED) -> starting.Made:
    """The year begun from the catalogue. The plain one is made once for each process, then put back."""
    before = _tip(db)
    if (year, at) == (YEAR, STARTED) and (kept := _kept.get((db.is_sqlite, before))):
        _put_back(db, kept.rows)
        with db.engine.begin() as connection:
            connection.execute(update(FactTip).values(**kept.tip))
        return kept.made
    old = dict(_rows(db))
    with db.writing() as session:
        made = starting.start(session, year, by=SYSTEM, at=at)
    if (year, at) == (YEAR, STARTED):
        rows = [(table, [row for row in now if row not in old.get(table, [])]) for table, now in _rows(db)]
        (tip,) = next(now for table, now in rows if table.name == "fact_tip")
        _kept[db.is_sqlite, before] = Kept(made, [p for p in rows if p[1] and p[0].name != "fact_tip"], tip)
    return made


@dataclass(frozen=True)
class Kept:
    """What a start wrote, to be put back upon the very same beginning."""

    made: starting.Made
    rows: list[tuple[Table, list[dict[str, Any]]]]
    tip: dict[str, Any]


_kept: dict[tuple[bool, tuple[bytes, int]], Kept] = {}


def _tip(db: Database) -> tuple[bytes, int]:
    """How the chain of facts ends, and the units in use: the same end means the same beginning."""
    with db.reading() as session:
        units = session.scalar(select(func.count()).where(Unit.active)) or 0
        return session.scalar(select(FactTip.mac)) or b"", units


def task_of(session: Session, clause: str, unit: str = "housing", *, year: int = YEAR) -> DutyTask:
    """The latest task of a unit under a clause."""
    query = select(DutyTask).join(DutyTask.duty).join(Unit, Unit.id == DutyTask.unit_id)
    query = query.where(Duty.year == year, Duty.clause == clause, Unit.code == unit)
    found = session.scalars(query.options(joinedload(DutyTask.duty)).order_by(DutyTask.id.desc()))
    return found.first() or _missing(clause, unit)


def _missing(clause: str, unit: str) -> DutyTask:
    raise LookupError(f"{clause} {unit}")


def proof(day: date = date(2026, 1, 4), **changes: Any) -> Proof:
    """A proof by a link."""
    return Proof(**{"what": "政策解读情况", "happened_on": day, "link": "https://example.gov.cn/1"} | changes)


def event(day: date, *, leader: bool = False, **changes: Any) -> Proof:
    """A press event."""
    said = {"what": "住房保障政策新闻通气会", "form": PressForm.BRIEFING, "speaker": "黎永康 主任"}
    said |= {"by_leader": leader, "column_link": "https://example.gov.cn/zcjd/1"}
    return proof(day, **said | changes)


def entered(
    db: Database, people: People, *proofs: Proof, clause: str = QUOTA, at: datetime, unit: str = "housing"
) -> list[int]:
    """These proofs on the record, by a person of the unit; their ids."""
    with db.writing() as session:
        by, task = somebody(session, unit, people), task_of(session, clause, unit)
        return [service.enter_evidence(session, task, proof, by=by, at=at).id for proof in proofs]


def somebody(session: Session, unit: str, people: People) -> Actor:
    """A person of the unit who may report."""
    if unit == "housing":
        return people.handler
    found = session.scalars(select(Unit).where(Unit.code == unit)).one()
    login = f"worker.{unit}"
    person = session.scalar(select(Person).where(Person.login == login))
    if person is None:
        roles = [Role.HANDLER]
        more = {"name": "经办", "title": "", "unit": found, "roles": roles, "by": SYSTEM, "at": STARTED}
        person, _password = add_person(session, login=login, **more)
    return person.actor


def struck(db: Database, people: People, evidence_id: int, *, clause: str = QUOTA, at: datetime) -> None:
    with db.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        service.strike(session, task_of(session, clause), evidence, "活动没有办", by=people.supervisor, at=at)


def clocks_of(db: Database, clause: str, unit: str = "housing", *, year: int = YEAR) -> dict[str, Clock]:
    """The latest clock of each term by name."""
    with db.reading() as session:
        task = task_of(session, clause, unit, year=year)
        terms = session.scalars(select(DutyTerm).where(DutyTerm.task_id == task.id).order_by(DutyTerm.round))
        return {term.name: term.clock for term in terms}


def at_stage(session: Session, people: People, stage: Stage, at: datetime, clause: str = PLAIN) -> DutyTask:
    """The housing unit's task, brought to this stage by lawful acts only."""
    task = task_of(session, clause)
    if stage is Stage.OPEN:
        return task
    service.enter_evidence(session, task, proof(), by=people.handler, at=at)
    if stage is Stage.RELEASED:
        service.release(session, task, "职责已划转", by=people.supervisor, at=at)
        return task
    service.request_sign_off(session, task, "已完成", by=people.handler, at=at)
    if stage is Stage.SIGNED_OFF:
        service.rule_on_sign_off(session, task, granted=True, ruling="属实", by=people.supervisor, at=at)
    return task


def perform(session: Session, people: People, task: DutyTask, act: Act, at: datetime) -> None:
    """The act by a person who may do it."""
    unit, office = people.handler, people.supervisor

    def kept() -> Evidence:
        row = session.scalar(select(Evidence).where(Evidence.task_id == task.id).order_by(Evidence.id.desc()))
        if row is None:
            row = Evidence(task_id=task.id, what="旧佐证", happened_on=date(2026, 1, 4), entered_at=at)
            row.link, row.entered_by_name = "https://example.gov.cn/0", "旧系统"
            session.add(row)
            session.flush()
        return row

    ruling = {"ruling": "已核查", "by": office, "at": at}
    verbs = {
        Act.PROGRESS: lambda: service.report_progress(session, task, "正在办理", by=unit, at=at),
        Act.EVIDENCE: lambda: service.enter_evidence(session, task, proof(), by=unit, at=at),
        Act.LINK: lambda: service.add_link(session, task, kept(), "https://a.cn", by=unit, at=at),
        Act.STRIKE: lambda: service.strike(session, task, kept(), "重复", by=unit, at=at),
        Act.REQUEST: lambda: (kept(), service.request_sign_off(session, task, "完成", by=unit, at=at)),
        Act.SIGN_OFF: lambda: service.rule_on_sign_off(session, task, granted=True, **ruling),
        Act.SEND_BACK: lambda: service.rule_on_sign_off(session, task, granted=False, **ruling),
        Act.RELEASE: lambda: service.release(session, task, "职责已划转", by=office, at=at),
    }
    verbs[act]()
