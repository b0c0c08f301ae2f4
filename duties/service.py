"""The acts on a task: check, change, write one fact. The caller commits.

A task is signed off by another person than the one who asked, and only with evidence. The clock of a signed-off task
stops at the moment of the request: the check takes no time away from the unit.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from core import facts, files
from core.people import Actor
from duties import counting
from duties.kinds import DutyKind
from duties.models import DutyTask, Evidence, Progress, SignOff
from duties.stages import Act, NotYours, Stage, may_act, step
from duties.terms import end_terms, quarter_end, running_terms
from duties.words import PressForm, Refused
from escalation.models import Outcome
from sla import local_date


@dataclass(frozen=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Proof:
    """What is entered as evidence: a file or a link; of an event also its form and who spoke."""

    what: str
    happened_on: date
    link: str = ""
    upload: Upload | None = None
    form: PressForm | None = None
    speaker: str = ""
    by_leader: bool = False
    column_link: str = ""


def report_progress(session: Session, task: DutyTask, text: str, *, by: Actor, at: datetime) -> None:
    """填报进展."""
    task.stage = _allowed(task, Act.PROGRESS, by)
    session.add(Progress(task_id=task.id, text=text, by_id=by.id, by_name=by.name, at=at))
    _record(session, task, Act.PROGRESS, by, at)


def enter_evidence(session: Session, task: DutyTask, proof: Proof, *, by: Actor, at: datetime) -> Evidence:
    """提交佐证; what it fulfils stops at once, and a period begins anew. Raises Refused."""
    stage = _allowed(task, Act.EVIDENCE, by)
    proof = _fit(task, proof)
    _check_proof(task, proof, at)
    kept = _keep(session, task, proof, by, at)
    task.stage = stage
    counting.after_entry(session, task, kept, by=by, at=at)
    after = {"evidence": kept.id, "happened_on": kept.happened_on, "by_leader": kept.by_leader}
    _record(session, task, Act.EVIDENCE, by, at, after=after)
    return kept


def _fit(task: DutyTask, proof: Proof) -> Proof:
    """Only an event of a quota has a form, a speaker and a place in the column."""
    if counting.is_press(task):
        return proof
    return replace(proof, form=None, speaker="", by_leader=False, column_link="")


def _check_proof(task: DutyTask, proof: Proof, at: datetime) -> None:
    if proof.upload is None and not proof.link:
        raise Refused("请上传文件或填写链接，至少一项", "link")
    if proof.happened_on > local_date(at):
        raise Refused("日期不能晚于今天", "happened_on")
    counted = task.duty.kind in (DutyKind.QUOTA, DutyKind.PERIODIC)
    if counted and proof.happened_on.year != task.duty.year:
        raise Refused(f"这是{task.duty.year}年的任务，只计当年的活动", "happened_on")
    if counting.is_press(task) and proof.form is None:
        raise Refused("请选择新闻发布的形式", "form")
    if counting.is_press(task) and not proof.speaker:
        raise Refused("请填写谁讲的（姓名、职务）", "speaker")


def _keep(session: Session, task: DutyTask, proof: Proof, by: Actor, at: datetime) -> Evidence:
    kept = Evidence(task_id=task.id, what=proof.what, happened_on=proof.happened_on, link=proof.link)
    kept.form, kept.speaker, kept.by_leader = proof.form, proof.speaker, proof.by_leader
    kept.column_link, kept.entered_at = proof.column_link, at
    kept.entered_by_id, kept.entered_by_name = by.id, by.name
    if proof.upload is not None:
        try:
            kept.file_id = files.keep(session, proof.upload.name, proof.upload.data, at=at).id
        except files.BadFile as fault:
            raise Refused(str(fault), "file") from fault
        kept.file_name = proof.upload.name[-120:]
    session.add(kept)
    session.flush()
    return kept


def add_link(
    session: Session, task: DutyTask, evidence: Evidence, link: str, *, by: Actor, at: datetime
) -> None:
    """补归集链接: where the event stands in the column of policy interpretation (六、第3行第5项)."""
    stage = _allowed(task, Act.LINK, by)
    if evidence.struck_at is not None or not counting.is_press(task):
        raise Refused("这条佐证不需要归集链接", "column_link")
    task.stage, evidence.column_link = stage, link
    _record(session, task, Act.LINK, by, at, after={"evidence": evidence.id})


def strike(
    session: Session, task: DutyTask, evidence: Evidence, reason: str, *, by: Actor, at: datetime
) -> None:
    """撤销佐证: the row stays, struck; what only it had fulfilled is owed again, by its old day."""
    stage = _allowed(task, Act.STRIKE, by)
    if evidence.struck_at is not None:
        raise Refused("这条佐证已经撤销", "reason")
    task.stage = stage
    evidence.struck_at, evidence.struck_by_name, evidence.struck_reason = at, by.name, reason
    session.flush()
    counting.after_strike(session, task, evidence, by=by, at=at)
    _record(session, task, Act.STRIKE, by, at, after={"evidence": evidence.id}, note=reason)


def request_sign_off(session: Session, task: DutyTask, words: str, *, by: Actor, at: datetime) -> None:
    """申请销号. Raises Refused without evidence, or while part of the year is still owed."""
    stage = _allowed(task, Act.REQUEST, by)
    _check_provable(session, task)
    _check_nothing_ahead(session, task)
    session.add(SignOff(task_id=task.id, words=words, asked_by_id=by.id, asked_by_name=by.name, asked_at=at))
    task.stage = stage
    _record(session, task, Act.REQUEST, by, at, note=words)


def _check_provable(session: Session, task: DutyTask) -> None:
    stands = select(func.count()).where(Evidence.task_id == task.id, Evidence.struck_at.is_(None))
    if not session.scalar(stands):
        raise Refused("还没有佐证，不能销号：请先上传文件或填写链接", "words")
    if counting.is_press(task) and session.scalar(stands.where(Evidence.column_link == "")):
        raise Refused("有活动还没有填写“政策解读”栏目的归集链接，不能销号", "words")


def _check_nothing_ahead(session: Session, task: DutyTask) -> None:
    """A count or a period that is still running within the year is not done yet."""
    if task.duty.kind is DutyKind.QUOTA:
        short = counting.missing(session, task)
        if short:
            raise Refused(f"次数还没有达到，不能销号：{short}", "words")
    elif counting.is_period(task):
        last = quarter_end(task.duty.year, 4)
        if any(term.clock.due_on <= last for term in running_terms(session, task)):
            raise Refused("本年度内还有一期要办，办完最后一期再申请销号", "words")


def rule_on_sign_off(
    session: Session, task: DutyTask, *, granted: bool, ruling: str, by: Actor, at: datetime
) -> None:
    """核查销号 or 退回, never by the person who asked. Raises Refused, NotYours."""
    act = Act.SIGN_OFF if granted else Act.SEND_BACK
    stage = _allowed(task, act, by)
    ask = open_request(session, task)
    if ask is None:
        raise Refused("没有待核查的销号申请", "ruling")
    if by.id == ask.asked_by_id:
        raise Refused("申请销号与核查不能是同一个人，请由他人核查", "ruling")
    if granted:
        _check_provable(session, task)
    ask.granted, ask.ruling, ask.ruled_by_id, ask.ruled_by_name = granted, ruling, by.id, by.name
    ask.ruled_at, task.stage = at, stage
    if granted:
        _stop_all(session, task, Outcome.FULFILLED, stopped_at=ask.asked_at, by=by, at=at)
    _record(session, task, act, by, at, note=ruling)


def open_request(session: Session, task: DutyTask) -> SignOff | None:
    """The request that waits for its ruling; there is never more than one."""
    waiting = select(SignOff).where(SignOff.task_id == task.id, SignOff.granted.is_(None))
    return session.scalar(waiting.limit(1))


def release(session: Session, task: DutyTask, reason: str, *, by: Actor, at: datetime) -> None:
    """解除任务: the unit does not owe it; its clocks end without a verdict."""
    task.stage = _allowed(task, Act.RELEASE, by)
    ask = open_request(session, task)
    if ask is not None:
        ask.granted, ask.ruling, ask.ruled_by_id, ask.ruled_by_name = False, reason, by.id, by.name
        ask.ruled_at = at
    _stop_all(session, task, Outcome.CANCELLED, stopped_at=at, by=by, at=at)
    _record(session, task, Act.RELEASE, by, at, note=reason)


def _stop_all(
    session: Session, task: DutyTask, outcome: Outcome, *, stopped_at: datetime, by: Actor, at: datetime
) -> None:
    terms = running_terms(session, task)
    if terms:
        end_terms(session, task, terms, outcome, stopped_at=stopped_at, by=by, at=at)


def _allowed(task: DutyTask, act: Act, by: Actor) -> Stage:
    stage = step(task.stage, act)
    if not may_act(by, act, unit_id=task.unit_id, lead_ids=task.duty.lead_ids):
        raise NotYours(f"您不能对此任务{act.label}")
    return stage


def _record(
    session: Session,
    task: DutyTask,
    act: Act,
    by: Actor,
    at: datetime,
    *,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    # every act moves the version on: of two at once the second is refused, so that each counts what the other did
    flag_modified(task, "stage")
    changed = {"stage": task.stage} | (after or {})
    facts.record(session, facts.Entry(f"duty:{act}", task.subject, by, at, after=changed, note=note))
