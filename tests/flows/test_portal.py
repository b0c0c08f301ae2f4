"""The citizen's pages over HTTP: a letter, its code, and what the code shows."""

import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from core.clock import now
from core.db import Database
from core.people import Attempt, Unit
from inquiries import service
from inquiries.models import Inquiry
from inquiries.words import DeclineGround
from tests.builders import a_call, told
from tests.people import People

LETTER = {
    "kind": "inquiry",
    "title": "孩子跨区县转学要带哪些材料",
    "matter": "孩子要从成都转回县里读三年级，想问带哪些材料。",
    "place": "双江街道",
    "name": "熊晓梅",
    "phone": "13912342207",
    "consent": "no",
}
CODE = re.compile(r"[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){2}")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]+"')


def letter(**changes: Any) -> dict[str, Any]:
    return LETTER | {"client_key": str(uuid.uuid4())} | changes


@pytest.fixture
def citizen(app: Flask) -> Iterator[FlaskClient]:
    """A browser that keeps no cookie."""
    yield app.test_client(use_cookies=False)


def code_of(answer: TestResponse) -> str:
    found = CODE.search(answer.text)
    assert found, answer.text
    return found.group()


def hand_in(citizen: FlaskClient, **changes: Any) -> str:
    return code_of(citizen.post("/letters/new", data=letter(**changes)))


def ask(citizen: FlaskClient, code: str) -> TestResponse:
    return citizen.post("/query", data={"code": code})


def count(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(Inquiry.id))) or 0


def the_case(session: Any) -> Inquiry:
    case: Inquiry = session.scalars(select(Inquiry).order_by(Inquiry.id.desc()).limit(1)).one()
    return case


def to_housing(session: Any, people: People) -> Inquiry:
    """The newest letter, dispatched to housing and signed for."""
    case, housing = the_case(session), session.scalars(select(Unit).where(Unit.code == "housing")).one()
    service.dispatch(session, case, unit=housing, by=people.supervisor, at=now())
    service.sign(session, case, by=people.handler, at=now())
    return case


def test_a_letter_gives_a_code_and_the_code_gives_the_state(citizen: FlaskClient) -> None:
    page = ask(citizen, hand_in(citizen)).text
    assert "已收到，正在确定由哪个单位办理" in page
    assert re.search(r"应在 <b>\d+月\d+日（周.）18:00</b> 前答复您", page)


def test_the_receipt_says_until_when_and_why(citizen: FlaskClient) -> None:
    receipt = citizen.post("/letters/new", data=letter()).text
    assert re.search(r"最迟 <b>\d+月\d+日（周.）18:00</b> 前答复您", receipt)
    assert "收到当天不算" in receipt


def test_a_letter_is_held_by_the_petition_office(citizen: FlaskClient, db: Database) -> None:
    hand_in(citizen)
    with db.reading() as session:
        case = the_case(session)
    assert (case.channel, case.consent, case.registered_by_id) == ("public_mailbox", False, None)


def test_consent_is_given_only_when_asked_for(citizen: FlaskClient, db: Database) -> None:
    hand_in(citizen, consent="yes")
    with db.reading() as session:
        assert the_case(session).consent is True


def test_a_code_is_read_however_it_is_typed(citizen: FlaskClient) -> None:
    code = hand_in(citizen)
    assert ask(citizen, f" {code.lower().replace('-', ' ')} ").status_code == 200


def test_a_double_click_is_one_letter_with_one_working_code(citizen: FlaskClient, db: Database) -> None:
    sent = letter()
    codes = {code_of(citizen.post("/letters/new", data=sent)) for _ in range(2)}
    assert (len(codes), count(db)) == (1, 1)
    assert ask(citizen, codes.pop()).status_code == 200


def test_two_simultaneous_posts_are_one_letter(app: Flask, db: Database) -> None:
    sent = letter()
    with ThreadPoolExecutor(2) as threads:
        posts = [threads.submit(app.test_client().post, "/letters/new", data=sent) for _ in range(2)]
    assert (len({code_of(post.result()) for post in posts}), count(db)) == (1, 1)


def test_a_reload_after_too_many_letters_still_shows_the_code(citizen: FlaskClient) -> None:
    sent = [letter() for _ in range(5)]
    codes = [code_of(citizen.post("/letters/new", data=one)) for one in sent]
    assert citizen.post("/letters/new", data=letter()).status_code == 429
    assert code_of(citizen.post("/letters/new", data=sent[0])) == codes[0]


def test_a_letter_turned_away_for_now_is_not_lost(citizen: FlaskClient, db: Database) -> None:
    for _ in range(5):
        hand_in(citizen)
    answer = citizen.post("/letters/new", data=letter(title="第六封"))
    assert (answer.status_code, count(db)) == (429, 5)
    assert "第六封" in answer.text and LETTER["matter"] in answer.text


def test_a_case_of_the_office_cannot_be_reached_by_its_form_key(
    citizen: FlaskClient, db: Database, people: People
) -> None:
    key = str(uuid.uuid4())
    with db.writing() as session:
        a_call(session, people.operator, now(), client_key=f"intake/{people.operator.id}/{key}")
    hand_in(citizen, client_key=key)
    assert count(db) == 2


def error_beside(answer: TestResponse, field: str) -> str:
    found = re.search(rf'id="{field}-error">.*?<span>(.*?)</span>', answer.text, re.DOTALL)
    return found.group(1) if found else ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("matter", "字" * 20001, "最多20000字，多了1字"),
        ("matter", " \n", "请写下您要说的事"),
        ("title", "题" * 201, "最多200字，多了1字"),
        ("phone", "1390000", "手机号要11位，还差4位"),
        ("kind", "gossip", "请选一项"),
        ("consent", "perhaps", "请选一项"),
        ("website", "https://spam.example", "这一栏请留空"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    citizen: FlaskClient, db: Database, field: str, value: str, words: str
) -> None:
    answer = citizen.post("/letters/new", data=letter(**{field: value}))
    assert (answer.status_code, error_beside(answer, field), count(db)) == (422, words, 0)


