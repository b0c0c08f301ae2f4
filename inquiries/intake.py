"""Taking in an inquiry: one way for every channel. The clock starts at the citizen's contact."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import counters, facts
from core.db import vault_of
from core.people import Actor, Unit, UnitKind
from core.vault import Vault
from escalation import clocks
from inquiries import search
from inquiries.lists import channels
from inquiries.models import Inquiry, Reply
from inquiries.requesters import Personal, sealed
from inquiries.stages import Stage
from inquiries.words import Kind, ReplyKind, Urgency, Way
from sla import local_date

RULE = "inquiry.reply"
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 symbols that are not mistaken for one another
CODE_LENGTH = 12  # 59 bits: the code alone cannot be guessed
QUERY = "query_code"


class FutureContact(ValueError):
    """The contact lies after the time of entry."""


@dataclass(frozen=True)
class Intake:
    """What was taken down. `received_at` is the citizen's contact, never the time of entry."""

    channel: str
    kind: Kind
    title: str
    matter: str
    received_at: datetime
    requester: Personal
    category: str = ""
    urgency: Urgency = Urgency.NORMAL
    place: str = ""
    confidential: bool = False
    consent: bool = False
    accused_unit_id: int | None = None
    outer_source: str | None = None
    outer_no: str | None = None
    client_key: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


def existing(session: Session, client_key: str | None) -> Inquiry | None:
    """What an earlier submission of the same form made."""
    if not client_key:
        return None
    return session.scalar(select(Inquiry).where(Inquiry.client_key == client_key))


def receive(session: Session, intake: Intake, *, by: Actor, at: datetime) -> Inquiry:
    """Register and start the clock; the same form sent twice is one case. Raises FutureContact."""
    earlier = existing(session, intake.client_key)
    if earlier is not None:
        return earlier
    unit_id = by.unit_id or owner_unit(session, intake.channel).id
    (inquiry,) = receive_many(session, [intake], unit_id=unit_id, by=by, at=at)
    return inquiry


def receive_many(
    session: Session, intakes: Sequence[Intake], *, unit_id: int, by: Actor, at: datetime
) -> list[Inquiry]:
    """Register a batch and start its clocks, in the order given; `unit_id` holds it until dispatched."""
    made = _register(session, intakes, stage=Stage.REGISTERED, by=by, at=at)
    starts = [
        clocks.Start(inquiry.subject, inquiry.received_at, unit_id, inquiry.title, f"/cases/{inquiry.number}")
        for inquiry in made
    ]
    for inquiry, clock in zip(made, clocks.start_many(session, RULE, starts, by=by, at=at), strict=True):
        inquiry.clock = clock
    return made


def answer_at_once(
    session: Session, intake: Intake, *, text: str, way: Way, by: Actor, at: datetime
) -> Inquiry:
    """当场答复: taken down with its answer, no clock, counted apart."""
    earlier = existing(session, intake.client_key)
    if earlier is not None:
        return earlier
    (inquiry,) = _register(session, [intake], stage=Stage.INSTANT, by=by, at=at)
    inquiry.lead_unit_id = by.unit_id
    session.add(
        Reply(
            inquiry_id=inquiry.id,
            kind=ReplyKind.INSTANT,
            way=way,
            told_at=intake.received_at,
            recorded_at=at,
            text=text,
            person_id=by.id,
            person_name=by.name,
            unit_id=by.unit_id,
        )
    )
    after = {
        "stage": inquiry.stage,
        "way": way,
        "told_at": intake.received_at,
        "text_mac": text_mac(session, text),
    }
    facts.record(session, facts.Entry("inquiry:reply", inquiry.subject, by, at, after=after))
    return inquiry


def text_mac(session: Session, text: str) -> str:
    """A fact never holds the words of an answer, but proves later which words they were."""
    return vault_of(session).blind("reply", text).hex()


def _register(
    session: Session, intakes: Sequence[Intake], *, stage: Stage, by: Actor, at: datetime
) -> list[Inquiry]:
    if any(intake.received_at > at for intake in intakes):
        raise FutureContact("收到时间不能晚于现在")
    numbers, vault = _numbers(session, len(intakes), at), vault_of(session)
    made = [
        _inquiry(vault, intake, number=number, stage=stage, by=by, at=at)
        for intake, number in zip(intakes, numbers, strict=True)
    ]
    session.add_all(made)
    session.flush()
    search.index(session, {case.id: f"{case.title}\n{case.matter}\n{case.place}" for case in made})
    for inquiry in made:
        facts.record(
            session, facts.Entry("inquiry:register", inquiry.subject, by, at, after=_registered(inquiry))
        )
    return made


def _inquiry(vault: Vault, intake: Intake, *, number: str, stage: Stage, by: Actor, at: datetime) -> Inquiry:
    return Inquiry(
        number=number,
        client_key=intake.client_key,
        outer_source=intake.outer_source if intake.outer_no else None,
        outer_no=intake.outer_no or None,
        channel=channels()[intake.channel].key,
        kind=intake.kind,
        category=intake.category,
        urgency=intake.urgency,
        title=intake.title,
        matter=intake.matter,
        place=intake.place,
        extra=json.dumps(intake.extra, ensure_ascii=False),
        confidential=intake.confidential,
        consent=intake.consent,
        stage=stage,
        received_at=intake.received_at,
        registered_at=at,
        registered_by_id=by.id,
        accused_unit_id=intake.accused_unit_id,
        requester=sealed(vault, intake.requester),
    )


def _registered(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "number": inquiry.number,
        "channel": inquiry.channel,
        "kind": inquiry.kind,
        "stage": inquiry.stage,
        "received_at": inquiry.received_at,
        "confidential": inquiry.confidential,
        "consent": inquiry.consent,
    }


def _numbers(session: Session, count: int, at: datetime) -> list[str]:
    day = f"{local_date(at):%Y-%m%d}"
    last = counters.take(session, f"inquiry/{day}", count)
    return [f"{day}-{number:04d}" for number in range(last - count + 1, last + 1)]


def owner_unit(session: Session, channel: str) -> Unit:
    """Who holds a case of this channel until it is dispatched; any office if the named one is missing."""
    named = session.scalar(select(Unit).where(Unit.code == channels()[channel].owner))
    if named is not None:
        return named
    offices = select(Unit).where(Unit.active).order_by(Unit.kind != UnitKind.OFFICE, Unit.id)
    return session.scalars(offices.limit(1)).one()


def give_query_code(session: Session, inquiry: Inquiry) -> str:
    """A new query code for the citizen; only its keyed fingerprint is kept, so it cannot be shown again."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    inquiry.query_index = vault_of(session).blind(QUERY, code)
    return "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def find_by_code(session: Session, code: str) -> Inquiry | None:
    """The case of a query code, however it was spaced or cased."""
    plain = "".join(symbol for symbol in code.upper() if symbol in CODE_ALPHABET)
    if len(plain) != CODE_LENGTH:
        return None
    return session.scalar(select(Inquiry).where(Inquiry.query_index == vault_of(session).blind(QUERY, plain)))
