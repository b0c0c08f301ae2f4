"""The call ledger (来电登记台账, task list 七(三)): every call of a period with its answer, oldest first."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, defer, joinedload

from core.people import Actor, Person
from escalation.ruler import LightWords, day_words
from inquiries.case_records import TOLD_KINDS
from inquiries.case_words import light_of, masked_person
from inquiries.lists import category_name, channels
from inquiries.models import Inquiry, Reply
from inquiries.queries import Cursor, first_moment
from inquiries.requesters import Personal
from inquiries.visibility import visible_to
from inquiries.words import ReplyKind
from sla import SHANGHAI, end_of_day

PAGE = 50
CALLER = "来电人"


@dataclass(frozen=True)
class Call:
    """One line. `answer` is (when, how, by whom) of what the caller was told, empty before that."""

    number: str
    received: str
    channel: str
    person: Personal | None
    title: str
    category: str
    unit: str
    due: str
    light: LightWords
    answer: tuple[str, ...]
    attempts: int
    taken_by: str


@dataclass(frozen=True)
class Ledger:
    calls: tuple[Call, ...]
    after: Cursor | None


def build(
    session: Session, person: Actor, since: date, until: date, *, at: datetime, cursor: Cursor | None
) -> Ledger:
    """One printed page of the calls that this person may see, both days included."""
    keys = (Inquiry.received_at, Inquiry.id)
    phones = [channel.key for channel in channels().values() if channel.person == CALLER]
    query = select(Inquiry).where(visible_to(person), Inquiry.channel.in_(phones))
    query = query.where(Inquiry.received_at >= first_moment(since), Inquiry.received_at < end_of_day(until))
    if cursor is not None:
        query = query.where(tuple_(*keys) > (cursor.moment, cursor.id))
    loads = (joinedload(Inquiry.requester), joinedload(Inquiry.lead_unit), joinedload(Inquiry.clock))
    query = query.options(*loads, defer(Inquiry.matter)).order_by(*keys).limit(PAGE + 1)
    rows = list(session.scalars(query))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    after = Cursor(rows[-1].received_at, rows[-1].id) if more else None
    return Ledger(_calls(session, rows, person, at), after)


def _calls(session: Session, rows: list[Inquiry], person: Actor, at: datetime) -> tuple[Call, ...]:
    told, tries = _replies(session, rows)
    takers = {row.registered_by_id for row in rows}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(takers)))
    names = {person_id: name for person_id, name in people}
    return tuple(
        Call(
            number=row.number,
            received=_moment(row.received_at),
            channel=channels()[row.channel].short,
            person=masked_person(session, row, person),
            title=row.title,
            category=category_name(row.category),
            unit=row.lead_unit.short_name if row.lead_unit else "待交办",
            due=day_words(row.clock.due_on) if row.clock else "当场答复",
            light=light_of(row, at),
            answer=_answer(told.get(row.id)),
            attempts=tries[row.id],
            taken_by=names.get(row.registered_by_id or 0, "群众自填"),
        )
        for row in rows
    )


def _replies(session: Session, rows: list[Inquiry]) -> tuple[dict[int, Reply], Counter[int]]:
    told: dict[int, Reply] = {}
    tries: Counter[int] = Counter()
    query = select(Reply).where(Reply.inquiry_id.in_([row.id for row in rows])).order_by(Reply.id)
    for reply in session.scalars(query):
        if reply.kind in TOLD_KINDS:
            told[reply.inquiry_id] = reply
        tries[reply.inquiry_id] += reply.kind is ReplyKind.ATTEMPT
    return told, tries


def _answer(reply: Reply | None) -> tuple[str, ...]:
    return (_moment(reply.told_at), reply.way.label, reply.person_name) if reply else ()


def _moment(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{day_words(local.date())} {local:%H:%M}"
