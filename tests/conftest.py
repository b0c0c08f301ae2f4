"""Real databases, five people, a fixed instant. SQLite always; PostgreSQL as well when TEST_DATABASE_URL is set."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, create_engine, insert, make_url, select, text

import app  # noqa: F401  # every table is known before the first database is made
from core import migrate
from core.db import Base, Database
from core.people import Person
from core.vault import Vault
from inquiries import county
from tests.people import People

KEY = bytes(range(32))
POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
AT = datetime(2026, 9, 22, 2, 30, tzinfo=UTC)  # Tuesday 22 September 2026, 10:30 in Shanghai


@pytest.fixture
def at() -> datetime:
    """The instant at which the tests stand unless they say otherwise."""
    return AT


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty migrated database; each test that uses it runs on both kinds."""
    if request.param == "postgresql" and not POSTGRES:
        pytest.skip("TEST_DATABASE_URL is not set")
    database = _sqlite(tmp_path) if request.param == "sqlite" else _postgres()
    yield database
    database.dispose()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Database]:
    """SQLite only, for what does not depend on the database."""
    database = _sqlite(tmp_path)
    yield database
    database.dispose()


_template: list[Path] = []


def _sqlite(tmp_path: Path) -> Database:
    """A copy of one migrated file: migrating takes longer than most tests."""
    path = tmp_path / "huiyin.db"
    if _template:
        path.write_bytes(_template[0].read_bytes())
        return Database(f"sqlite:///{path}", Vault(KEY))
    database = Database(f"sqlite:///{path}", Vault(KEY))
    migrate.upgrade(database)
    database.dispose()
    kept = tmp_path.parent / "template.db"
    kept.write_bytes(path.read_bytes())
    _template.append(kept)
    return database


_postgres_ready: list[str] = []


def _postgres() -> Database:
    """One database for each test process, emptied between tests."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    url = make_url(POSTGRES).set(database=f"huiyin_test_{worker}")
    if not _postgres_ready:
        _create(url.database or "")
    database = Database(url.render_as_string(hide_password=False), Vault(KEY))
    if not _postgres_ready:
        migrate.upgrade(database)
        _postgres_ready.append(worker)
    tables = ", ".join([table.name for table in Base.metadata.sorted_tables] + ["inquiry_words"])
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return database


def _create(name: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


@pytest.fixture
def people(db: Database) -> People:
    """The five people of the example, with their units."""
    return settle(db)


def settle(db: Database) -> People:
    """Units and the five people into an empty database."""
    if db.is_sqlite not in _settled:
        with db.writing() as session:
            county.make_people(session, county.make_units(session, at=AT), at=AT)
        _settled[db.is_sqlite] = _rows(db)
    else:
        _put_back(db, _settled[db.is_sqlite])
    with db.reading() as session:
        made = {person.login: person.actor for person in session.scalars(select(Person))}
    return People(*(made[login] for login, *_rest in county.PEOPLE))


# what the verbs wrote the first time: five passwords are hashed once for each process, not for each test
_settled: dict[bool, list[tuple[Table, list[dict[str, Any]]]]] = {}


def _rows(db: Database) -> list[tuple[Table, list[dict[str, Any]]]]:
    with db.engine.connect() as connection:
        found = [
            (table, connection.execute(select(table)).mappings().all())
            for table in Base.metadata.sorted_tables
        ]
    return [(table, [dict(row) for row in rows]) for table, rows in found if rows]


def _put_back(db: Database, kept: list[tuple[Table, list[dict[str, Any]]]]) -> None:
    with db.engine.begin() as connection:
        for table, rows in kept:
            connection.execute(insert(table), rows)
            if not db.is_sqlite and table.c.get("id") is not None:
                last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {max(row['id'] for row in rows)})"
                connection.execute(text(last))
