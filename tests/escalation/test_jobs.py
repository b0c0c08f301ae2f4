"""The commands print what they did; the scheduler calls the same functions and outlives a failure."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from click.testing import Result
from flask import Flask
from freezegun import freeze_time

from app import create_app
from core.config import ROOT, Config
from core.db import Database
from escalation import jobs
from escalation.models import Heartbeat
from tests.conftest import KEY
from tests.escalation.scene import LAST, started
from tests.people import People


@pytest.fixture
def config(lite: Database, tmp_path: Path) -> Config:
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    return Config(instance=tmp_path, database_url=str(lite.url), key_file=key)


@pytest.fixture
def app(config: Config) -> Flask:
    return create_app(config)


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=arguments)


def test_sweep_prints_its_counts_in_one_line(app: Flask) -> None:
    result = run(app, "sweep")
    counts = json.loads(result.output)
    papers = {"drafted": 0, "issued": 0, "past": 0, "settled": 0, "faulty": 0}
    assert counts.pop("papers") == papers
    assert counts == {"clocks": 0, "notices": 0, "superseded": 0, "copies": 0, "faulty": 0}


def test_sweep_takes_a_moment(app: Flask) -> None:
    assert run(app, "sweep", "--at", "2026-09-30T09:00+08:00").exit_code == 0


@pytest.mark.parametrize("moment", ["tomorrow", "2026-09-30T09:00"])
def test_sweep_refuses_a_moment_without_zone_or_sense(app: Flask, moment: str) -> None:
    result = run(app, "sweep", "--at", moment)
    assert (result.exit_code, "时间" in result.output) == (2, True)


def test_deliver_prints_its_counts_in_one_line(app: Flask) -> None:
    counts = json.loads(run(app, "deliver").output)
    assert counts == {"claimed": 0, "sent": 0, "withdrawn": 0, "failed": 0, "dead": 0}


@pytest.fixture
def scheduler(lite: Database, config: Config) -> BackgroundScheduler:
    return jobs.scheduler(lite, config)


def test_nothing_is_replayed_and_nothing_overlaps(scheduler: BackgroundScheduler) -> None:
    scheduler.start(paused=True)
    kept = {(job.misfire_grace_time, job.coalesce, job.max_instances) for job in scheduler.get_jobs()}
    scheduler.shutdown()
    assert kept == {(None, True, 1)}


def test_a_job_that_fails_is_logged_and_goes_on(
    scheduler: BackgroundScheduler, lite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with lite.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE clock")
    with caplog.at_level(logging.ERROR):
        scheduler.get_job("sweep").func()
    assert "job sweep failed" in caplog.text


def test_the_scheduled_sweep_issues_what_is_due_now(db: Database, people: People, tmp_path: Path) -> None:
    started(db, people, received_at=datetime(2024, 3, 1, tzinfo=UTC))
    with freeze_time(LAST):
        assert jobs.run_sweep(db).notices == 6


def test_the_scheduled_sweep_keeps_quiet_at_night(db: Database, people: People, tmp_path: Path) -> None:
    started(db, people, received_at=datetime(2024, 3, 1, tzinfo=UTC))
    with freeze_time(LAST - timedelta(hours=1)):
        assert jobs.run_sweep(db).notices == 0


def test_a_command_on_an_empty_folder_makes_its_tables(tmp_path: Path) -> None:
    assert run(create_app(Config(instance=tmp_path)), "sweep").exit_code == 0


def test_the_jobs_process_sweeps_and_ends_in_order(lite: Database, config: Config) -> None:
    settings = {"HUIYIN_INSTANCE": str(config.instance), "DATABASE_URL": config.url}
    settings["HUIYIN_KEY_FILE"] = str(config.keys)
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
    wait_until(lambda: has_heartbeat(lite), process)
    process.terminate()
    assert process.wait(timeout=20) == 0


def has_heartbeat(db: Database) -> bool:
    with db.reading() as session:
        return session.get(Heartbeat, "sweep") is not None


def wait_until(happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Up to half a minute; sooner if the process ends."""
    for _ in range(600):
        if happened() or process.poll() is not None:
            return
        time.sleep(0.05)
