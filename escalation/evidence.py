"""The evidence of one notice as one paper for the file: number, deadline, facts, copies with reading, deliveries."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from core import facts
from core.audit import local_words
from core.facts import Fact
from core.people import Actor, Person, Role, Unit
from escalation import letters
from escalation.models import Clock, Deadline, Delivery, Notice, NoticeCopy, Outbox
from escalation.notice_words import notice_text, rung_text, validity_words
from escalation.ruler_scene import due_words
from escalation.rules import limit_for, stored_due
from escalation.tries import Try
from escalation.validity import Told, told, told_rows

ACTS = ("notice:issue", "delivery:resend")


@dataclass(frozen=True)
class Link:
    """One fact of the chain; `holds` is whether its mac still follows from its content and from the row before."""

    seq: int
    at: str
    act: str
    by: str
    mac: str
    holds: bool


@dataclass(frozen=True)
class Copy:
    """One inbox copy and when it was first read, "" if it was not."""

    name: str
    title: str
    unit: str
    read: str


@dataclass(frozen=True)
class Sending:
    """One copy outside with every try; `outcome` is its state, with the reason where it was not sent."""

    channel: str
    whom: str
    outcome: str
    tries: Sequence[tuple[str, Try]]


@dataclass(frozen=True)
class Evidence:
    """All of one notice, in words."""

    number: str
    name: str
    sentence: str
    label: str
    unit: str
    limit: str
    basis: str
    started: str
    due: str
    rev: int
    calendar: str
    moved: str
    moment: str
    issued: str
    superseded: str
    covers: Sequence[str]
    since: str
    links: Sequence[Link]
    copies: Sequence[Copy]
    sendings: Sequence[Sending]


def visible_to(person: Actor) -> ColumnElement[bool]:
    """The supervising office sees every notice, a unit those that were written to it."""
    return true() if person.has(Role.SUPERVISOR) else Notice.unit_id == person.unit_id


def find(session: Session, person: Actor, number: str, acts: Mapping[str, str]) -> Evidence | None:
    """The evidence of a number; None when it does not exist or is not this person's to see."""
    digits = number.removeprefix("TZ")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) < 2**31):
        return None
    row = session.execute(told_rows().where(Notice.id == int(digits), visible_to(person))).first()
    return _put_together(session, told(row), acts) if row and row[0].number == number else None


def _put_together(session: Session, found: Told, acts: Mapping[str, str]) -> Evidence:
    notice, clock = found.notice, found.clock
    words, limit = notice_text(notice, clock), limit_for(clock.rule, clock.started_at)
    deadline = session.get_one(Deadline, (clock.id, notice.rev))
    return Evidence(
        number=notice.number,
        name=words.name,
        sentence=words.sentence,
        label=clock.label,
        unit=session.get_one(Unit, notice.unit_id).name,
        limit=limit.name,
        basis=limit.basis,
        started=local_words(clock.started_at),
        due=_due(clock, deadline),
        rev=notice.rev,
        calendar=deadline.calendar_version,
        moved=f"{deadline.move.label}{'，' + deadline.reason if deadline.reason else ''}",
        moment=local_words(notice.moment),
        issued=local_words(notice.issued_at),
        superseded=_superseded(found),
        covers=_covers(session, found) if not notice.superseded else (),
        since=validity_words(found),
        links=_links(session, found, acts),
        copies=_copies(session, notice),
        sendings=_sendings(session, notice),
    )


def _due(clock: Clock, deadline: Deadline) -> str:
    limit = limit_for(clock.rule, clock.started_at)
    due = stored_due(on=deadline.due_on, at=deadline.due_at, provisional=deadline.provisional, limit=limit)
    return f"{due.shown_at.year}年{due_words(due)}{'（暂定）' if deadline.provisional else ''}"


def _superseded(found: Told) -> str:
    """Why a notice was sent to nobody."""
    if not found.notice.superseded:
        return ""
    higher = rung_text(found.clock, found.higher).name if found.higher else "更高一级"
    return f"发出时已到“{higher}”，按规定只发最高一级；本级只留记录，没有单独送达。"


def _covers(session: Session, found: Told) -> list[str]:
    """The lower rungs that were recorded with it and sent to nobody."""
    notice = found.notice
    lower = select(Notice).where(Notice.clock_id == notice.clock_id, Notice.rev == notice.rev)
    lower = lower.where(
        Notice.superseded, Notice.moment < notice.moment, Notice.issued_at == notice.issued_at
    )
    rows = session.scalars(lower.order_by(Notice.moment))
    return [
        f"{rung_text(found.clock, one.rung).name} {one.number}（应于{local_words(one.moment)}发出）"
        for one in rows
    ]


def _links(session: Session, found: Told, acts: Mapping[str, str]) -> list[Link]:
    """Everything the chain of facts says about this notice."""
    query = select(Fact).where(Fact.subject == found.clock.subject, Fact.act.in_(ACTS)).order_by(Fact.seq)
    return [
        Link(
            seq=fact.seq,
            at=local_words(fact.at),
            act=acts.get(fact.act, fact.act),
            by=fact.by_name,
            mac=fact.mac.hex(),
            holds=facts.holds(session, fact),
        )
        for fact in session.scalars(query)
        if (json.loads(fact.detail).get("after") or {}).get("notice") == found.notice.id
    ]


def _copies(session: Session, notice: Notice) -> list[Copy]:
    query = select(NoticeCopy, Person.name, Person.title, Unit.name).join(
        Person, Person.id == NoticeCopy.person_id
    )
    query = query.join(Unit, Unit.id == Person.unit_id).where(NoticeCopy.notice_id == notice.id)
    return [
        Copy(name, title, unit, local_words(copy.read_at) if copy.read_at else "")
        for copy, name, title, unit in session.execute(query.order_by(NoticeCopy.id))
    ]


def _sendings(session: Session, notice: Notice) -> list[Sending]:
    found = session.execute(letters.rows().where(Outbox.notice_id == notice.id).order_by(Outbox.id))
    return [_sending(letters.line(row)) for row in found]


def _sending(line: letters.Line) -> Sending:
    reason = f"：{line.answer}" if line.answer and line.state is not Delivery.SENT else ""
    tried = [(local_words(one.at), one) for one in line.tries]
    return Sending(line.channel, line.whom, f"{line.state.label}{reason}", tried)
