"""阶段性答复 over HTTP: the handler's form, the case, the paper, and what the citizen reads."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from freezegun import freeze_time
from werkzeug.test import TestResponse

from core.clock import now
from core.db import Database
from inquiries import intake
from inquiries.models import Inquiry
from inquiries.stages import Stage
from sla import local_date
from tests.builders import signed
from tests.flows.conftest import SignIn
from tests.flows.test_cases import a_case, act, answer, facts_of, fresh
from tests.people import People

SO_FAR = "已到现场查看，等待设计单位出具方案。"


def soon() -> str:
    return (local_date(now()) + timedelta(days=9)).isoformat()


def promise(inquiry: Inquiry, **changes: object) -> dict[str, object]:
    return answer(inquiry, text=SO_FAR, promised_on=soon()) | changes


def send(sign_in: SignIn, inquiry: Inquiry, **changes: object) -> TestResponse:
    return act(sign_in("tanwj"), inquiry, "interim", **promise(inquiry, **changes))  # type: ignore[return-value]


def words(day: str) -> str:
    _year, month, number = day.split("-")
    return f"承诺{int(month)}月{int(number)}日前答复结果"


def test_the_form_says_that_the_clock_goes_on(db: Database, people: People, sign_in: SignIn) -> None:
    page = sign_in("tanwj").get(f"/cases/{a_case(db, people).number}").text
    assert "计时照常进行" in page[page.index('id="act-interim"') :]


def test_an_interim_answer_stands_on_the_case_with_its_promise(
    db: Database, people: People, sign_in: SignIn
) -> None:
    inquiry = a_case(db, people)
    assert send(sign_in, inquiry).status_code == 303
    page = sign_in("tanwj").get(f"/cases/{inquiry.number}").text
    assert (SO_FAR in page, page.count(words(soon())), "阶段性答复" in page) == (True, 2, True)
    assert fresh(db, people, inquiry).stage is Stage.HANDLING


def test_the_printed_sheet_shows_the_interim_answer(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    send(sign_in, inquiry)
    sheet = sign_in("tanwj").get(f"/cases/{inquiry.number}/sheet").text
    assert f"阶段性答复，{words(soon())}：{SO_FAR}" in sheet


def test_a_double_click_is_one_interim_answer(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    codes = [send(sign_in, inquiry).status_code for _ in range(2)]
    assert (codes, facts_of(db, inquiry, "interim")) == ([303, 303], 1)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"promised_on": ""}, "请填写承诺哪天前答复结果"),
        ({"promised_on": "soon"}, "不是有效的日期"),
        ({"promised_on": "9999-12-31"}, "年份应在"),
        ({"promised_on": "2026-01-01"}, "承诺日期应在告知次日至60日内"),
        ({"text": " "}, "请写明办理进展"),
        ({"way": "pigeon"}, "不是有效的选择"),
    ],
)
def test_a_refused_interim_answer_says_why_beside_the_field(
    db: Database, people: People, sign_in: SignIn, wrong: dict[str, str], reason: str
) -> None:
    inquiry = a_case(db, people)
    page = send(sign_in, inquiry, **wrong)
    assert (page.status_code, reason in page.text) == (422, True)
    assert facts_of(db, inquiry, "interim") == 0


def test_past_the_limit_only_an_answer_will_do(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people, received_at=now() - timedelta(days=30))
    page = send(sign_in, inquiry)
    assert (page.status_code, "请直接答复" in page.text) == (422, True)


def test_before_signing_there_is_no_interim_answer(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people, "dispatched")
    assert "act-interim" not in sign_in("tanwj").get(f"/cases/{inquiry.number}").text
    assert send(sign_in, inquiry).status_code == 409


def test_the_citizen_reads_the_interim_answer_and_its_day(
    db: Database, people: People, app: Flask, sign_in: SignIn
) -> None:
    at = now()
    with db.writing() as session:
        inquiry = signed(session, people, at, received_at=at - timedelta(minutes=5))
        code = intake.give_query_code(session, inquiry)
    send(sign_in, inquiry, text=f"{SO_FAR}有结果打13800001234。")
    page = app.test_client().post("/query", data={"code": code}).text
    assert (SO_FAR in page, words(soon()) in page, "办理时限不因此延长" in page) == (True, True, True)
    assert ("138****1234" in page, "13800001234" in page) == (True, False)
    assert re.search(r"应在 <b>[^<]+</b> 前答复您", page)


def test_an_interim_answer_is_told_by_the_clock_on_the_wall(
    db: Database, people: People, sign_in: SignIn
) -> None:
    with freeze_time("2026-12-28T02:00:00+00:00"):
        inquiry = a_case(db, people)
        send(sign_in, inquiry, promised_on="2027-01-15")
        assert "承诺1月15日前答复结果" in sign_in("tanwj").get(f"/cases/{inquiry.number}").text
