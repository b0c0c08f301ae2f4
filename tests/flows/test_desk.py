"""The supervisor's desk: what is due, near and overdue, by unit."""

import re
from datetime import datetime

from freezegun import freeze_time

from core.db import Database
from escalation.sweep import sweep
from tests.builders import a_call, dispatched
from tests.flows.conftest import SignIn
from tests.people import People

AFTER = "2026-10-09T02:00:00+00:00"  # Friday 9 October, two working days past the due day


def test_the_desk_counts_an_overdue_case_in_red(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
    with freeze_time(AFTER):
        page = sign_in("chenlh").get("/desk").text
    assert re.search(r'is-red".*?lamps-num">1 <', page, re.DOTALL)


def test_the_desk_names_the_unit_that_owes_an_answer(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
    with freeze_time(AFTER):
        page = sign_in("chenlh").get("/desk").text
    assert "县住建委" in page[page.index("desk-units") :]


def test_a_handler_sees_only_the_clocks_of_the_own_unit(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        dispatched(session, people, at, title="本单位的事项")
        dispatched(session, people, at, unit="transport", title="外单位的事项")
    with freeze_time("2026-09-30T01:30:00+00:00"):
        page = sign_in("tanwj").get("/desk").text
    assert ("本单位的事项" in page, "外单位的事项" in page) == (True, False)


def test_a_case_without_an_answer_is_counted_as_without_echo(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    with freeze_time(at):
        page = sign_in("chenlh").get("/desk").text
    assert re.search(r"没有回音 <b>1</b>", page)


def test_issued_notices_stand_on_the_desk(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
    moment = datetime.fromisoformat(AFTER)
    sweep(db, at=moment)
    with freeze_time(moment):
        page = sign_in("chenlh").get("/desk/notices").text
    assert "催办单" in page


def test_a_unit_with_nothing_fallen_due_shows_a_dash(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
    with freeze_time(at):
        page = sign_in("chenlh").get("/desk").text
    assert "<td>—</td>" in page
