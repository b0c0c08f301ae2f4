"""Everything the page of one task shows, in words; nothing is computed in the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.people import Actor
from duties.act_forms import ActForm, act_form
from duties.catalogue import section_words
from duties.clauses import clause_words
from duties.counting import is_press
from duties.kinds import DutyKind
from duties.ledger_rows import lead_words
from duties.lights import light_of
from duties.models import DutyTask, Evidence, Rectification, SignOff
from duties.quotas import tally_of
from duties.service import open_request
from duties.stages import Act, acts_from
from duties.task_terms import Mark, RungDay, marks_of, rung_days
from duties.timeline import Step, act_words, moment_words, timeline
from duties.visibility import tasks_visible_to
from escalation.ruler_scene import day_words
from escalation.ruler_words import LightWords

__all__ = ["NOTHING_SENT", "Proof", "Sent", "TaskPage", "act_words", "build"]
CHECKS = (Act.SIGN_OFF, Act.SEND_BACK)  # never by the person who asked
OF_PROOF = (Act.LINK, Act.STRIKE)


@dataclass(frozen=True)
class Sent:
    """A refused form that comes back to its page."""

    act: Act | None = None
    form: ActForm | None = None

    @property
    def evidence_id(self) -> int:
        """The proof that it is about, 0 for none."""
        field = self.form._fields.get("evidence") if self.form else None
        return field.data if field is not None and isinstance(field.data, int) else 0


NOTHING_SENT = Sent()


@dataclass(frozen=True)
class Proof:
    """One proof with the forms that may change it."""

    row: Evidence
    day: str
    entered: str
    form: str
    link_form: ActForm | None
    strike_form: ActForm | None


@dataclass(frozen=True)
class Other:
    """Another task beside this one: of another unit, or one that a look back asked for."""

    id: int
    name: str
    light: LightWords
    stage: str


@dataclass(frozen=True)
class TaskPage:
    task: DutyTask
    clause: str
    section: str
    kind: str
    lead: str
    quota: str
    press: bool
    light: LightWords
    marks: tuple[Mark, ...]
    rungs: tuple[RungDay, ...]
    proofs: tuple[Proof, ...]
    steps: tuple[Step, ...]
    forms: dict[str, ActForm]
    asked: SignOff | None
    asked_at: str
    rulings: tuple[SignOff, ...]
    own_request: bool
    others: tuple[Other, ...]
    mended: tuple[Other, ...]
    about: Other | None

    def offers(self, sent: Sent) -> bool:
        """Whether the refused form stands on the page again."""
        if sent.act in OF_PROOF:
            return any(proof.row.id == sent.evidence_id for proof in self.proofs)
        return sent.act is not None and sent.act.value in self.forms


def build(
    session: Session, task: DutyTask, person: Actor, *, at: datetime, sent: Sent = NOTHING_SENT
) -> TaskPage:
    """The page of this task for this person."""
    duty = task.duty
    acts = acts_from(task.stage, person, unit_id=task.unit_id, lead_ids=duty.lead_ids)
    asked = open_request(session, task)
    own_request = asked is not None and asked.asked_by_id == person.id
    offered = [act for act in acts if act not in OF_PROOF and not (own_request and act in CHECKS)]
    return TaskPage(
        task=task,
        clause=clause_words(duty.clause),
        section=section_words(duty.section),
        kind=duty.kind.label,
        lead=lead_words([lead.unit for lead in duty.leads]),
        quota=_quota_words(session, task),
        press=is_press(task),
        light=light_of(task, at),
        marks=marks_of(session, task, at=at),
        rungs=rung_days(session, task),
        proofs=_proofs(session, task, acts, sent),
        steps=timeline(session, task, at=at),
        forms={act.value: _form(act, task, sent) for act in offered},
        asked=asked,
        asked_at=moment_words(asked.asked_at, at) if asked else "",
        rulings=tuple(_rulings(session, task)),
        own_request=own_request,
        others=_others(session, person, DutyTask.duty_id == task.duty_id, task, at),
        mended=_mended(session, person, task, at),
        about=_about(session, person, task, at),
    )


def _form(act: Act, task: DutyTask, sent: Sent) -> ActForm:
    return sent.form if sent.act is act and sent.form is not None else act_form(act, task)


def _quota_words(session: Session, task: DutyTask) -> str:
    duty = task.duty
    if duty.kind is not DutyKind.QUOTA:
        return ""
    tally = tally_of(session, task)
    led = f"，负责同志带头{tally.leaders}次，应有{duty.leaders}次" if duty.leaders else ""
    return f"今年已有{tally.events}次，应有{duty.quota}次{led}"


def _proofs(session: Session, task: DutyTask, acts: Sequence[Act], sent: Sent) -> tuple[Proof, ...]:
    query = select(Evidence).where(Evidence.task_id == task.id)
    rows = session.scalars(query.order_by(Evidence.happened_on.desc(), Evidence.id.desc())).all()
    return tuple(_proof(row, task, acts, sent) for row in rows)


def _proof(row: Evidence, task: DutyTask, acts: Sequence[Act], sent: Sent) -> Proof:
    stands = row.struck_at is None
    back = sent if sent.evidence_id == row.id else NOTHING_SENT
    linked = stands and is_press(task) and Act.LINK in acts and not row.column_link
    return Proof(
        row=row,
        day=f"{row.happened_on.year}年{day_words(row.happened_on)}",
        entered=f"{row.entered_by_name} 录入",
        form=row.form.label if row.form else "",
        link_form=_proof_form(Act.LINK, row, task, back) if linked else None,
        strike_form=_proof_form(Act.STRIKE, row, task, back) if stands and Act.STRIKE in acts else None,
    )


def _proof_form(act: Act, row: Evidence, task: DutyTask, back: Sent) -> ActForm:
    prefix = f"{act.value}-{row.id}"
    if back.act is act and back.form is not None:
        back.form.name_ids(prefix)
        return back.form
    return act_form(act, task, prefix=prefix, evidence=row.id)


def _rulings(session: Session, task: DutyTask) -> Sequence[SignOff]:
    query = select(SignOff).where(SignOff.task_id == task.id, SignOff.granted.is_not(None))
    return session.scalars(query.order_by(SignOff.id.desc())).all()


def _others(
    session: Session, person: Actor, condition: object, task: DutyTask, at: datetime
) -> tuple[Other, ...]:
    query = select(DutyTask).where(condition, DutyTask.id != task.id, tasks_visible_to(person))  # type: ignore[arg-type]
    loads = (joinedload(DutyTask.duty), joinedload(DutyTask.unit), joinedload(DutyTask.clock))
    rows = session.scalars(query.options(*loads).order_by(DutyTask.unit_id, DutyTask.id))
    return tuple(_other(row, row.unit.short_name, at) for row in rows)


def _other(row: DutyTask, name: str, at: datetime) -> Other:
    return Other(row.id, name, light_of(row, at), row.stage.label)


def _mended(session: Session, person: Actor, task: DutyTask, at: datetime) -> tuple[Other, ...]:
    ids = select(Rectification.task_id).where(Rectification.about_id == task.id)
    return _named(session, person, DutyTask.id.in_(ids), at)


def _about(session: Session, person: Actor, task: DutyTask, at: datetime) -> Other | None:
    ids = select(Rectification.about_id).where(Rectification.task_id == task.id)
    return next(iter(_named(session, person, DutyTask.id.in_(ids), at)), None)


def _named(session: Session, person: Actor, condition: object, at: datetime) -> tuple[Other, ...]:
    query = select(DutyTask).where(condition, tasks_visible_to(person))  # type: ignore[arg-type]
    loads = (joinedload(DutyTask.duty), joinedload(DutyTask.clock))
    rows = session.scalars(query.options(*loads).order_by(DutyTask.id))
    return tuple(_other(row, f"{row.duty.year}年 {row.duty.title}", at) for row in rows)
