"""A county with many clocks, and what is wrong with its notices afterwards."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from core import facts
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import SYSTEM, Unit
from core.vault import open_vault
from escalation import clocks
from escalation.models import Clock, Notice
from tests.kill import oracle
from tests.kill.county import settle

RULE = "inquiry.reply"
UNIT = "housing"


def filled(url: str, folder: Path, received: Sequence[datetime]) -> tuple[Database, Config]:
    """A database with one running clock for each of these moments of receipt."""
    config = Config(instance=folder, database_url=url)
    db = Database(config.url, open_vault(config.keys))
    settle(db, config, "")
    with db.writing() as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == UNIT)).one()
        starts = [
            clocks.Start(f"test:{n}", moment, unit, f"第{n}件", f"/cases/{n}")
            for n, moment in enumerate(received, 1)
        ]
        clocks.start_many(session, RULE, starts, by=SYSTEM, at=now())
    return db, config


def faults_of(db: Database, at: datetime) -> dict[str, int]:
    """Missing, doubled and unasked notices at `at` by the oracle, and faults of the record."""
    with db.reading() as session:
        seen = Counter((n.clock_id, n.rung) for n in session.scalars(select(Notice)))
        running = session.scalars(select(Clock)).all()
        wanted = {(clock.id, rung) for clock in running for rung in oracle.rungs(clock.started_at, at)}
        return {
            "missing": len(wanted - seen.keys()),
            "doubled": sum(times - 1 for times in seen.values()),
            "unasked": len(seen.keys() - wanted),
            "chain": len(list(facts.verify(session))),
        }
