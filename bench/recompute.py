"""A closure of one day moves 100,000 running clocks: the preview, and the moving with a fact and a revision each."""

import tempfile
import time
from datetime import date
from pathlib import Path

from bench.fill import LATE, county_db, fill
from bench.show import ms, say, timed
from core.people import SYSTEM
from escalation.calendar_models import EntryKind
from escalation.calendars import Change, confirm, in_force, proposed
from escalation.recompute import preview, recompute
from sla import Day, DayKind

CLOCKS = 100_000
CLOSED = Change(EntryKind.LOCAL, "停工一天", "", (Day(date(2026, 9, 29), DayKind.HOLIDAY, "停工"),))


def moving() -> None:
    """Every clock moves; no other writer waits longer than one batch."""
    with tempfile.TemporaryDirectory() as folder:
        db = fill(county_db(Path(folder)), CLOCKS, early_every=100).db
        with db.reading() as session:
            looked = timed(lambda: preview(session, proposed(session, CLOSED, at=LATE)))
        with db.writing() as session:
            confirm(session, CLOSED, base=in_force().version, reason="", by=SYSTEM, at=LATE)
        started = time.perf_counter()
        moved = recompute(db, at=LATE)
        taken = time.perf_counter() - started
        db.dispose()
    say(f"recompute: preview of {CLOCKS:,} running clocks {looked:.2f} s; {moved:,} moved in {taken:.1f} s")
    say(f"recompute: {ms(taken / moved)} ms for each, with a fact and a revision")
