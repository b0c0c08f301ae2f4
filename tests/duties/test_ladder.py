"""Notices of the ledger through the real sweep, on days counted by hand."""

from datetime import date

import pytest

from core.db import Database
from escalation.sweep import sweep
from sla import local_date
from tests.duties.scene import PLAIN, QUOTA, REPORT, clocks_of, on, started
from tests.escalation.scene import notices
from tests.people import People

# 2026: 31 December is a Thursday; ten and three working days before it are the 17th and the 28th.
YEAR_END = {
    "remind": date(2026, 12, 17),
    "warn": date(2026, 12, 28),
    "due": date(2026, 12, 31),
}
# 15 January 2027 is a Friday. 20 December is a Sunday and so is 10 January: the Monday after each.
REPORTED = {
    "remind": date(2026, 12, 21),
    "warn": date(2027, 1, 11),
    "due": date(2027, 1, 15),
    "reminder_notice": date(2027, 1, 18),
    "supervision_order": date(2027, 1, 20),
    "circular": date(2027, 1, 22),
}


def rungs_of(db: Database, clock_id: int) -> dict[str, date]:
    return {notice.rung: local_date(notice.moment) for notice in notices(db) if notice.clock_id == clock_id}


@pytest.mark.parametrize(("rung", "day"), list(REPORTED.items()))
def test_the_january_report_is_called_for_on_its_days(
    db: Database, people: People, rung: str, day: date
) -> None:
    started(db)
    clock = clocks_of(db, REPORT, "county_office")["day"]
    sweep(db, at=on(day, 9))
    assert rungs_of(db, clock.id)[rung] == day


@pytest.mark.parametrize(("rung", "day"), list(YEAR_END.items()))
def test_a_task_of_the_year_is_called_for_on_its_days(
    db: Database, people: People, rung: str, day: date
) -> None:
    started(db)
    clock = clocks_of(db, PLAIN)["year"]
    sweep(db, at=on(day, 9))
    assert rungs_of(db, clock.id)[rung] == day


def test_a_quota_behind_at_the_quarters_end_is_reminded_of(db: Database, people: People) -> None:
    started(db)
    clock = clocks_of(db, QUOTA)["q1"]
    sweep(db, at=on(date(2026, 4, 1), 9))  # the first working day after 31 March
    assert rungs_of(db, clock.id)["reminder_notice"] == date(2026, 4, 1)


def test_a_report_due_on_a_saturday_is_warned_of_before_it(db: Database, people: People) -> None:
    started(db, year=2021, at=on(date(2021, 5, 6)))
    clock = clocks_of(db, REPORT, "county_office", year=2021)["day"]
    assert clock.due_on == date(2022, 1, 15)
    sweep(db, at=on(date(2022, 1, 14), 9))
    assert rungs_of(db, clock.id)["due"] == date(2022, 1, 14)
