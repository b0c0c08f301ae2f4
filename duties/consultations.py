"""Public consultations (六、第1行第2项): at least 30 natural days or a published reason, then the outcome notice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import facts
from core.people import Actor, Unit
from duties.entries import task_of
from duties.models import Evidence
from duties.record_models import Consultation
from duties.stages import OFFICE, WORKERS, NotYours, Stage
from duties.words import ConsultationState, Refused
from escalation import clocks
from escalation.models import Outcome
from sla import local_date

RULE, CLAUSE = "duty.consultation", "6.1.2"
LEAST = timedelta(days=30)  # 《重大行政决策程序暂行条例》: 公开征求意见的期限一般不少于30日


@dataclass(frozen=True)
class Draft:
    """A consultation as it is entered. `channels` are lines of where it was published, each with its link."""

    title: str
    published_on: date
    closes_on: date
    outcome_due_on: date
    channels: str
    short_reason: str = ""


@dataclass(frozen=True)
class Notice:
    """The outcome: how many opinions came, how many were taken up, and where this was made public."""

    opinions: int
    adopted: int
    text: str
    link: str
    published_on: date


def state_of(row: Consultation, today: date) -> ConsultationState:
    """How it stands on a day: the closing day itself is still open."""
    if row.withdrawn_at is not None:
        return ConsultationState.WITHDRAWN
    if row.outcome_on is not None:
        return ConsultationState.PUBLISHED
    return ConsultationState.OPEN if today <= row.closes_on else ConsultationState.WAITING


def may_change(person: Actor, unit_id: int) -> bool:
    """The unit's own people and the supervising office."""
    return person.has(*OFFICE) or (person.unit_id == unit_id and person.has(*WORKERS))


def enter(session: Session, unit: Unit, draft: Draft, *, by: Actor, at: datetime) -> Consultation:
    """On the record, with a clock to the outcome notice. Raises Refused, NotYours."""
    if not may_change(by, unit.id):
        raise NotYours("只能登记本单位的征求意见")
    _check_days(draft, local_date(at))
    said = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    row = Consultation(unit_id=unit.id, **said, entered_at=at, entered_by_id=by.id, entered_by_name=by.name)
    session.add(row)
    session.flush()
    if draft.outcome_due_on >= local_date(at):
        label, link = f"{CLAUSE} {draft.title}", f"/duties/consultations/{row.id}"
        start = clocks.Start(row.subject, at, unit.id, label, link, draft.outcome_due_on)
        (clock,) = clocks.start_many(session, RULE, [start], by=by, at=at)
        row.clock_id = clock.id
    after = {"published_on": draft.published_on, "closes_on": draft.closes_on}
    _record(session, row, "enter", by, at, after=after, note=draft.short_reason)
    return row


def _check_days(draft: Draft, today: date) -> None:
    if draft.published_on > today:
        raise Refused("公布日期不能晚于今天", "published_on")
    if draft.closes_on <= draft.published_on:
        raise Refused("截止日期应在公布之后", "closes_on")
    earliest = draft.published_on + LEAST
    if draft.closes_on < earliest and not draft.short_reason:
        words = f"不足30日：截止日期最早应为{earliest.month}月{earliest.day}日，更短的须写明已公布的理由"
        raise Refused(words, "short_reason")
    if draft.outcome_due_on <= draft.closes_on:
        raise Refused("公布采纳情况的日期应在截止之后", "outcome_due_on")


def publish_outcome(session: Session, row: Consultation, notice: Notice, *, by: Actor, at: datetime) -> None:
    """采纳情况: ends the clock, and stands as evidence of the unit's task. Raises Refused, NotYours."""
    _still_open(session, row, by)
    if not row.closes_on < notice.published_on <= local_date(at):
        raise Refused("公布日期应在征求意见截止之后，且不晚于今天", "published_on")
    if notice.adopted > notice.opinions:
        raise Refused("采纳的条数不能多于收到的条数", "adopted")
    row.opinions, row.adopted = notice.opinions, notice.adopted
    row.outcome, row.outcome_link, row.outcome_on = notice.text, notice.link, notice.published_on
    _stop(session, row, Outcome.FULFILLED, by, at)
    after = {"opinions": notice.opinions, "adopted": notice.adopted}
    _record(session, row, "outcome", by, at, after=after | {"evidence": _prove(session, row, by, at)})


def _prove(session: Session, row: Consultation, by: Actor, at: datetime) -> int | None:
    task = task_of(session, year=row.published_on.year, clause=CLAUSE, unit_id=row.unit_id)
    if task is None or task.stage is not Stage.OPEN or row.outcome_on is None:
        return None
    proof = Evidence(task_id=task.id, what=f"采纳情况公告：{row.title}", happened_on=row.outcome_on)
    proof.link, proof.entered_at = row.outcome_link, at
    proof.entered_by_id, proof.entered_by_name = by.id, by.name
    session.add(proof)
    session.flush()
    return proof.id


def withdraw(session: Session, row: Consultation, reason: str, *, by: Actor, at: datetime) -> None:
    """撤回: the draft is not pursued; its clock ends without a verdict. Raises Refused, NotYours."""
    _still_open(session, row, by)
    row.withdrawn_at, row.withdrawn_reason = at, reason
    _stop(session, row, Outcome.CANCELLED, by, at)
    _record(session, row, "withdraw", by, at, note=reason)


def _still_open(session: Session, row: Consultation, by: Actor) -> None:
    if not may_change(by, row.unit_id):
        raise NotYours("只能办理本单位的征求意见")
    session.refresh(row, with_for_update={"of": Consultation})  # of two at once the second sees the first
    if row.withdrawn_at is not None or row.outcome_on is not None:
        raise Refused("这次征求意见已经结束，请刷新后再看")


def _stop(session: Session, row: Consultation, outcome: Outcome, by: Actor, at: datetime) -> None:
    if row.clock is not None and row.clock.stopped_at is None:
        clocks.halt(session, row.clock, outcome=outcome, stopped_at=at, by=by, at=at)


def _record(
    session: Session,
    row: Consultation,
    act: str,
    by: Actor,
    at: datetime,
    *,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    facts.record(session, facts.Entry(f"consultation:{act}", row.subject, by, at, after=after, note=note))
