"""What load balancers and monitors are told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import text

from app import create_app
from core import facts, migrate
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import SYSTEM
from core.vault import Vault
from escalation.models import Heartbeat
from tests.conftest import KEY


@pytest.fixture
def app(db: Database, tmp_path: Path) -> Iterator[Flask]:
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    url = db.url.render_as_string(hide_password=False)
    made = create_app(Config(instance=tmp_path, database_url=url, key_file=key))
    yield made
    made.extensions["huiyin.db"].dispose()


def beat(db: Database, ago: timedelta) -> None:
    with db.writing() as session:
        session.merge(Heartbeat(name="sweep", at=now() - ago))


def test_a_process_that_answers_is_alive(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["ok"]) == (200, True)


def test_the_health_of_the_process_tells_how_far_the_calendar_reaches(app: Flask) -> None:
    assert app.test_client().get("/healthz").json["certain_workdays_left"] >= 0


def test_a_swept_database_is_ready(app: Flask, db: Database) -> None:
    beat(db, timedelta(seconds=40))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["ready"]) == (200, True)
    assert 40 <= answer.json["sweep_age"] < 100


def test_a_silent_sweep_is_not_ready(app: Flask, db: Database) -> None:
    beat(db, timedelta(minutes=6))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["ready"], answer.json["sweep"]) == (503, False, False)


def test_before_the_first_sweep_it_is_not_ready(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["sweep_age"]) == (503, None)


def test_old_tables_are_not_ready(app: Flask, db: Database) -> None:
    beat(db, timedelta())
    with db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = app.test_client().get("/readyz")
    with db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": migrate.head()})
    assert (answer.status_code, answer.json["tables"]) == (503, False)


def test_another_hosts_key_is_not_ready(app: Flask, db: Database) -> None:
    beat(db, timedelta())
    with db.writing() as session:
        session.info["vault"] = Vault(bytes(32))
        facts.record(session, facts.Entry("test:act", "test:1", SYSTEM, now()))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["key"]) == (503, False)


def test_an_unreachable_database_is_not_ready_but_the_process_is_alive(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    client = create_app(Config(instance=tmp_path, database_url=url)).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, False)
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(("day", "left"), [("2026-12-23", 1), ("2026-12-31", 0), ("2027-01-15", 0)])
def test_the_certain_days_end_before_the_late_december_of_the_last_announced_year(
    app: Flask, db: Database, day: str, left: int
) -> None:
    with freeze_time(f"{day}T04:00:00+00:00"):
        assert app.test_client().get("/readyz").json["certain_workdays_left"] == left
