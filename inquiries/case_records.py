"""What is recorded around a case: answers, returns, the ladder's papers, related cases."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from core.people import Actor, Person, Unit
from escalation.models import Clock, Notice
from escalation.ruler import LightWords, day_words
from escalation.rules import calendar, limit_for
from inquiries.case_words import light_of, moment_words, promise_words
from inquiries.models import Inquiry, Reply, Requester, ReturnRequest
from inquiries.visibility import visible_to
from inquiries.words import ReplyKind

RELATED = 8
TOLD_KINDS = (ReplyKind.FINAL, ReplyKind.INSTANT, ReplyKind.REFUSAL)
RUNG_LIGHTS = {"remind": "blue", "warn": "amber"}


@dataclass(frozen=True)
class Told:
    """An answer, a told refusal or a failed try."""

    kind: str
    way: str
    told: str
    recorded: str
    who: str
    text: str
    final: bool
    promise: str


@dataclass(frozen=True)
class Return:
    """A wish to give the case back, with its ruling."""

    unit: str
    ground: str
    reason: str
    who: str
    asked: str
    granted: bool | None
    ruling: str
    ruled_by: str
    ruled: str


@dataclass(frozen=True)
class Related:
    number: str
    title: str
    light: LightWords


@dataclass(frozen=True)
class Rung:
    """A bar of the ladder: when it falls or fell due, and whether it was issued."""

    c: str
    count: str
    name: str
    note: str


def person_name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def replies_of(session: Session, inquiry: Inquiry, at: datetime) -> tuple[Told, ...]:
    """Answers and tries in the order in which they were made."""
    query = select(Reply).where(Reply.inquiry_id == inquiry.id).order_by(Reply.told_at, Reply.id)
    return tuple(
        Told(
            kind=reply.kind.label,
            way=reply.way.label,
            told=moment_words(reply.told_at, at),
            recorded=moment_words(reply.recorded_at, at),
            who=reply.person_name,
            text=reply.text,
            final=reply.kind in TOLD_KINDS,
            promise=promise_words(reply.promised_on) if reply.promised_on else "",
        )
        for reply in session.scalars(query)
    )


def returns_of(session: Session, inquiry: Inquiry, at: datetime) -> tuple[Return, ...]:
    query = select(ReturnRequest, Unit.name).join(Unit, Unit.id == ReturnRequest.unit_id)
    rows = session.execute(
        query.where(ReturnRequest.inquiry_id == inquiry.id).order_by(ReturnRequest.id.desc())
    )
    return tuple(
        Return(
            unit=unit,
            ground=ask.ground.label,
            reason=ask.reason,
            who=person_name(session, ask.asked_by_id),
            asked=moment_words(ask.asked_at, at),
            granted=ask.granted,
            ruling=ask.ruling,
            ruled_by=person_name(session, ask.ruled_by_id),
            ruled=moment_words(ask.ruled_at, at) if ask.ruled_at else "",
        )
        for ask, unit in rows
    )


def rungs_of(session: Session, clock: Clock) -> tuple[Rung, ...]:
    """The five papers of the ladder; 到期 itself is the ruler's. While the clock stands still none has a day."""
    query = select(Notice).where(Notice.clock_id == clock.id, Notice.rev == clock.rev)
    issued = {notice.rung: notice for notice in session.scalars(query)}
    ladder = [rung for rung in limit_for(clock.rule, clock.started_at).ladder if rung.key != "due"]
    made = []
    for rung in ladder:
        notice, on = issued.get(rung.key), calendar().shift(clock.due_on, rung.offset)
        light = RUNG_LIGHTS.get(rung.key, "red") if notice else ""
        word = ("代替" if notice.superseded else "已发") if notice else ""
        day = "恢复后排定" if clock.paused_since else day_words(on)
        made.append(Rung(light, word, rung.name.replace("通报批评/约谈", "通报 约谈"), day))
    return tuple(made)


def same_phone(session: Session, inquiry: Inquiry, person: Actor, at: datetime) -> tuple[Related, ...]:
    """Other cases of the same number; for the front offices."""
    index = inquiry.requester.phone_index
    if index is None:
        return ()
    same = Inquiry.requester_id.in_(select(Requester.id).where(Requester.phone_index == index))
    return _related(session, same & (Inquiry.id != inquiry.id), person, at)


def merged_in(session: Session, inquiry: Inquiry, person: Actor, at: datetime) -> tuple[Related, ...]:
    """What was merged into this case."""
    return _related(session, Inquiry.merged_into_id == inquiry.id, person, at)


def _related(
    session: Session, condition: ColumnElement[bool], person: Actor, at: datetime
) -> tuple[Related, ...]:
    query = select(Inquiry).where(condition, visible_to(person)).options(joinedload(Inquiry.clock))
    rows = session.scalars(query.order_by(Inquiry.id.desc()).limit(RELATED))
    return tuple(Related(row.number, row.title, light_of(row, at)) for row in rows)
