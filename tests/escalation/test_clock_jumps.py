"""The whole way of a clock that jumps: the real job, the monitor, and the command by which a person vouches."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from freezegun import freeze_time

from app import create_app
from core.config import Config
from core.db import Database
from escalation import jobs
from tests.conftest import KEY
from tests.escalation.scene import MOMENTS, notices, rungs, started
from tests.people import People

NOON = MOMENTS["remind"] + timedelta(hours=3)
LATER = timedelta(seconds=40)


@pytest.fixture
def app(db: Database, people: People, tmp_path: Path) -> Iterator[Flask]:
    """An application whose sweep has just issued the first notice of one clock."""
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    url = db.url.render_as_string(hide_password=False)
    started(db, people)
    made = create_app(Config(instance=tmp_path, database_url=url, key_file=key))
    sweep_at(db, NOON)
    yield made
    made.extensions["huiyin.db"].dispose()


def sweep_at(db: Database, wall: datetime) -> int:
    """The scheduled job while the wall shows this; the seconds since boot go on as they are."""
    with freeze_time(wall):
        return jobs.run_sweep(db).notices


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=400), timedelta(days=-2)])
def test_a_jump_issues_nothing_however_far(db: Database, app: Flask, jump: timedelta) -> None:
    assert sweep_at(db, NOON + jump) == 0
    assert rungs(db) == ["remind"]


def test_a_held_clock_is_told_to_the_monitor(db: Database, app: Flask) -> None:
    sweep_at(db, NOON + timedelta(days=400))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["clock"]) == (503, False)


def test_a_clock_that_came_back_is_still_held(db: Database, app: Flask) -> None:
    sweep_at(db, NOON + timedelta(days=400))
    assert sweep_at(db, NOON + LATER) == 0


def test_a_person_vouches_and_what_was_held_is_made_up(db: Database, app: Flask) -> None:
    held = NOON + timedelta(days=2)  # the clock is right: the machine had been set late
    sweep_at(db, held)
    with freeze_time(held):
        assert "已确认" in app.test_cli_runner().invoke(args=["clock", "confirm"]).output
    assert sweep_at(db, held + LATER) == 2
    assert [notice.superseded for notice in notices(db)] == [False, True, False]


def test_small_steps_are_no_jump(db: Database, app: Flask) -> None:
    assert [sweep_at(db, NOON + LATER * n) for n in range(3)] == [0, 0, 0]
    with freeze_time(NOON):
        assert app.test_client().get("/readyz").json["clock"] is True
