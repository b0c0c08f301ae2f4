"""The commands of the ledger and its job: what they make, what they say, what they refuse."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from click.testing import Result
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from app import create_app
from core import migrate
from core.config import Config
from core.db import Database
from duties import jobs
from duties.models import Duty
from duties.record_models import DutyProposal
from escalation import guard
from escalation import jobs as escalation_jobs
from escalation.models import ClockMark
from inquiries import county
from tests.conftest import AT
from tests.duties.scene import on, started
from tests.duties.task_list_sample import TEXT
from tests.people import People


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    made = create_app(Config(instance=tmp_path))
    db: Database = made.extensions["huiyin.db"]
    migrate.ensure(db)
    with db.writing() as session:
        county.make_people(session, county.make_units(session, at=AT), at=AT)
    return made


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["duties", *arguments])


def years(db: Database) -> dict[int, int]:
    with db.reading() as session:
        query = select(Duty.year, func.count()).group_by(Duty.year)
        return {year: count for year, count in session.execute(query)}


def test_start_makes_the_year_and_says_how_much(app: Flask) -> None:
    result = run(app, "start", "--year", "2026")
    assert (result.exit_code, "新增条目56" in result.output) == (0, True)
    assert years(app.extensions["huiyin.db"]) == {2026: 56}


def test_a_second_start_says_that_nothing_was_missing(app: Flask) -> None:
    run(app, "start", "--year", "2026")
    assert "新增条目0，任务0，计时0" in run(app, "start", "--year", "2026").output


def test_a_year_before_the_list_is_refused(app: Flask) -> None:
    result = run(app, "start", "--year", "1999")
    assert (result.exit_code, "年份应在2021年" in result.output) == (2, True)


def test_roll_over_carries_last_year(app: Flask) -> None:
    with freeze_time(datetime(2026, 12, 1, 2, tzinfo=UTC)):
        run(app, "start", "--year", "2026")
    with freeze_time(datetime(2027, 1, 1, 2, tzinfo=UTC)):
        assert "2027年：新增条目56" in run(app, "roll-over").output
        assert "2027年：新增条目0" in run(app, "roll-over").output


def test_a_list_is_put_on_record(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(TEXT, "utf-8")
    assert run(app, "propose", str(file)).exit_code == 0
    with app.extensions["huiyin.db"].reading() as session:
        assert session.scalar(select(func.count()).select_from(DutyProposal))
    assert "新读出0条" in run(app, "propose", str(file)).output


def test_a_file_that_is_no_list_is_refused(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("随便写写", "utf-8")
    result = run(app, "propose", str(file))
    assert (result.exit_code, "不能读取" in result.output) == (2, True)


def test_the_job_makes_the_new_year_once(db: Database, people: People) -> None:
    started(db)
    first = jobs.roll_over(db, at=on(date(2027, 1, 1), 0))
    second = jobs.roll_over(db, at=on(date(2027, 1, 2), 0))
    assert (first[0], first[1].duties, second[1].duties) == (2027, 56, 0)


def test_the_job_in_the_old_year_makes_nothing(db: Database, people: People) -> None:
    started(db)
    assert jobs.roll_over(db, at=on(date(2026, 12, 31), 23))[1].duties == 0


def test_a_host_whose_clock_is_not_believed_begins_no_year(
    db: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(db)
    with db.writing() as session:
        guard.check(session, "here", guard.Instant(on(date(2026, 12, 31), 23), "boot", 100.0))
        session.get_one(ClockMark, "here").held = "跳变"
    monkeypatch.setattr(jobs.socket, "gethostname", lambda: "here")
    with freeze_time(datetime(2027, 1, 1, 2, tzinfo=UTC)):
        jobs.run_roll_over(db)
    assert 2027 not in years(db)


def test_the_scheduler_calls_it_every_night_and_at_the_start(app: Flask) -> None:
    config, more = app.extensions["huiyin.config"], app.extensions["huiyin.jobs"]
    made: BackgroundScheduler = escalation_jobs.scheduler(app.extensions["huiyin.db"], config, more)
    made.start(paused=True)
    job = made.get_job("roll-over")
    assert (str(job.trigger), job.next_run_time is not None) == ("cron[hour='0', minute='5']", True)
    made.shutdown(wait=False)