def test_a_name_or_a_number_is_enough(citizen: FlaskClient) -> None:
    answer = citizen.post("/letters/new", data=letter(name="", phone=""))
    assert error_beside(answer, "name") == "请留下称呼或手机号，至少一项"
    assert hand_in(citizen, name="") and hand_in(citizen, phone="")


def test_a_refused_letter_keeps_everything_typed(citizen: FlaskClient) -> None:
    page = citizen.post("/letters/new", data=letter(phone="1390000", confidential="y", consent="yes")).text
    for typed in (LETTER["title"], LETTER["matter"], LETTER["place"], LETTER["name"], "1390000"):
        assert typed in page
    assert page.count("checked") == 3


def test_nul_bytes_do_no_harm(citizen: FlaskClient, db: Database) -> None:
    hand_in(citizen, **{name: f"{LETTER[name]}\0" for name in ("title", "matter", "place", "name", "phone")})
    with db.reading() as session:
        assert the_case(session).matter == LETTER["matter"]


def test_a_foreign_page_cannot_write_letters(citizen: FlaskClient) -> None:
    answer = citizen.post("/letters/new", data=letter(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400


def test_unknown_mistyped_and_too_many_are_one_answer(citizen: FlaskClient) -> None:
    real = hand_in(citizen)
    pages = [ask(citizen, "2222-2222-2222"), ask(citizen, "IIII-0000-1111")]
    while len(pages) < 20:
        pages.append(ask(citizen, "3333-3333-3333"))
    pages.append(ask(citizen, real))
    plain = {TOKEN.sub("", CODE.sub("", re.sub("IIII-0000-1111", "", page.text))) for page in pages}
    assert (len(plain), {page.status_code for page in pages}) == (1, {422})
    assert len({len(page.data) for page in pages}) == 1


def test_asking_for_a_known_code_is_no_guess(citizen: FlaskClient, db: Database) -> None:
    code = hand_in(citizen)
    assert {ask(citizen, code).status_code for _ in range(22)} == {200}
    with db.reading() as session:
        assert session.scalar(select(func.count(Attempt.id)).where(Attempt.kind == "query")) == 0


@pytest.mark.parametrize("code", ["", "\0" * 12, "码" * 500, "' OR 1=1 --"])
def test_nonsense_is_not_found(citizen: FlaskClient, code: str) -> None:
    assert ask(citizen, code).status_code == 422


def test_the_code_stands_in_no_address(citizen: FlaskClient) -> None:
    code = hand_in(citizen)
    page = citizen.get(f"/query?code={code}").text
    assert "正在确定由哪个单位办理" not in page
    assert not re.search(rf'(?:href|action)="[^"]*{code}', ask(citizen, code).text)


def test_the_unit_at_work_is_named(citizen: FlaskClient, db: Database, people: People) -> None:
    code = hand_in(citizen)
    with db.writing() as session:
        to_housing(session, people)
    assert "县住房城乡建委正在办理" in ask(citizen, code).text


def test_the_answer_is_read_by_the_code(citizen: FlaskClient, db: Database, people: People) -> None:
    code = hand_in(citizen)
    with db.writing() as session:
        case = to_housing(session, people)
        service.reply(session, case, told(now(), "带户口簿和转学证明。"), by=people.handler, at=now())
    page = ask(citizen, code).text
    assert "县住房城乡建委已答复" in page and "带户口簿和转学证明。" in page


def test_a_told_refusal_is_read_by_the_code(citizen: FlaskClient, db: Database, people: People) -> None:
    code = hand_in(citizen)
    with db.writing() as session:
        words = told(now(), "此事已经法院判决，请按判决办理。")
        ground = DeclineGround.LEGAL_ROUTE
        service.decline(session, the_case(session), words, ground=ground, by=people.supervisor, at=now())
    page = ask(citizen, code).text
    assert "不予受理，原因已告知" in page and words.text in page


def test_a_merged_letter_shows_the_answer_of_the_earlier_one(
    citizen: FlaskClient, db: Database, people: People
) -> None:
    hand_in(citizen, title="先收到的一封")
    with db.writing() as session:
        first = to_housing(session, people)
    code = hand_in(citizen)
    with db.writing() as session:
        service.merge(session, the_case(session), target=first, by=people.supervisor, at=now())
        service.reply(session, first, told(now(), "带户口簿。"), by=people.handler, at=now())
    page = ask(citizen, code).text
    assert "带户口簿。" in page and "先收到的一封" not in page


def test_no_name_and_no_number_stands_on_the_query_page(
    citizen: FlaskClient, db: Database, people: People
) -> None:
    code = hand_in(citizen, title="熊晓梅（13912342207）问转学")
    with db.writing() as session:
        case = to_housing(session, people)
        words = replace(told(now()), text="熊晓梅您好，已拨打13912342207。")
        service.reply(session, case, words, by=people.handler, at=now())
    page = ask(citizen, code).text
    assert not any(secret in page for secret in ("熊晓梅", "13912342207", people.handler.name))


@pytest.mark.parametrize("path", ["/letters/new", "/query"])
def test_public_pages_open_without_signing_in(citizen: FlaskClient, path: str) -> None:
    assert citizen.get(path).status_code == 200


def test_a_public_page_shows_no_light_and_no_stage_word(citizen: FlaskClient) -> None:
    page = ask(citizen, hand_in(citizen)).text
    assert not any(word in page for word in ("绿灯", "蓝灯", "黄灯", "红灯", "待交办", "工单"))
