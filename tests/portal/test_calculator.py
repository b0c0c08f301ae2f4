"""The public calculator: a day and a number of working days, counted in the open."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time

from core.db import Database
from escalation.calendar_models import EntryKind
from escalation.calendars import Change, confirm, in_force
from sla import Day, DayKind
from tests.flows.conftest import app  # noqa: F401  # the same application
from tests.people import People


@pytest.fixture
def client(app: Flask) -> FlaskClient:  # noqa: F811
    return app.test_client()


def test_a_citizen_counts_over_the_national_day(client: FlaskClient) -> None:
    page = client.get("/calculator?from=2026-09-30&n=5").text
    assert "2026年10月13日（周二）到期" in page


def test_a_term_that_begins_on_a_holiday_begins_with_the_next_working_day(client: FlaskClient) -> None:
    assert "2026年10月8日（周四）到期" in client.get("/calculator?from=2026-10-03&n=1").text


def test_every_day_of_the_count_has_its_reason(client: FlaskClient) -> None:
    page = client.get("/calculator?from=2026-09-30&n=5").text
    assert "周六调休上班（国庆节），计为第3日" in page and "国庆节放假，不计入" in page


def test_the_address_is_kept_as_a_link(client: FlaskClient) -> None:
    assert 'href="/calculator?from=2026-09-30&amp;n=5"' in client.get("/calculator?n=5&from=2026-09-30").text


def test_without_a_question_the_usual_term_from_today_is_shown(client: FlaskClient) -> None:
    with freeze_time("2026-09-30T18:00:00+00:00"):  # already 1 October in Shanghai
        page = client.get("/calculator").text
    assert "2026年10月1日起5个工作日" in page


def test_a_day_of_an_unannounced_year_is_provisional(client: FlaskClient) -> None:
    assert "放假通知发布后重算" in client.get("/calculator?from=2026-12-22&n=10").text


def test_no_day_is_called_today(client: FlaskClient) -> None:
    with freeze_time("2026-10-09T02:00:00+00:00"):
        assert "今天" not in client.get("/calculator?from=2026-09-30&n=5").text


def test_the_longest_term_and_both_ends_of_the_calendar_are_counted(client: FlaskClient) -> None:
    for day in ("2005-01-01", "2099-12-31"):
        assert client.get(f"/calculator?from={day}&n=60").status_code == 200


def test_a_local_closure_counts_for_citizens_too(db: Database, people: People, client: FlaskClient) -> None:
    from tests.conftest import AT

    day = Day(in_force().day(AT.date()).on.replace(day=29), DayKind.HOLIDAY, "防汛停工")
    with db.writing() as session:
        change = Change(EntryKind.LOCAL, "停工", "", (day,))
        confirm(session, change, base=in_force().version, reason="雨", by=people.supervisor, at=AT)
    assert "2026年9月30日（周三）到期" in client.get("/calculator?from=2026-09-28&n=1").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-09-31&n=5", "请填日期"),
        ("from=&n=5", "请填日期"),
        ("n=5", "请填日期"),
        ("from=%00&n=5", "请填日期"),
        ("from=<b>&n=5", "请填日期"),
        ("from=2004-12-31&n=5", "只能算2005年到2099年"),
        ("from=9999-12-31&n=5", "只能算2005年到2099年"),
        ("from=0001-01-01&n=5", "只能算2005年到2099年"),
        ("from=2026-09-30&n=0", "请填1到60的整数"),
        ("from=2026-09-30&n=61", "请填1到60的整数"),
        ("from=2026-09-30&n=-3", "请填1到60的整数"),
        ("from=2026-09-30&n=1.5", "请填1到60的整数"),
        ("from=2026-09-30&n=abc", "请填1到60的整数"),
        ("from=2026-09-30", "请填1到60的整数"),
        ("from=2026-09-30&n=" + "9" * 5000, "请填1到60的整数"),
    ],
)
def test_what_cannot_be_counted_is_explained_beside_the_field(
    client: FlaskClient, query: str, words: str
) -> None:
    page = client.get(f"/calculator?{query}")
    assert (page.status_code, words in page.text, "到期</b>" in page.text) == (422, True, False)


def test_what_was_typed_stays_in_the_fields(client: FlaskClient) -> None:
    assert 'value="2026-09-31"' in client.get("/calculator?from=2026-09-31&n=5").text


def test_the_calculator_is_one_of_the_public_pages(client: FlaskClient) -> None:
    assert 'href="/calculator"' in client.get("/letters/new").text


@pytest.mark.parametrize(("n", "drawn"), [(5, True), (60, False)])
def test_a_long_count_is_a_table_and_no_strip(client: FlaskClient, n: int, drawn: bool) -> None:
    page = client.get(f"/calculator?from=2026-09-30&n={n}").text
    assert ("ruler-simple" in page, '<details class="ruler-why" open>' in page) == (drawn, not drawn)
