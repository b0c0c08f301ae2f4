"""Leaves over HTTP: entered, refused with words, withdrawn, and unseen by other units."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.absences import ZONE, Absence
from core.clock import now
from core.db import Database
from core.people import Person
from tests.flows.conftest import SignIn, post
from tests.people import People


@pytest.fixture
def form(db: Database, people: People) -> dict[str, Any]:
    """A leave of the handler from today to tomorrow, with a colleague."""
    with db.writing() as session:
        other = Person(
            login="ersi", name="安二四", unit_id=people.handler.unit_id, password_hash="", email=""
        )
        other.created_at = other.password_at = now()
        session.add(other)
        session.flush()
        today = now().astimezone(ZONE).date()
        days = {"since": today.isoformat(), "until": (today + timedelta(days=1)).isoformat()}
        return {"person": people.handler.id, "stand_in": other.id} | days


def test_a_leave_is_entered_and_shown(sign_in: SignIn, form: dict[str, Any]) -> None:
    client = sign_in("tanwj")
    assert post(client, "/absence", form).status_code == 303
    assert "安二四" in client.get("/absence").text.partition("h-enter")[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stand_in": "0"}, "代办人应是同一单位"),
        ({"until": "2020-01-01"}, "不能早于"),
        ({"since": "不知道"}, "日期"),
        ({"stand_in": "99999999999999999999"}, "代办人"),
        ({"person": "3"}, "有效的选择"),
    ],
)
def test_a_wrong_leave_is_refused_in_words(
    sign_in: SignIn, form: dict[str, Any], change: dict[str, str], words: str
) -> None:
    answer = post(sign_in("tanwj"), "/absence", form | change)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_leave_is_withdrawn_by_its_unit_only(db: Database, sign_in: SignIn, form: dict[str, Any]) -> None:
    post(sign_in("tanwj"), "/absence", form)
    assert post(sign_in("ranqm"), "/absence/1/withdraw").status_code == 404
    assert post(sign_in("tanwj"), "/absence/1/withdraw").status_code == 303
    with db.reading() as session:
        assert session.scalars(select(Absence.withdrawn_at)).one() is not None


def test_a_stranger_sees_no_leave_of_the_unit(sign_in: SignIn, form: dict[str, Any]) -> None:
    post(sign_in("tanwj"), "/absence", form)
    assert "安二四" not in sign_in("ranqm").get("/absence").text
