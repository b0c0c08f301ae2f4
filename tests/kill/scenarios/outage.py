"""Three days down: every rung of those days is recorded, one message for each case at most is sent."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from core.db import Database
from escalation.models import Clock, Notice, NoticeCopy
from escalation.sweep import sweep
from sla import SHANGHAI
from tests.kill import oracle
from tests.kill.scenarios import Outcome
from tests.kill.scenarios.stage import faults_of, filled

STOPPED = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)  # Monday 16:00 in Shanghai, after a make-up Saturday
DAYS = 3
SPAN = timedelta(days=24)
SEED = 20260930


def outage(url: str, folder: Path, *, cases: int = 500) -> Outcome:
    """The sweep runs each morning until it is stopped, and again three days later."""
    dice, back = random.Random(SEED), STOPPED + timedelta(days=DAYS)
    received = [STOPPED - SPAN + timedelta(minutes=dice.randrange(24 * 24 * 60)) for _ in range(cases)]
    db, _config = filled(url, folder, received)
    for moment in _mornings():
        sweep(db, at=moment)
    sweep(db, at=STOPPED)
    before = _told(db)
    counts = sweep(db, at=back)
    outcome = Outcome({"cases": cases, "notices of the outage": counts.notices}, faults_of(db, back))
    outcome.figures["superseded"] = counts.superseded
    messages = _told(db) - before
    outcome.figures["cases told"] = len({clock for clock, _person in messages})
    outcome.faults["more than one message for a case"] = sum(n - 1 for n in messages.values())
    outcome.faults["wrongly superseded or sent"] = _wrong(db, back)
    db.dispose()
    return outcome


def _mornings() -> list[datetime]:
    """Nine in the morning of every day of the weeks before."""
    days = [(STOPPED - SPAN + timedelta(days=n)).astimezone(SHANGHAI) for n in range(SPAN.days + 1)]
    nines = [day.replace(hour=9, minute=0, second=0, microsecond=0) for day in days]
    return [nine for nine in nines if oracle.office_hour(nine) == nine]


def _told(db: Database) -> Counter[tuple[int, int]]:
    """How many notices of each clock stand in each inbox."""
    with db.reading() as session:
        copies = select(Notice.clock_id, NoticeCopy.person_id).join(NoticeCopy)
        return Counter((row[0], row[1]) for row in session.execute(copies))


def _wrong(db: Database, back: datetime) -> int:
    """Notices whose mark `superseded` is not what the oracle says: all of the outage but the last of each clock."""
    with db.reading() as session:
        started = {clock.id: clock.started_at for clock in session.scalars(select(Clock))}
        found = session.scalars(select(Notice)).all()
    silent = {
        (clock, rung)
        for clock, received in started.items()
        for rung in _all_but_last(received, STOPPED, back)
    }
    return sum(notice.superseded != ((notice.clock_id, notice.rung) in silent) for notice in found)


def _all_but_last(received: datetime, since: datetime, until: datetime) -> list[str]:
    crossed = [(moment, rung) for rung, moment in oracle.moments(received).items() if since < moment <= until]
    return [rung for _moment, rung in sorted(crossed)[:-1]]
