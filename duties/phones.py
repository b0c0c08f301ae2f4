"""Spot checks of the published phones (七、第3行第2项: open in working hours): each unit once a quarter.

One clock a quarter for the office that checks, fulfilled by the check of the last unit; a check that failed opens a
task of the unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core import facts
from core.people import Actor, Unit
from duties.entries import Mending, rectify, task_of
from duties.models import Duty, DutyTask
from duties.record_models import PhoneCheck
from duties.stages import OFFICE, RUNNING, NotYours, Stage
from duties.terms import NUMERALS, quarter_end
from duties.words import Origin, Refused
from escalation import clocks
from escalation.models import Clock, Outcome
from escalation.rules import calendar, limit_for
from sla import SHANGHAI, end_of_day, local_date
from sla.office import is_open

RULE, CLAUSE = "duty.phone", "7.3.2a"
MEND_WORKDAYS = 5  # our default for putting a dead phone right; the list names no term
LATEST = 10  # days: longer than any holiday; a call is entered while it is remembered


@dataclass(frozen=True)
class Call:
    """One check as it was made; `mend_by` only where it failed."""

    answered: bool
    result: str
    checked_at: datetime
    mend_by: date | None = None


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, at: datetime) -> "Quarter":
        today = local_date(at)
        return cls(today.year, (today.month - 1) // 3 + 1)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From its first moment to before the first of the next, in UTC."""
        first = datetime.combine(date(self.year, 3 * self.number - 2, 1), time(), SHANGHAI).astimezone(UTC)
        return first, end_of_day(quarter_end(self.year, self.number))

    @property
    def subject(self) -> str:
        """How its clock is named."""
        return f"phone_round:{self.year}-{self.number}"

    @property
    def words(self) -> str:
        return f"{self.year}年第{NUMERALS[self.number - 1]}季度"


def open_rounds(session: Session, year: int, *, by: Actor, at: datetime) -> int:
    """The clocks of the quarters that are not over yet, for the first unit that leads the clause; how many are new."""
    lead_id = _checking_unit(session, year)
    if lead_id is None:
        return 0
    made = 0
    for number in (1, 2, 3, 4):
        quarter, last = Quarter(year, number), quarter_end(year, number)
        if last >= local_date(at) and clocks.find(session, quarter.subject, RULE) is None:
            label = f"{CLAUSE} 对外联系电话抽查（{quarter.words}）"
            link = f"/duties/phones?year={year}&quarter={number}"
            start = clocks.Start(quarter.subject, at, lead_id, label, link, last)
            clocks.start_many(session, RULE, [start], by=by, at=at)
            made += 1
    return made


def _checking_unit(session: Session, year: int) -> int | None:
    query = select(Duty).where(Duty.year == year, Duty.key == CLAUSE).options(selectinload(Duty.leads))
    duty = session.scalar(query)
    return min(duty.lead_ids, default=None) if duty else None


def register(session: Session, year: int) -> Sequence[Unit]:
    """The units whose phones are checked: those that owe the clause in this year."""
    query = select(Unit).join(DutyTask, DutyTask.unit_id == Unit.id).join(Duty, Duty.id == DutyTask.duty_id)
    query = query.where(Duty.year == year, Duty.key == CLAUSE, DutyTask.stage != Stage.RELEASED)
    return session.scalars(query.order_by(Unit.kind, Unit.id)).all()


def checks_of(session: Session, quarter: Quarter) -> Sequence[PhoneCheck]:
    """The calls of a quarter, the latest first."""
    first, last = quarter.span
    query = select(PhoneCheck).where(PhoneCheck.checked_at >= first, PhoneCheck.checked_at < last)
    return session.scalars(query.order_by(PhoneCheck.checked_at.desc(), PhoneCheck.id.desc())).all()


def record_check(session: Session, unit: Unit, call: Call, *, by: Actor, at: datetime) -> PhoneCheck:
    """One call on the record; the last unit's fulfils the round. Raises Refused, NotYours."""
    if not by.has(*OFFICE):
        raise NotYours("只有督办员可以登记抽查")
    quarter = Quarter.of(call.checked_at)
    task = task_of(session, year=quarter.year, clause=CLAUSE, unit_id=unit.id)
    if task is None:
        raise Refused(f"{unit.name}没有{CLAUSE}这一条任务，不在抽查名单上", "unit")
    _check_moment(call, at)
    row = PhoneCheck(unit_id=unit.id, phone=unit.phone, checked_at=call.checked_at, answered=call.answered)
    row.result, row.by_id, row.by_name = call.result, by.id, by.name
    if not call.answered:
        row.task_id = _mended_by(session, task, call, by, at)
    session.add(row)
    session.flush()
    _close_round(session, quarter, by, at)
    after = {"answered": call.answered, "task": row.task_id}
    facts.record(session, facts.Entry("phone:check", f"unit:{unit.id}", by, at, after=after))
    return row


def _check_moment(call: Call, at: datetime) -> None:
    if call.checked_at > at:
        raise Refused("抽查时间不能晚于现在", "checked_at")
    if (local_date(at) - local_date(call.checked_at)).days > LATEST:
        raise Refused(f"请在抽查后{LATEST}日内登记", "checked_at")
    if not is_open(call.checked_at, limit_for(RULE, call.checked_at), calendar()):
        raise Refused("抽查应在工作日的工作时间内进行", "checked_at")


def _mended_by(session: Session, task: DutyTask, call: Call, by: Actor, at: datetime) -> int:
    """The task that puts the phone right: one that is open already serves for a second failure too."""
    query = (
        select(DutyTask.id).join(Duty).where(Duty.origin == Origin.PHONE, DutyTask.unit_id == task.unit_id)
    )
    open_id = session.scalar(query.where(DutyTask.stage.in_(RUNNING)).limit(1))
    if open_id is not None:
        return open_id
    due_on = call.mend_by or calendar().add_workdays(local_date(at), MEND_WORKDAYS)
    words = f"抽查时未接通：{call.result}。请查明原因，保证工作时间有人接听，并核对公开的号码。"
    mending = Mending("整改：对外联系电话未接通", words, due_on, Origin.PHONE)
    return rectify(session, task, mending, by=by, at=at).id


def _close_round(session: Session, quarter: Quarter, by: Actor, at: datetime) -> None:
    """The row is locked before counting: of two last calls at once the second sees the first."""
    open_clock = select(Clock).where(Clock.subject == quarter.subject, Clock.stopped_at.is_(None))
    clock = session.scalar(open_clock.with_for_update().execution_options(populate_existing=True))
    if clock is None:
        return
    called = {check.unit_id for check in checks_of(session, quarter)}
    if {unit.id for unit in register(session, quarter.year)} <= called:
        clocks.halt(session, clock, outcome=Outcome.FULFILLED, stopped_at=at, by=by, at=at)
