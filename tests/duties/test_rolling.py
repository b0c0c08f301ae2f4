"""The roll-over: the new year from the old one, nothing twice, the old rows as they were."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.people import SYSTEM, Unit
from duties import entries, rolling, service, starting
from duties.models import Duty
from duties.stages import Stage
from duties.words import Origin
from escalation.models import Clock, Outcome
from tests.duties.scene import (
    PERIOD,
    PLAIN,
    QUOTA,
    at_stage,
    clocks_of,
    entered,
    on,
    proof,
    started,
    task_of,
)
from tests.duties.test_starting import owing
from tests.people import People

NEW_YEAR = on(date(2027, 1, 1), 0)


def rolled(db: Database, year: int = 2027) -> starting.Made:
    with db.writing() as session:
        return rolling.roll_over(session, year, by=SYSTEM, at=NEW_YEAR)


def test_the_new_year_has_every_entry_and_task_of_the_old(db: Database, people: People) -> None:
    first = started(db)
    made = rolled(db)
    assert (made.duties, made.tasks, made.clocks) == (first.duties, first.tasks, first.clocks)


def test_a_second_roll_over_makes_nothing(db: Database, people: People) -> None:
    started(db)
    rolled(db)
    assert rolled(db) == starting.Made()


def test_a_start_after_the_roll_over_makes_nothing(db: Database, people: People) -> None:
    started(db)
    rolled(db)
    assert started(db, year=2027, at=NEW_YEAR) == starting.Made()


def test_without_an_old_year_there_is_nothing_to_carry(db: Database, people: People) -> None:
    assert rolled(db) == starting.Made()


def test_the_old_rows_stay_as_they_are(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        at_stage(session, people, Stage.SIGNED_OFF, on(date(2026, 12, 1)))
    rolled(db)
    with db.reading() as session:
        assert task_of(session, PLAIN, year=2026).stage is Stage.SIGNED_OFF
        assert task_of(session, PLAIN, year=2027).stage is Stage.OPEN


def test_an_open_task_of_the_old_year_stays_owed(db: Database, people: People) -> None:
    started(db)
    rolled(db)
    assert clocks_of(db, PLAIN, year=2026)["year"].stopped_at is None


def test_a_half_made_year_is_completed(db: Database, people: People) -> None:
    started(db)
    rolled(db)
    with db.writing() as session:
        duty = task_of(session, PLAIN, year=2026).duty
        unit = session.scalars(select(Unit).where(Unit.code == "shuangjiang")).one()
        entries.assign(session, duty, unit, "补列", by=people.supervisor, at=NEW_YEAR)
    assert (rolled(db).tasks, "shuangjiang" in owing(db, PLAIN, year=2027)) == (1, True)


def test_a_released_unit_is_not_carried(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        service.release(
            session, task_of(session, QUOTA), "误列", by=people.supervisor, at=on(date(2026, 6, 1))
        )
    rolled(db)
    assert "housing" not in owing(db, QUOTA, year=2027)


def test_a_unit_out_of_use_is_not_carried(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        session.scalars(select(Unit).where(Unit.code == "police")).one().active = False
    rolled(db)
    assert "police" not in owing(db, PLAIN, year=2027)


@pytest.mark.parametrize(
    ("clause", "unit", "term", "day"),
    [
        (QUOTA, "housing", "q1", date(2027, 3, 31)),
        (PLAIN, "housing", "year", date(2027, 12, 31)),
        ("14.3.5", "county_office", "day", date(2028, 1, 15)),
        ("14.3.6b", "county_office", "day", date(2028, 3, 31)),
    ],
)
def test_a_clock_of_the_new_year_is_due_a_year_later(
    db: Database, people: People, clause: str, unit: str, term: str, day: date
) -> None:
    started(db)
    rolled(db)
    assert clocks_of(db, clause, unit, year=2027)[term].due_on == day


def test_a_period_goes_on_from_its_last_record(db: Database, people: People) -> None:
    started(db)
    december = date(2026, 12, 15)
    entered(db, people, proof(december), clause=PERIOD, unit="county_office", at=on(december))
    rolled(db)
    # 45 days after 15 December 2026
    assert clocks_of(db, PERIOD, "county_office", year=2027)["period"].due_on == date(2027, 1, 29)


def test_one_publication_is_not_owed_twice(db: Database, people: People) -> None:
    started(db)
    rolled(db)
    with db.reading() as session:
        running = select(func.count()).where(Clock.rule == "duty.periodic", Clock.stopped_at.is_(None))
        assert session.scalar(running) == 1
    assert clocks_of(db, PERIOD, "county_office")["period"].outcome is Outcome.CANCELLED


@pytest.mark.parametrize(("origin", "carried"), [(Origin.CATALOGUE, 1), (Origin.PROPOSAL, 0)])
def test_an_entry_with_a_day_recurs_only_from_the_catalogue(
    db: Database, people: People, origin: Origin, carried: int
) -> None:
    started(db)
    with db.writing() as session:
        session.scalars(select(Duty).where(Duty.key == "14.3.6b")).one().origin = origin
    rolled(db)
    with db.reading() as session:
        again = select(func.count()).where(Duty.key == "14.3.6b", Duty.year == 2027)
        assert session.scalar(again) == carried


def test_a_rectification_is_not_carried(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        mending = entries.Mending("整改", "补上三个子栏目", date(2026, 7, 1), Origin.REVIEW)
        entries.rectify(
            session, task_of(session, PLAIN), mending, by=people.supervisor, at=on(date(2026, 6, 1))
        )
    rolled(db)
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Duty.key.is_(None))) == 1
