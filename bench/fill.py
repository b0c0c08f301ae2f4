"""A county with very many cases, made by a few set-based statements instead of a million acts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

import inquiries.models  # noqa: F401  # the foreign keys of clock and case need every table known
from core import migrate
from core.db import Database
from core.people import SYSTEM, Person, Role, Unit
from core.people_service import add_person
from core.vault import Vault
from escalation.models import Clock
from escalation.rules import calendar
from inquiries import county
from inquiries.models import Inquiry
from inquiries.requesters import Personal, sealed
from inquiries.stages import Stage
from inquiries.words import Kind, Urgency
from sla import due_at, limits, rung_moments

RULE = "inquiry.reply"
EARLY = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)  # Monday: its first rung comes a working day before the rest
LATE = datetime(2026, 9, 22, 1, 0, tzinfo=UTC)
KEY = bytes(range(32))


@dataclass(frozen=True)
class County:
    """A filled database; `quiet` is a moment with nothing due, `busy` one at which the early share is due."""

    db: Database
    quiet: datetime
    busy: datetime


def county_db(folder: Path) -> Database:
    """An empty migrated SQLite database with the example's units and people."""
    db = Database(f"sqlite:///{folder / 'bench.db'}", Vault(KEY))
    migrate.upgrade(db)
    with db.writing() as session:
        county.make_people(session, county.make_units(session, at=EARLY), at=EARLY)
    return db


def fill(db: Database, cases: int, *, early_every: int = 0) -> County:
    """`cases` open cases, all of them the same call; every `early_every`-th was received a day earlier."""
    with db.writing() as session:
        requester = sealed(db.vault, Personal("谭女士", "13800001234", "双江街道"))
        session.add(requester)
        session.flush()
        session.execute(insert(Clock), [_clock(1, EARLY), _clock(2, LATE)])
        session.execute(insert(Inquiry), [_inquiry(1, requester.id), _inquiry(2, requester.id)])
    _multiply(db, cases, early_every)
    moments = _moments(EARLY)
    return County(db, quiet=moments[0] - timedelta(hours=1), busy=moments[0])


def _moments(received: datetime) -> list[datetime]:
    limit = limits().at(RULE, received.date())
    due = due_at(received, limit, calendar())
    return [moment for _rung, moment in rung_moments(due, limit, calendar())]


def _clock(number: int, received: datetime) -> dict[str, Any]:
    limit = limits().at(RULE, received.date())
    due = due_at(received, limit, calendar())
    row = {
        "id": number,
        "subject": f"inquiry:{number}",
        "purpose": RULE,
        "rule": RULE,
        "rule_rev": limit.rev,
        "unit_id": 1,
    }
    row |= {"label": "旧楼加装电梯怎么申请补贴", "link": f"/cases/{number}", "started_at": received, "rev": 1}
    row |= {"due_on": due.on, "due_at": due.at, "provisional": False, "calendar_version": calendar().version}
    row |= {"origin_due_at": due.at, "extra_workdays": 0}
    return row | {"next_at": _moments(received)[0]}


def _inquiry(number: int, requester_id: int) -> dict[str, Any]:
    row = {"id": number, "number": f"2026-0922-{number:07d}", "channel": "hotline_12345", "extra": "{}"}
    row |= {"kind": Kind.INQUIRY, "urgency": Urgency.NORMAL, "stage": Stage.HANDLING, "category": "0101"}
    row |= {"title": "旧楼加装电梯怎么申请补贴", "place": "双江街道", "matter": "楼里老人多，想问补贴标准。"}
    row |= {"confidential": False, "consent": False, "version": 1, "lead_unit_id": 1, "clock_id": number}
    return row | {"received_at": LATE, "registered_at": LATE, "requester_id": requester_id}


NUMBERED = {
    "clock": {"id": "i", "subject": "'inquiry:' || i", "link": "'/cases/' || i", "unit_id": "1 + i % 24"},
    "inquiry": {
        "id": "i",
        "number": "printf('2026-0922-%07d', i)",
        "clock_id": "i",
        "lead_unit_id": "1 + i % 24",
    },
}


def _multiply(db: Database, cases: int, early_every: int) -> None:
    """Copy the two moulds; indexes are built afterwards, which is several times faster."""
    raw = db.engine.raw_connection()
    run = raw.driver_connection.execute  # type: ignore[union-attr]
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
        run(f"PRAGMA {pragma}")
    run("BEGIN")
    made = "type = 'index' AND sql IS NOT NULL AND tbl_name IN ('clock', 'inquiry')"
    indexes = run(f"SELECT name, sql FROM sqlite_master WHERE {made}").fetchall()  # noqa: S608  # a constant
    for name, _sql in indexes:
        run(f"DROP INDEX {name}")
    for table, changed in NUMBERED.items():
        columns = [row[1] for row in run(f"PRAGMA table_info({table})")]
        values = ", ".join(changed.get(column, f"mould.{column}") for column in columns)
        run(
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608  # names of our own tables
            f"WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {cases}) "
            f"SELECT {values} FROM n JOIN {table} mould "
            f"ON mould.id = CASE i % {early_every} WHEN 0 THEN 1 ELSE 2 END"
        )
    for _name, sql in indexes:
        run(sql)
    run("COMMIT")
    run("ANALYZE")
    raw.invalidate()


def two_readers(db: Database) -> None:
    """Most units of the example have no handler, so the supervising office hears: two people of it, with addresses."""
    office = {"name": "邓一", "title": "督查科", "roles": [Role.SUPERVISOR], "login": "dengyi"}
    with db.writing() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "county_office")).one()
        add_person(session, unit=unit, by=SYSTEM, at=EARLY, **office)
        session.execute(update(Person).values(email="bench@example.org"))
