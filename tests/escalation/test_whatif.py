"""What a shorter or longer limit would have meant, by unit."""

from datetime import UTC, datetime

from core.db import Database
from escalation.whatif import WhatIf, what_if
from inquiries import service
from tests.builders import signed, told
from tests.people import People

ANSWERED = datetime(2026, 9, 29, 2, tzinfo=UTC)  # the fourth working day of a case received on 22 September


def supposed(db: Database, people: People, at: datetime, workdays: int) -> list[WhatIf]:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        service.reply(session, inquiry, told(ANSWERED), by=people.handler, at=ANSWERED)
    with db.reading() as session:
        return what_if(
            session, people.supervisor, purpose="inquiry.reply", year=2026, workdays=workdays, at=ANSWERED
        )


def test_an_answer_on_the_fourth_day_would_be_late_under_three(
    db: Database, people: People, at: datetime
) -> None:
    every, unit = supposed(db, people, at, 3)
    assert (every.late, every.would_be, unit.unit) == (0, 1, "县住建委")


def test_an_answer_on_the_fourth_day_would_be_in_time_under_four(
    db: Database, people: People, at: datetime
) -> None:
    assert supposed(db, people, at, 4)[0].would_be == 0


def test_a_year_without_cases_has_no_unit(db: Database, people: People, at: datetime) -> None:
    supposed(db, people, at, 5)
    with db.reading() as session:
        rows = what_if(
            session, people.supervisor, purpose="inquiry.reply", year=2025, workdays=5, at=ANSWERED
        )
    assert [row.total for row in rows] == [0]
