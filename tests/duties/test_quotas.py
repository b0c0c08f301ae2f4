"""Counts against the year: a quarter's share, the act that reaches it, and what a struck event cannot rescue."""

from datetime import date, timedelta

import pytest

from core.db import Database
from duties.models import Duty
from duties.quotas import Tally, behind, share
from escalation import clocks
from escalation.models import Outcome
from tests.duties.scene import STARTED, clocks_of, entered, event, on, started, struck, task_of
from tests.people import People

MARCH = on(date(2026, 3, 31), 23)
ONE_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("total", "shares"),
    [(4, (1, 2, 3, 4)), (2, (1, 1, 2, 2)), (1, (1, 1, 1, 1)), (6, (2, 3, 5, 6)), (0, (0, 0, 0, 0))],
)
def test_a_share_is_the_years_number_in_equal_parts_rounded_up(total: int, shares: tuple[int, ...]) -> None:
    assert tuple(share(total, quarter) for quarter in (1, 2, 3, 4)) == shares


@pytest.mark.parametrize(
    ("today", "short"),
    [
        (date(2026, 3, 31), Tally()),
        (date(2026, 4, 1), Tally(1, 1)),
        (date(2026, 6, 30), Tally(1, 1)),
        (date(2026, 7, 1), Tally(2, 1)),
        (date(2026, 12, 31), Tally(3, 2)),
        (date(2027, 1, 1), Tally(4, 2)),
        (date(2025, 12, 31), Tally()),
    ],
)
def test_a_unit_is_behind_from_the_day_after_a_quarters_end(today: date, short: Tally) -> None:
    assert behind(Tally(), Duty(year=2026, quota=4, leaders=2), today) == short


def test_a_quota_unit_has_a_clock_for_each_quarters_last_day(db: Database, people: People) -> None:
    started(db)
    found = {name: clock.due_on for name, clock in clocks_of(db, "6.3.2").items()}
    assert found == {
        "q1": date(2026, 3, 31),
        "q2": date(2026, 6, 30),
        "q3": date(2026, 9, 30),
        "q4": date(2026, 12, 31),
    }


def test_the_event_that_reaches_the_share_stops_its_clock(db: Database, people: People) -> None:
    started(db)
    entered(db, people, event(date(2026, 3, 31), leader=True), at=MARCH)
    clock = clocks_of(db, "6.3.2")["q1"]
    assert (clock.outcome, clock.stopped_at, clocks.on_time(clock)) == (Outcome.FULFILLED, MARCH, True)


@pytest.mark.parametrize(("late", "in_time"), [(timedelta(), True), (ONE_SECOND, False)])
def test_the_last_moment_of_the_quarter_is_in_time(
    db: Database, people: People, late: timedelta, in_time: bool
) -> None:
    started(db)
    entered(db, people, event(date(2026, 3, 31), leader=True), at=on(date(2026, 4, 1), 0) + late)
    assert clocks.on_time(clocks_of(db, "6.3.2")["q1"]) is in_time


def test_an_event_without_a_person_in_charge_leaves_the_clock_running(db: Database, people: People) -> None:
    started(db)
    entered(db, people, event(date(2026, 3, 1)), at=MARCH)
    assert clocks_of(db, "6.3.2")["q1"].stopped_at is None


def test_four_events_with_two_leaders_fulfil_the_year(db: Database, people: People) -> None:
    started(db)
    days = [date(2026, 1, 5)] * 4
    entered(db, people, *(event(day, leader=n < 2) for n, day in enumerate(days)), at=MARCH)
    assert {clock.outcome for clock in clocks_of(db, "6.3.2").values()} == {Outcome.FULFILLED}


def test_a_struck_event_leaves_its_quarter_owed_again_by_its_old_day(db: Database, people: People) -> None:
    started(db)
    (kept,) = entered(db, people, event(date(2026, 3, 1), leader=True), at=MARCH)
    struck(db, people, kept, at=on(date(2026, 4, 20)))
    clock = clocks_of(db, "6.3.2")["q1"]
    assert (clock.stopped_at, clock.due_on) == (None, date(2026, 3, 31))


def test_an_event_in_place_of_a_struck_one_is_late(db: Database, people: People) -> None:
    started(db)
    (kept,) = entered(db, people, event(date(2026, 3, 1), leader=True), at=MARCH)
    struck(db, people, kept, at=on(date(2026, 4, 20)))
    entered(db, people, event(date(2026, 4, 21), leader=True), at=on(date(2026, 4, 21)))
    assert clocks.on_time(clocks_of(db, "6.3.2")["q1"]) is False


def test_a_struck_event_that_others_make_up_for_opens_nothing(db: Database, people: People) -> None:
    started(db)
    first, _second = entered(db, people, *[event(date(2026, 3, 1), leader=True)] * 2, at=MARCH)
    struck(db, people, first, at=on(date(2026, 4, 20)))
    assert clocks_of(db, "6.3.2")["q1"].outcome is Outcome.FULFILLED


def test_one_training_fulfils_the_year(db: Database, people: People) -> None:
    started(db)
    entered(
        db, people, event(date(2026, 5, 1)), clause="14.1.1", unit="county_office", at=on(date(2026, 5, 2))
    )
    assert clocks_of(db, "14.1.1", "county_office")["year"].outcome is Outcome.FULFILLED


def test_the_training_is_due_at_the_years_end_alone(db: Database, people: People) -> None:
    started(db)
    found = clocks_of(db, "14.1.1", "county_office")
    assert {name: clock.due_on for name, clock in found.items()} == {"year": date(2026, 12, 31)}


def test_quarters_that_were_over_before_the_start_have_no_clock(db: Database, people: People) -> None:
    started(db, at=on(date(2026, 9, 22)))
    assert sorted(clocks_of(db, "6.3.2")) == ["q3", "q4"]


def test_a_list_shows_the_quarter_that_is_due_next(db: Database, people: People) -> None:
    started(db)
    entered(db, people, event(date(2026, 1, 5), leader=True), at=STARTED)
    with db.reading() as session:
        assert task_of(session, "6.3.2").clock_id == clocks_of(db, "6.3.2")["q2"].id
