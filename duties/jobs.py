"""The job of the ledger: each year is there when it begins. The scheduler only calls what the command calls."""

import logging
import socket
from datetime import datetime

from core.clock import now
from core.db import Database
from core.people import SYSTEM
from duties import rolling
from duties.starting import Made
from escalation import guard
from sla import local_date

log = logging.getLogger(__name__)


def roll_over(db: Database, *, at: datetime) -> tuple[int, Made]:
    """Whatever the year of `at` still lacks of the year before."""
    year = local_date(at).year
    with db.writing() as session:
        return year, rolling.roll_over(session, year, by=SYSTEM, at=at)


def run_roll_over(db: Database) -> None:
    """The job: level-triggered, so a missed first of January heals itself; a clock that jumped begins no year."""
    at = now()
    with db.writing() as session:
        held = guard.check(session, socket.gethostname(), guard.read_clock(at))
    if held:
        log.error("roll-over held: %s", held)
        return
    roll_over(db, at=at)
