"""送达回证: what answers "I never got it": the file by its fingerprint, each copy, when it was read, who signed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Person, Unit
from escalation.models import Clock, Notice, NoticeCopy, Outbox
from escalation.paper_models import Paper, PaperFile
from escalation.paper_words import moment


@dataclass(frozen=True)
class Copy:
    """One person's copy: in the inbox since, read when, and what became of it outside."""

    person: str
    title: str
    sent: str
    read: str
    outside: str


@dataclass(frozen=True)
class Receipt:
    number: str
    unit: str
    issued: str
    issued_by: str
    sha256: str
    notice: str
    copies: tuple[Copy, ...]
    signed: str
    signed_by: str
    printed: str


def receipt_of(session: Session, paper: Paper, *, at: datetime) -> Receipt:
    """The receipt of an issued paper as it stands at `at`."""
    unit, kept = session.get_one(Unit, paper.unit_id), session.get_one(PaperFile, paper.id)
    told = select(Notice).join(Clock, Clock.id == Notice.clock_id)
    notice = session.scalar(told.where(Clock.subject == paper.subject, Notice.rung == "issued"))
    return Receipt(
        number=paper.number,
        unit=unit.name,
        issued=moment(paper.issued_at) if paper.issued_at else "",
        issued_by=_name(session, paper.issued_by_id) or "系统",
        sha256=kept.sha256,
        notice=notice.number if notice else "",
        copies=_copies(session, notice) if notice else (),
        signed=moment(paper.signed_at) if paper.signed_at else "",
        signed_by=_name(session, paper.signed_by_id),
        printed=moment(at),
    )


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return f"{person.name}（{person.title}）" if person and person.title else person.name if person else ""


def _copies(session: Session, notice: Notice) -> tuple[Copy, ...]:
    rows = session.execute(
        select(NoticeCopy, Person)
        .join(Person, Person.id == NoticeCopy.person_id)
        .where(NoticeCopy.notice_id == notice.id)
        .order_by(NoticeCopy.id)
    )
    outside = {
        row.person_id: row for row in session.scalars(select(Outbox).where(Outbox.notice_id == notice.id))
    }
    return tuple(_copy(notice, copy, person, outside.get(person.id)) for copy, person in rows)


def _copy(notice: Notice, copy: NoticeCopy, person: Person, out: Outbox | None) -> Copy:
    when = f"，{moment(out.sent_at)}" if out and out.sent_at else ""
    return Copy(
        person=person.name,
        title=person.title,
        sent=moment(notice.issued_at),
        read=moment(copy.read_at) if copy.read_at else "未读",
        outside=f"{out.state.label}{when}" if out else "站内",
    )
