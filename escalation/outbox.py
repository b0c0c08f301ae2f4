"""Sending copies outside: claimed under a lease, sent after the commit that made them, at least once.

A sender that dies leaves its lease to run out; the next one sends the same message again, under the same key, and says
that it is a repeat.
"""

import logging
import secrets
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.config import Config
from core.db import Database
from core.fields import one_line
from escalation import tries
from escalation.claims import TRIES, Batch, claim
from escalation.courier import carry
from escalation.line import Answer
from escalation.models import PENDING, Delivery, Outbox

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
log = logging.getLogger(__name__)


@dataclass
class Sendings:
    """What one delivery did, in copies; `claimed` is all that was looked at."""

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


def deliver(db: Database, config: Config, *, at: datetime) -> Sendings:
    """Send the next message that is due at `at`; nothing claimed means nothing is waiting."""
    done = Sendings()
    while (found := claim(db, config, at=at)) is not None:
        done.add(Sendings(found.withdrawn + found.dead, withdrawn=found.withdrawn, dead=found.dead))
        if found.batch is not None:
            answer = carry(found.batch.way, found.batch.letter, config, at=at)
            done.add(_mark(db, found.batch, answer, at))
            break
    return done


def _mark(db: Database, batch: Batch, answer: Answer, at: datetime) -> Sendings:
    """Only while the lease is still ours: another sender may have taken over a slow one."""
    done = Sendings(len(batch.attempts))
    with db.writing() as session:
        if answer.ok:
            done.sent = len(batch.attempts)
            values = {"state": Delivery.SENT, "sent_at": at}
            _write(session, batch, list(batch.attempts), answer, **values)
            _what_waits_goes_now(session, batch.target, at)
        else:
            done.dead = _put_off(session, batch, answer, at)
            done.failed = len(batch.attempts) - done.dead
    if not answer.ok:
        level = logging.ERROR if done.dead else logging.WARNING
        log.log(level, "%s: %s, %s given up of %s", batch.target, answer.words, done.dead, done.claimed)
    return done


def _put_off(session: Session, batch: Batch, answer: Answer, at: datetime) -> int:
    """Later, or never again after eight tries. How many were given up.

    What has certainly not arrived may go into another message; what may have arrived must stay the same message.
    """
    key = batch.letter.key if answer.maybe or batch.letter.again else None
    by_tries: dict[int, list[int]] = defaultdict(list)
    for row_id, attempts in batch.attempts.items():
        by_tries[attempts].append(row_id)
    for attempts, ids in by_tries.items():
        then = at + wait(attempts, secrets.SystemRandom().uniform(0.5, 1.5))
        later = {"state": Delivery.DEAD} if attempts >= TRIES else {"next_at": then}
        _write(session, batch, ids, answer, batch=key, **later)
    return sum(len(ids) for attempts, ids in by_tries.items() if attempts >= TRIES)


def _write(session: Session, ours: Batch, ids: list[int], answer: Answer, **values: Any) -> None:
    mine = update(Outbox).where(Outbox.id.in_(ids), Outbox.lease == ours.lease)
    words = one_line(answer.words)
    said = {"lease": None, "last_answer": words, "tries": Outbox.tries + tries.ended(words)}
    session.execute(mine.values(**said, **values), execution_options={"synchronize_session": False})


def _what_waits_goes_now(session: Session, target: str, at: datetime) -> None:
    """A target that answers again gets at once, in few messages, what had to wait for it."""
    waiting = update(Outbox).where(
        PENDING, Outbox.target == target, Outbox.lease.is_(None), Outbox.next_at > at
    )
    session.execute(waiting.values(next_at=at), execution_options={"synchronize_session": False})


def wait(attempts: int, jitter: float) -> timedelta:
    """How long after so many failed tries: 1, 2, 4 … minutes, at most 6 hours; jitter spreads the herd."""
    doublings = min(attempts - 1, 16)  # far beyond six hours already, and still fits a timedelta
    waits: timedelta = FIRST_WAIT * 2**doublings
    return min(LONGEST_WAIT, waits) * jitter
