"""Publications of representative messages: 45 days from the last one, whoever is late in entering it."""

from datetime import date, timedelta

import pytest

from core.db import Database
from duties.models import Evidence
from duties.service import strike
from escalation import clocks
from escalation.models import Outcome
from escalation.sweep import sweep
from sla import local_date
from tests.duties.scene import PERIOD, clocks_of, entered, on, proof, somebody, started, task_of
from tests.escalation.scene import notices
from tests.people import People

OFFICE = "county_office"


def published(db: Database, people: People, day: date, *, entered_on: date | None = None) -> int:
    found = entered(db, people, proof(day), clause=PERIOD, unit=OFFICE, at=on(entered_on or day))
    return found[0]


def due_on(db: Database) -> date:
    return clocks_of(db, PERIOD, OFFICE)["period"].due_on


def test_the_first_period_runs_from_the_start(db: Database, people: People) -> None:
    started(db)
    # 45 days after 5 January is 19 February, in Spring Festival of 2026; 24 February is the first working day
    assert due_on(db) == date(2026, 2, 24)


def test_a_publication_begins_the_next_period(db: Database, people: People) -> None:
    started(db)
    published(db, people, date(2026, 3, 2))
    assert due_on(db) == date(2026, 4, 16)


def test_a_publication_fulfils_the_period_before(db: Database, people: People) -> None:
    started(db)
    before = clocks_of(db, PERIOD, OFFICE)["period"].id
    published(db, people, date(2026, 1, 20))
    with db.reading() as session:
        clock = session.get_one(clocks.Clock, before)
    assert (clock.outcome, clocks.on_time(clock)) == (Outcome.FULFILLED, True)


def test_the_next_period_runs_from_the_day_of_publication_not_of_entry(db: Database, people: People) -> None:
    started(db)
    published(db, people, date(2026, 3, 2), entered_on=date(2026, 3, 20))
    assert due_on(db) == date(2026, 4, 16)


def test_a_publication_older_than_the_last_changes_nothing(db: Database, people: People) -> None:
    started(db)
    published(db, people, date(2026, 3, 2))
    published(db, people, date(2026, 2, 10), entered_on=date(2026, 3, 3))
    assert due_on(db) == date(2026, 4, 16)


def test_a_struck_publication_puts_the_period_back(db: Database, people: People) -> None:
    started(db)
    published(db, people, date(2026, 3, 2))
    last = published(db, people, date(2026, 4, 1))
    with db.writing() as session:
        task, row = task_of(session, PERIOD, OFFICE), session.get_one(Evidence, last)
        strike(session, task, row, "没有公开", by=people.supervisor, at=on(date(2026, 4, 20)))
    assert due_on(db) == date(2026, 4, 16)


def test_the_first_publication_struck_puts_the_start_back(db: Database, people: People) -> None:
    started(db)
    only = published(db, people, date(2026, 3, 2))
    with db.writing() as session:
        task, row = task_of(session, PERIOD, OFFICE), session.get_one(Evidence, only)
        strike(session, task, row, "没有公开", by=somebody(session, OFFICE, people), at=on(date(2026, 3, 4)))
    assert due_on(db) == date(2026, 2, 24)


@pytest.mark.parametrize(("early", "told"), [(timedelta(), True), (timedelta(seconds=1), False)])
def test_the_alarm_comes_on_the_45th_day(db: Database, people: People, early: timedelta, told: bool) -> None:
    started(db)
    published(db, people, date(2026, 3, 2))
    sweep(db, at=on(date(2026, 4, 16), 9) - early)
    clock = clocks_of(db, PERIOD, OFFICE)["period"]
    assert ("due" in {notice.rung for notice in notices(db) if notice.clock_id == clock.id}) is told


def test_a_publication_in_time_stops_the_alarm(db: Database, people: People) -> None:
    started(db)
    published(db, people, date(2026, 3, 2))
    published(db, people, date(2026, 4, 15))
    sweep(db, at=on(date(2026, 4, 17), 9))
    assert [notice for notice in notices(db) if local_date(notice.due_at) == date(2026, 4, 17)] == []


def test_the_other_units_answer_for_the_year(db: Database, people: People) -> None:
    started(db)
    assert clocks_of(db, PERIOD)["year"].due_on == date(2026, 12, 31)
