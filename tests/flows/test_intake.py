"""The intake console over HTTP: one form for every channel, two endings, a draft that survives."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.clock import now
from core.db import Database
from core.facts import Fact
from core.people import Draft, Unit
from escalation.models import Clock
from inquiries.models import Inquiry, Reply
from inquiries.stages import Stage
from sla import SHANGHAI
from tests.builders import dispatched
from tests.flows.conftest import SignIn, post
from tests.people import People

CALL = {
    "channel": "hotline_12345",
    "kind": "inquiry",
    "urgency": "normal",
    "name": "谭女士",
    "phone": "138 0000 1234",
    "place": "双江街道",
    "matter": "旧楼加装电梯怎么申请补贴？想问标准和材料。",
    "category": "0101",
    "unit": "县住建委",
    "way": "phone",
}


def fill(do: str, **changes: Any) -> dict[str, Any]:
    return CALL | {"client_key": str(uuid.uuid4()), "do": do} | changes


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("zhouxq")


def cases(db: Database) -> list[Inquiry]:
    with db.reading() as session:
        return list(session.scalars(select(Inquiry).order_by(Inquiry.id)))


def local(days: int = 0) -> str:
    return f"{(now() + timedelta(days=days)).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def field_error(answer: TestResponse, field: str) -> str:
    found = re.search(rf'id="{field}-error">.*?<span>(.*?)</span>', answer.text, re.DOTALL)
    return found.group(1) if found else ""


def test_a_call_is_registered_and_dispatched(operator: FlaskClient, db: Database) -> None:
    answer = post(operator, "/intake", fill("dispatch"))
    (case,) = cases(db)
    assert (answer.status_code, case.stage) == (303, Stage.DISPATCHED)
    assert answer.headers["Location"] == "/intake?channel=hotline_12345"


def test_the_message_names_number_unit_and_due_day_and_links_to_the_case(
    operator: FlaskClient, db: Database
) -> None:
    page = post(operator, "/intake", fill("dispatch"), follow_redirects=True).text
    (case,) = cases(db)
    assert f'已登记<a href="/cases/{case.number}">{case.number}</a>，转县住房城乡建委，' in page
    assert re.search(r"\d+月\d+日（周.）18:00前答复来电人", page)


def test_the_title_is_the_first_sentence_when_none_is_given(operator: FlaskClient, db: Database) -> None:
    post(operator, "/intake", fill("dispatch"))
    assert cases(db)[0].title == "旧楼加装电梯怎么申请补贴"


def test_without_a_unit_the_case_waits_to_be_dispatched(operator: FlaskClient, db: Database) -> None:
    page = post(operator, "/intake", fill("dispatch", unit=""), follow_redirects=True).text
    assert cases(db)[0].stage is Stage.REGISTERED
    assert re.search(r"，待派单，\d+月\d+日（周.）18:00前答复来电人", page)


def test_the_form_is_empty_again_after_success(operator: FlaskClient) -> None:
    page = post(operator, "/intake", fill("dispatch"), follow_redirects=True).text
    assert "旧楼加装电梯怎么申请补贴？" not in page


def test_an_answer_at_once_ends_the_case_without_a_clock(operator: FlaskClient, db: Database) -> None:
    post(operator, "/intake", fill("instant", answer="到街道办事处申请"))
    (case,) = cases(db)
    with db.reading() as session:
        reply = session.scalars(select(Reply)).one()
    assert (case.stage, case.clock_id, reply.text) == (Stage.INSTANT, None, "到街道办事处申请")


def test_an_answer_at_once_needs_its_words(operator: FlaskClient, db: Database) -> None:
    answer = post(operator, "/intake", fill("instant"))
    assert (answer.status_code, cases(db)) == (422, [])
    assert field_error(answer, "answer") == "当场答复要记下答复要点"


def test_a_mailbox_letter_cannot_be_answered_at_once(operator: FlaskClient) -> None:
    sent = fill("instant", channel="public_mailbox", answer="好")
    assert post(operator, "/intake", sent).status_code == 404


def test_a_refused_form_keeps_everything_typed(operator: FlaskClient) -> None:
    answer = post(operator, "/intake", fill("dispatch", phone="1390000", title="补贴", x_outer_no="云〔9〕"))
    assert field_error(answer, "phone") == "手机号要11位，还差4位"
    for typed in ("1390000", "补贴", "云〔9〕", "谭女士", "双江街道", "想问标准和材料。", "县住建委"):
        assert typed in answer.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("matter", "", "请记下内容"),
        ("matter", "字" * 20001, "最多20000字，多了1字"),
        ("title", "题" * 201, "最多200字，多了1字"),
        ("phone", "", "请填写回复号码"),
        ("phone", "无号码", "号码里只能有数字"),
        ("phone", "138000012345", "手机号要11位，多了1位"),
        ("unit", "没有的单位", "没有这个单位，请从列表里选，或留空待派单"),
        ("accused", "没有的单位", "没有这个单位，请从列表里选，或留空"),
        ("category", "9999", "请从列表里选分类"),
        ("kind", "gossip", "请选诉求类型"),
        ("urgency", "whenever", "请选紧急程度"),
        ("way", "pigeon", "请选答复方式"),
        ("received_at", "昨天", "时间没有看懂，请按“2026-09-30 10:42”的样子填写"),
        ("received_at", "0001-01-01T00:00", "时间没有看懂，请按“2026-09-30 10:42”的样子填写"),
        ("received_at", "2020-01-01T00:00", "收到时间不能早于一年前"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    operator: FlaskClient, db: Database, field: str, value: str, words: str
) -> None:
    answer = post(operator, "/intake", fill("dispatch", **{field: value}))
    assert (answer.status_code, field_error(answer, field), cases(db)) == (422, words, [])


def test_a_contact_in_the_future_is_refused(operator: FlaskClient) -> None:
    answer = post(operator, "/intake", fill("dispatch", received_at=local(1)))
    assert (answer.status_code, field_error(answer, "received_at")) == (422, "收到时间不能晚于现在")


def test_an_earlier_contact_starts_the_clock_then(operator: FlaskClient, db: Database) -> None:
    post(operator, "/intake", fill("dispatch", received_at=local(-3)))
    with db.reading() as session:
        started = session.scalars(select(Clock)).one().started_at
    assert f"{started.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" == local(-3)


def test_a_report_does_not_go_to_the_unit_it_accuses(operator: FlaskClient, db: Database) -> None:
    answer = post(operator, "/intake", fill("dispatch", kind="tip_off", accused="县住房城乡建委"))
    assert (answer.status_code, cases(db)) == (422, [])
    assert field_error(answer, "unit") == "不能转交被反映的单位办理，请另选承办单位"


def test_an_outer_number_is_registered_once(operator: FlaskClient, db: Database) -> None:
    post(operator, "/intake", fill("dispatch", x_outer_no="CQ-1"))
    answer = post(operator, "/intake", fill("dispatch", x_outer_no="CQ-1"))
    assert field_error(answer, "x_outer_no") == f"这个编号已登记为{cases(db)[0].number}"


def test_nul_bytes_do_no_harm(operator: FlaskClient, db: Database) -> None:
    dirty = {name: f"{CALL[name]}\0" for name in ("name", "place", "matter", "phone")}
    post(operator, "/intake", fill("dispatch", **dirty, x_outer_no="A\0"))
    assert cases(db)[0].matter == CALL["matter"]


def test_a_channel_keeps_its_own_fields(operator: FlaskClient, db: Database) -> None:
    own = {"x_counter_no": "7", "x_inquirer_kind": "企业"}
    post(operator, "/intake", fill("dispatch", channel="service_counter", phone="", **own))
    assert cases(db)[0].extra == '{"counter_no": "7", "inquirer_kind": "企业"}'


def test_a_double_click_is_one_case_dispatched_once(operator: FlaskClient, db: Database) -> None:
    sent = fill("dispatch")
    answers = [post(operator, "/intake", sent).status_code for _ in range(2)]
    with db.reading() as session:
        dispatches = session.scalars(select(Fact).where(Fact.act == "inquiry:dispatch")).all()
    assert (answers, len(cases(db)), len(dispatches)) == ([303, 303], 1, 1)


def test_two_simultaneous_posts_of_one_form_are_one_case(app: Flask, sign_in: SignIn, db: Database) -> None:
    clients, sent = [sign_in("zhouxq"), sign_in("zhouxq")], fill("dispatch")
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda client: post(client, "/intake", sent).status_code, clients))
    assert (answers, len(cases(db))) == ([303, 303], 1)


def test_two_people_at_the_same_moment_make_two_cases(sign_in: SignIn, db: Database) -> None:
    clients = [sign_in("zhouxq"), sign_in("chenlh")]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda client: post(client, "/intake", fill("dispatch")), clients))
    assert ([a.status_code for a in answers], len(cases(db))) == ([303, 303], 2)


def test_a_half_filled_form_survives_a_reload(operator: FlaskClient) -> None:
    post(operator, "/intake/draft", fill("draft", phone="1390000", matter="说到一半"))
    page = operator.get("/intake").text
    assert "说到一半" in page and "1390000" in page and "已恢复暂存" in page


def test_a_draft_is_sealed_at_rest(operator: FlaskClient, db: Database) -> None:
    post(operator, "/intake/draft", fill("draft"))
    with db.reading() as session:
        assert "谭女士".encode() not in session.scalars(select(Draft)).one().sealed


def test_a_draft_is_dropped_when_the_form_is_submitted(operator: FlaskClient, db: Database) -> None:
    sent = fill("draft")
    post(operator, "/intake/draft", sent)
    post(operator, "/intake", sent | {"do": "dispatch"})
    with db.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_saving_that_arrives_after_the_submission_brings_nothing_back(
    operator: FlaskClient, db: Database
) -> None:
    sent = fill("dispatch")
    post(operator, "/intake", sent)
    post(operator, "/intake/draft", sent)
    with db.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_another_channel_keeps_what_was_typed(operator: FlaskClient) -> None:
    answer = post(operator, "/intake", fill("to:service_counter"), follow_redirects=True)
    assert "综合咨询窗口登记" in answer.text and "想问标准和材料。" in answer.text


def test_two_pages_from_one_draft_are_two_forms(operator: FlaskClient) -> None:
    post(operator, "/intake/draft", fill("draft"))
    key = re.compile(r'name="client_key"[^>]*value="([^"]+)"')
    first, second = (key.findall(operator.get("/intake").text) for _ in range(2))
    assert first != second


def test_a_page_left_open_counts_from_when_it_was_first_written_in(
    operator: FlaskClient, db: Database
) -> None:
    sent = fill("draft")
    post(operator, "/intake/draft", sent | {"received_at": local(-1)})
    post(operator, "/intake", sent | {"do": "dispatch", "received_at": ""})
    assert f"{cases(db)[0].received_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" == local(-1)


def test_clearing_forgets_the_draft(operator: FlaskClient) -> None:
    post(operator, "/intake/draft", fill("draft", matter="说到一半"))
    post(operator, "/intake", fill("clear"))
    assert "说到一半" not in operator.get("/intake").text


def test_the_due_day_is_told_before_anything_is_saved(operator: FlaskClient, db: Database) -> None:
    answer = post(operator, "/intake/help", fill("draft"), headers={"HX-Request": "true"})
    assert re.search(r"<b>\d+月\d+日（周.）18:00</b> 前答复来电人", answer.text)
    assert "县住建委，" in answer.text and cases(db) == []


def test_earlier_cases_of_the_number_are_listed(operator: FlaskClient, db: Database, people: People) -> None:
    with db.writing() as session:
        dispatched(session, people, now(), title="公交站台漏雨")
    sent = fill("draft", phone="1380000 1234", matter="别的事")
    assert "公交站台漏雨" in post(operator, "/intake/help", sent).text
    assert "公交站台漏雨" not in post(operator, "/intake/help", sent | {"phone": "13900002222"}).text


def test_similar_open_cases_are_listed(operator: FlaskClient, db: Database, people: People) -> None:
    with db.writing() as session:
        dispatched(session, people, now(), title="老旧小区加装电梯的补贴标准")
        dispatched(session, people, now(), title="农村公路养护")
    answer = post(operator, "/intake/help", fill("draft", phone="", title="加装电梯补贴标准是多少"))
    assert "老旧小区加装电梯的补贴标准" in answer.text and "农村公路养护" not in answer.text


def test_the_category_proposes_its_unit_only_while_none_is_chosen(operator: FlaskClient) -> None:
    assert 'value="县住建委"' in post(operator, "/intake/unit", fill("draft", unit="")).text
    assert post(operator, "/intake/unit", fill("draft", unit="县交通局")).status_code == 204


@pytest.mark.parametrize("path", ["/intake?channel=pigeon", "/intake?channel=%00"])
def test_an_unknown_channel_is_not_there(operator: FlaskClient, path: str) -> None:
    assert operator.get(path).status_code == 404


@pytest.mark.parametrize("changes", [{"channel": "pigeon"}, {"do": "burn"}, {"do": "to:pigeon"}])
def test_an_unknown_channel_or_ending_is_refused(operator: FlaskClient, changes: dict[str, str]) -> None:
    assert post(operator, "/intake", fill("dispatch") | changes).status_code == 404


@pytest.mark.parametrize("login", ["tanwj", "xiangyl", "ranqm"])
def test_units_and_reviewers_have_no_console(sign_in: SignIn, login: str) -> None:
    assert sign_in(login).get("/intake").status_code == 404


def test_an_inactive_unit_is_not_offered(operator: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        session.scalars(select(Unit).where(Unit.code == "housing")).one().active = False
    answer = post(operator, "/intake", fill("dispatch"))
    assert field_error(answer, "unit").startswith("没有这个单位")


def test_at_the_counter_people_are_answered_face_to_face(operator: FlaskClient) -> None:
    page = post(operator, "/intake", fill("to:service_counter"), follow_redirects=True).text
    assert '<option selected value="face">' in page
