"""The rows of the ledger in words: what pages and exports print of each task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people import Unit
from duties.clauses import clause_words
from duties.kinds import DutyKind
from duties.lights import last_day, light_of
from duties.models import DutyTask, Evidence, Progress, SignOff
from duties.quotas import Tally, tallies
from duties.stages import Stage
from escalation.ruler_scene import day_words
from escalation.ruler_words import LightWords
from sla import local_date


@dataclass(frozen=True)
class Row:
    """One task. `due` is the next day it is due on, `counted` the count against a quota, `sign_off` who did what."""

    id: int
    clause: str
    title: str
    owed: str
    kind: str
    lead: str
    unit: str
    due: str
    counted: str
    light: LightWords
    stage: Stage
    progress: str
    progress_on: str
    evidence: int
    proofs: tuple[str, ...]
    done_on: str
    sign_off: str


def build(session: Session, tasks: Sequence[DutyTask], *, at: datetime) -> tuple[Row, ...]:
    """The words of these tasks, which come with entry, unit and clock; four queries whatever their number."""
    ids = [task.id for task in tasks]
    told, proofs = _latest_progress(session, ids), _proofs(session, ids)
    signed, counts = _sign_offs(session, ids), tallies(session, [t.id for t in tasks if t.duty.quota])
    return tuple(
        _row(task, told.get(task.id), proofs.get(task.id, []), signed.get(task.id), counts, at)
        for task in tasks
    )


def _row(
    task: DutyTask,
    told: Progress | None,
    proofs: list[Evidence],
    signed: SignOff | None,
    counts: dict[int, Tally],
    at: datetime,
) -> Row:
    duty, year = task.duty, local_date(at).year
    done = signed.asked_at if signed and task.stage is Stage.SIGNED_OFF else None
    return Row(
        id=task.id,
        clause=clause_words(duty.clause),
        title=duty.title,
        owed=duty.owed,
        kind=duty.kind.label,
        lead=lead_words([lead.unit for lead in duty.leads]),
        unit=task.unit.short_name,
        due=_day(task.clock.due_on if task.clock else last_day(duty), year),
        counted=count_words(counts.get(task.id, Tally()), task) if duty.kind is DutyKind.QUOTA else "",
        light=light_of(task, at),
        stage=task.stage,
        progress=told.text if told else "",
        progress_on=_day(local_date(told.at), year) if told else "",
        evidence=len(proofs),
        proofs=tuple(_proof_words(proof) for proof in proofs),
        done_on=_day(local_date(done), year) if done else "",
        sign_off=_sign_off_words(task.stage, signed),
    )


def lead_words(units: Sequence[Unit]) -> str:
    """县府办、县信访办; "" where the list leaves the cell blank."""
    return "、".join(unit.short_name for unit in units)


def count_words(tally: Tally, task: DutyTask) -> str:
    """3/4次，带头1/2."""
    duty = task.duty
    led = f"，带头{tally.leaders}/{duty.leaders}" if duty.leaders else ""
    return f"{tally.events}/{duty.quota}次{led}"


def _proof_words(proof: Evidence) -> str:
    where = proof.link or proof.file_name
    return f"{proof.happened_on:%Y-%m-%d} {proof.what}（{where}）" if where else proof.what


def _sign_off_words(stage: Stage, signed: SignOff | None) -> str:
    if signed is None:
        return ""
    if stage is Stage.SIGNED_OFF:
        return f"{signed.asked_by_name}申请，{signed.ruled_by_name}核查销号"
    return f"{signed.asked_by_name}申请" if stage is Stage.REPORTED else ""


def _day(day: date, year: int) -> str:
    """9月30日, or with the year when it is another one."""
    return day_words(day) if day.year == year else f"{day.year}年{day_words(day)}"


def _latest_progress(session: Session, ids: Sequence[int]) -> dict[int, Progress]:
    latest = select(func.max(Progress.id)).where(Progress.task_id.in_(ids)).group_by(Progress.task_id)
    rows = session.scalars(select(Progress).where(Progress.id.in_(latest)))
    return {row.task_id: row for row in rows}


def _sign_offs(session: Session, ids: Sequence[int]) -> dict[int, SignOff]:
    latest = select(func.max(SignOff.id)).where(SignOff.task_id.in_(ids)).group_by(SignOff.task_id)
    return {row.task_id: row for row in session.scalars(select(SignOff).where(SignOff.id.in_(latest)))}


def _proofs(session: Session, ids: Sequence[int]) -> dict[int, list[Evidence]]:
    query = select(Evidence).where(Evidence.task_id.in_(ids), Evidence.struck_at.is_(None))
    found: dict[int, list[Evidence]] = {}
    for proof in session.scalars(query.order_by(Evidence.happened_on, Evidence.id)):
        found.setdefault(proof.task_id, []).append(proof)
    return found
