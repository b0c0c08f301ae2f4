"""Sending copies outside: claimed under a lease, sent after the commit that made them, at least once.

A sender that dies leaves its lease to run out; the next one sends again under the same Message-ID.
"""

import logging
import secrets
import smtplib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.config import Config
from core.db import Database
from core.people import Person
from escalation import mail
from escalation.models import PENDING, Delivery, Notice, NoticeCopy, Outbox
from escalation.validity import Told, Validity, told, told_rows

BATCH = 20
LEASE = timedelta(seconds=2 * BATCH * mail.TIMEOUT)  # twice what a batch may take when every server hangs
TRIES = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
FAILURES = (OSError, smtplib.SMTPException, ValueError)
log = logging.getLogger(__name__)


@dataclass
class Sendings:
    """What one delivery did."""

    claimed: int = 0
    sent: int = 0
    withdrawn: int = 0
    failed: int = 0
    dead: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    def add(self, other: "Sendings") -> None:
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclass(frozen=True)
class Parcel:
    """One claimed row with all that its message needs, read before anything is sent."""

    row: Outbox
    told: Told
    person: Person
    copy_id: int


def channels_of(config: Config) -> Sequence[str]:
    """The ways outside that this installation has."""
    return (mail.CHANNEL,) if config.smtp_url and config.mail_from else ()


def deliver(db: Database, config: Config, *, at: datetime) -> Sendings:
    """Send one batch of what is due at `at`; nothing claimed means nothing is waiting."""
    done = Sendings()
    lease = secrets.token_hex(8)
    for parcel in _claim(db, lease, at):
        done.claimed += 1
        state, answer = _try(parcel, config)
        _mark(db, parcel.row, lease, state, answer, at)
        _count(done, state)
    return done


def _claim(db: Database, lease: str, at: datetime) -> list[Parcel]:
    picked = select(Outbox.id).where(PENDING, Outbox.next_at <= at).order_by(Outbox.next_at).limit(BATCH)
    waiting = picked.with_for_update(skip_locked=True).cte("picked")
    claim = update(Outbox).where(Outbox.id.in_(select(waiting.c.id)))
    taken = claim.values(lease=lease, next_at=at + LEASE, attempts=Outbox.attempts + 1).returning(Outbox.id)
    with db.writing() as session:
        ids = session.scalars(taken, execution_options={"synchronize_session": False}).all()
    with db.reading() as session:
        return _parcels(session, ids)


def _parcels(session: Session, ids: Sequence[int]) -> list[Parcel]:
    query = told_rows(Outbox, Person, NoticeCopy.id).join(Outbox, Outbox.notice_id == Notice.id)
    query = query.join(Person, Person.id == Outbox.person_id)
    mine = (NoticeCopy.notice_id == Notice.id) & (NoticeCopy.person_id == Outbox.person_id)
    found = session.execute(query.join(NoticeCopy, mine).where(Outbox.id.in_(ids)).order_by(Outbox.id))
    return [Parcel(row[4], told(row), row[5], row[6]) for row in found]


def _try(parcel: Parcel, config: Config) -> tuple[Delivery, str]:
    """The state after this try and what the other side said."""
    if parcel.told.validity is not Validity.CURRENT:
        return Delivery.WITHDRAWN, parcel.told.validity.label
    if not (parcel.person.active and parcel.person.email):
        return Delivery.WITHDRAWN, "收件人已停用或没有邮箱"
    try:
        letter = mail.message(parcel.told, parcel.person, parcel.copy_id, config)
        mail.send(config.smtp_url, letter)
    except FAILURES as error:
        dead = parcel.row.attempts >= TRIES
        log.log(logging.ERROR if dead else logging.WARNING, "%s: %s", parcel.told.notice.number, error)
        return (Delivery.DEAD if dead else Delivery.PENDING), f"{type(error).__name__}: {error}"[:200]
    return Delivery.SENT, "250"


def _mark(db: Database, row: Outbox, lease: str, state: Delivery, answer: str, at: datetime) -> None:
    """Only while the lease is still ours: another sender may have taken over a slow one."""
    values: dict[str, Any] = {"state": state, "lease": None, "last_answer": answer}
    if state is Delivery.PENDING:
        values["next_at"] = at + wait(row.attempts, secrets.SystemRandom().uniform(0.5, 1.5))
    if state is Delivery.SENT:
        values["sent_at"] = at
    with db.writing() as session:
        session.execute(update(Outbox).where(Outbox.id == row.id, Outbox.lease == lease).values(**values))


def wait(attempts: int, jitter: float) -> timedelta:
    """How long after so many failed tries: 1, 2, 4 … minutes, at most 6 hours; jitter spreads the herd."""
    doublings = min(attempts - 1, 16)  # far beyond six hours already, and still fits a timedelta
    waits: timedelta = FIRST_WAIT * 2**doublings
    return min(LONGEST_WAIT, waits) * jitter


def _count(done: Sendings, state: Delivery) -> None:
    name = "failed" if state is Delivery.PENDING else str(state)
    setattr(done, name, getattr(done, name) + 1)
