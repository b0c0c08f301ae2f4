"""The panel 时限 over HTTP: asked by the unit, ruled on by another in the office, never a 500."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.clock import now
from core.db import Database
from core.facts import Fact
from escalation import terms
from escalation.models import Clock, LimitRequest, Move
from escalation.terms import Ask
from inquiries import intake, service
from inquiries.limit_acts import LimitAct
from inquiries.models import Inquiry
from inquiries.visibility import find_visible
from tests.builders import signed, told
from tests.flows.conftest import SignIn, post
from tests.flows.test_cases import a_case, act, answer, fresh
from tests.people import People

GROUND = "征求第三方和其他机关意见"
WHY = "实为依申请公开，按条例办理"
CHANGE = Ask(Move.LIMIT, WHY, rule="disclosure.reply")
PAUSE = Ask(Move.PAUSE, "已向两家企业发函", ground=GROUND)
LATER = timedelta(days=60)


def settled(db: Database, people: People, *wishes: Ask, **changes: object) -> Inquiry:
    """A case of the housing unit, with these wishes asked by its handler and granted by the supervisor."""
    inquiry = a_case(db, people, **changes)
    with db.writing() as session:
        clock = session.get_one(Clock, inquiry.clock_id)
        for wish in wishes:
            request = terms.ask(session, clock, wish, by=people.handler, at=now())
            terms.rule_on(session, request, granted=True, ruling="同意", by=people.supervisor, at=now())
    return fresh(db, people, inquiry)


def send(client: FlaskClient, inquiry: Inquiry, name: str, **data: object) -> TestResponse:
    return post(client, f"/cases/{inquiry.number}/limit/{name}", {"version": inquiry.version} | data)


def page_of(client: FlaskClient, inquiry: Inquiry) -> str:
    page = client.get(f"/cases/{inquiry.number}")
    assert page.status_code == 200
    return page.text


def panel(page: str) -> str:
    return page[page.index('id="limit"') : page.index('id="h-ladder"')]


def offered(page: str) -> set[str]:
    return {name for name in LimitAct if f'id="act-{name}"' in page}


def clock_of(db: Database, inquiry: Inquiry) -> Clock:
    with db.reading() as session:
        return session.get_one(Clock, inquiry.clock_id)


def ask_change(client: FlaskClient, inquiry: Inquiry, **changes: object) -> TestResponse:
    return send(client, inquiry, "ask-limit", **({"rule": "disclosure.reply", "reason": WHY} | changes))


def test_the_five_day_duty_offers_only_another_limit_and_says_why(
    db: Database, people: People, sign_in: SignIn
) -> None:
    page = page_of(sign_in("tanwj"), a_case(db, people))
    assert offered(page) == {"ask-limit"}
    assert "5个工作日答复没有延长和暂停的依据，可作阶段性答复。" in panel(page)


def test_hours_are_no_choice_for_a_case(db: Database, people: People, sign_in: SignIn) -> None:
    page = panel(page_of(sign_in("tanwj"), a_case(db, people)))
    assert ("disclosure.reply" in page, "opinion.response" in page) == (True, False)


def test_a_change_is_asked_for_ruled_on_and_shown_with_both_figures(
    db: Database, people: People, sign_in: SignIn
) -> None:
    inquiry = a_case(db, people)
    before = clock_of(db, inquiry).due_on
    assert ask_change(sign_in("tanwj"), inquiry).status_code == 303
    office, asked = sign_in("chenlh"), fresh(db, people, inquiry)
    assert WHY in panel(page_of(office, asked))
    assert send(office, asked, "rule", granted="yes", ruling="属实，同意").status_code == 303
    page = panel(page_of(sign_in("tanwj"), inquiry))
    assert all(word in page for word in ("原时限", "批准后时限", "属实，同意", "20个工作日"))
    clock = clock_of(db, inquiry)
    assert (clock.rule, clock.due_on > before) == ("disclosure.reply", True)
    assert offered(page) == {"ask-extension", "ask-pause", "ask-limit"}


def test_a_refused_wish_moves_nothing(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    ask_change(sign_in("tanwj"), inquiry)
    ruled = send(sign_in("chenlh"), fresh(db, people, inquiry), "rule", granted="no", ruling="不属依申请公开")
    assert (ruled.status_code, clock_of(db, inquiry).rev) == (303, 1)
    assert "不同意" in panel(page_of(sign_in("tanwj"), inquiry))


def test_the_asker_is_not_offered_the_ruling_and_may_not_give_it(
    db: Database, people: People, sign_in: SignIn
) -> None:
    inquiry, office = a_case(db, people), sign_in("chenlh")
    assert ask_change(office, inquiry).status_code == 303
    asked = fresh(db, people, inquiry)
    assert "rule" not in offered(page_of(office, asked))
    ruled = send(office, asked, "rule", granted="yes", ruling="同意")
    assert (ruled.status_code, "申请人不能审批自己的申请" in ruled.text) == (422, True)
    assert clock_of(db, inquiry).rev == 1


@pytest.mark.parametrize(("login", "name"), [("tanwj", "rule"), ("zhouxq", "rule"), ("zhouxq", "ask-limit")])
def test_who_may_not_act_so_finds_nothing(
    db: Database, people: People, sign_in: SignIn, login: str, name: str
) -> None:
    inquiry = a_case(db, people)
    assert offered(page_of(sign_in(login), inquiry)) <= {"ask-limit"} - {name}
    assert send(sign_in(login), inquiry, name, granted="yes", ruling="x").status_code == 404


@pytest.mark.parametrize("name", LimitAct)
@pytest.mark.parametrize("login", ["ranqm", "xiangyl"])
def test_strangers_and_reviewers_find_no_such_case(
    db: Database, people: People, sign_in: SignIn, login: str, name: str
) -> None:
    assert send(sign_in(login), a_case(db, people), name, reason="x").status_code == 404


@pytest.mark.parametrize("name", ["", "delete", "rule/x", "ASK-PAUSE", "%00"])
def test_an_unknown_act_on_the_limit_does_not_exist(
    db: Database, people: People, sign_in: SignIn, name: str
) -> None:
    assert send(sign_in("chenlh"), a_case(db, people), name).status_code in (404, 405)


def test_an_instant_answer_has_no_limit_to_act_on(db: Database, people: People, sign_in: SignIn) -> None:
    instant = a_case(db, people, "registered")
    with db.writing() as session:
        held = session.get_one(Inquiry, instant.id)
        held.clock_id = None
    assert (
        send(sign_in("chenlh"), instant, "ask-limit", rule="disclosure.reply", reason=WHY).status_code == 404
    )


NOT_LAWFUL = [
    ("ask-extension", {"amount": 3, "reason": "忙"}, "没有延长的依据"),
    ("ask-pause", {"ground": GROUND, "reason": "忙"}, "没有暂停计时的依据"),
    ("resume", {"reason": "收到意见"}, "没有在暂停计时"),
]


@pytest.mark.parametrize(("name", "data", "reason"), NOT_LAWFUL)
def test_what_no_law_admits_is_refused_in_words_with_the_text_kept(
    db: Database, people: People, sign_in: SignIn, name: str, data: dict[str, object], reason: str
) -> None:
    inquiry = a_case(db, people)
    page = send(sign_in("tanwj"), inquiry, name, **data)
    assert (page.status_code, reason in page.text, str(data["reason"]) in page.text) == (422, True, True)
    assert clock_of(db, inquiry).rev == 1


BAD = [
    ("ask-extension", {"amount": ""}, "请填写延长的天数"),
    ("ask-extension", {"amount": "0"}, "最多延长20日"),
    ("ask-extension", {"amount": "-5"}, "最多延长20日"),
    ("ask-extension", {"amount": "21"}, "最多延长20日"),
    ("ask-extension", {"amount": "9" * 40}, "最多延长20日"),
    ("ask-extension", {"amount": "9" * 5000}, "不是有效的整数"),
    ("ask-extension", {"amount": "x"}, "不是有效的整数"),
    ("ask-extension", {"reason": " \x00 "}, "请写明延长的理由"),
    ("ask-pause", {"ground": ""}, "请选择暂停的理由"),
    ("ask-pause", {"ground": "忙"}, f"只能因{GROUND}暂停计时"),
    ("ask-pause", {"ground": "\x00"}, f"只能因{GROUND}暂停计时"),
    ("ask-pause", {"reason": "字" * 1001}, "最多1000个字"),
    ("ask-limit", {"rule": ""}, "请选择时限"),
    ("ask-limit", {"rule": "opinion.press"}, "不是有效的选择"),
    ("ask-limit", {"rule": "no.such"}, "不是有效的选择"),
    ("ask-limit", {"rule": "disclosure.reply"}, "不是有效的选择"),
    ("ask-limit", {"reason": ""}, "请写明为什么适用"),
]
GOOD: dict[str, dict[str, object]] = {
    "ask-extension": {"amount": 5, "reason": "案情复杂"},
    "ask-pause": {"ground": GROUND, "reason": "已发函"},
    "ask-limit": {"rule": "petition.handle", "reason": "实为信访事项"},
}


@pytest.mark.parametrize(("name", "wrong", "reason"), BAD)
def test_whatever_is_typed_is_answered_beside_its_form(
    db: Database, people: People, sign_in: SignIn, name: str, wrong: dict[str, object], reason: str
) -> None:
    inquiry = settled(db, people, CHANGE)
    page = send(sign_in("tanwj"), inquiry, name, **(GOOD[name] | wrong))
    fold = page.text[page.text.index(f'id="act-{name}"') :]
    assert (page.status_code, reason in fold[: fold.index("</details>")]) == (422, True)
    assert clock_of(db, inquiry).rev == 2


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"granted": ""}, "请选择同意或不同意"),
        ({"granted": "maybe"}, "不是有效的选择"),
        ({"ruling": ""}, "请填写审批意见"),
    ],
)
def test_a_ruling_needs_a_word_and_a_yes_or_no(
    db: Database, people: People, sign_in: SignIn, wrong: dict[str, object], reason: str
) -> None:
    inquiry = a_case(db, people)
    ask_change(sign_in("tanwj"), inquiry)
    page = send(
        sign_in("chenlh"),
        fresh(db, people, inquiry),
        "rule",
        **({"granted": "yes", "ruling": "同意"} | wrong),
    )
    assert (page.status_code, reason in panel(page.text)) == (422, True)


def test_a_second_wish_waits_for_the_first(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client = a_case(db, people), sign_in("tanwj")
    ask_change(client, inquiry)
    asked = fresh(db, people, inquiry)
    assert offered(page_of(client, asked)) == set()
    page = ask_change(client, asked, rule="site.error", reason="实为网站找错")
    assert (page.status_code, "已有一份时限申请待审批" in page.text) == (422, True)
    assert "实为网站找错" in page.text


def test_a_ruling_without_a_wish_is_refused(db: Database, people: People, sign_in: SignIn) -> None:
    page = send(sign_in("chenlh"), a_case(db, people), "rule", granted="yes", ruling="同意")
    assert (page.status_code, "没有待审批的时限申请" in page.text) == (422, True)


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 40])
def test_an_old_page_is_a_conflict_that_keeps_the_text(
    db: Database, people: People, sign_in: SignIn, version: str
) -> None:
    inquiry = a_case(db, people)
    page = ask_change(sign_in("tanwj"), inquiry, version=version)
    assert (page.status_code, WHY in page.text, clock_of(db, inquiry).rev) == (409, True, 1)


def test_a_conflict_says_who_asked_meanwhile(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    ask_change(sign_in("chenlh"), inquiry)
    page = ask_change(sign_in("tanwj"), inquiry, reason="我的理由")
    assert page.status_code == 409
    assert re.search(r"陈立衡已于今天 \d\d:\d\d申请调整时限", page.text)
    assert "我的理由" in page.text


def test_an_act_after_a_wish_is_a_conflict_too(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    ask_change(sign_in("chenlh"), inquiry)
    assert act(sign_in("tanwj"), inquiry, "reply", **answer(inquiry)).status_code == 409  # type: ignore[attr-defined]


def test_a_double_click_is_one_wish(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client = a_case(db, people), sign_in("tanwj")
    codes = [ask_change(client, inquiry).status_code for _ in range(2)]
    with db.reading() as session:
        assert (codes, len(session.scalars(select(LimitRequest)).all())) == ([303, 303], 1)


def test_after_the_answer_nothing_is_asked_any_more(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client = settled(db, people, CHANGE), sign_in("tanwj")
    act(client, inquiry, "reply", **answer(inquiry))
    ended = fresh(db, people, inquiry)
    page = page_of(client, ended)
    assert offered(page) == set()
    assert ask_change(client, ended).status_code == 409


def test_a_pause_is_asked_for_granted_and_ended(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client, office = settled(db, people, CHANGE), sign_in("tanwj"), sign_in("chenlh")
    assert send(client, inquiry, "ask-pause", **GOOD["ask-pause"]).status_code == 303
    assert (
        send(office, fresh(db, people, inquiry), "rule", granted="yes", ruling="同意暂停").status_code == 303
    )
    standing = fresh(db, people, inquiry)
    page = page_of(client, standing)
    assert "计时暂停中" in page and "起暂停计时，恢复后顺延" in panel(page) and "恢复后排定" in page
    assert offered(page) == {"ask-extension", "resume"}
    assert send(client, standing, "resume", reason="收到意见").status_code == 303
    assert clock_of(db, inquiry).paused_since is None
    steps = page_of(client, inquiry)
    assert all(
        word in steps for word in (f"暂停计时：{GROUND}", "时限恢复计时", "收到意见", "到期日为", "同意暂停")
    )


@pytest.fixture
def standing(db: Database, people: People) -> Inquiry:
    """A case whose clock has been standing still since today."""
    return settled(db, people, CHANGE, PAUSE)


PAUSED_LIGHT = re.compile(r"light-pause[^>]*>.*?<b>暂停</b> \d+月\d+日起", re.DOTALL)


@pytest.mark.parametrize("path", ["/cases/{}", "/cases"])
def test_a_paused_case_shows_its_own_light(
    people: People, sign_in: SignIn, standing: Inquiry, path: str
) -> None:
    with freeze_time(now() + LATER):
        assert PAUSED_LIGHT.search(sign_in("tanwj").get(path.format(standing.number)).text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("view=no_echo", True),
        ("view=all", True),
        ("view=paused", True),
        ("view=overdue", False),
        ("light=red", False),
        ("light=green", False),
        ("view=due_today", False),
        ("view=limit_asked", False),
    ],
)
def test_a_paused_case_is_neither_red_nor_due_in_the_list(
    people: People, sign_in: SignIn, standing: Inquiry, query: str, found: bool
) -> None:
    with freeze_time(now() + LATER):
        page = sign_in("chenlh").get(f"/cases?{query}").text
    assert (standing.number in page) == found


def test_the_list_of_a_due_day_leaves_a_paused_case_out(
    db: Database, people: People, sign_in: SignIn, standing: Inquiry
) -> None:
    due_on = clock_of(db, standing).due_on
    assert standing.number not in sign_in("chenlh").get(f"/cases?due_on={due_on}").text


def test_the_desk_counts_a_paused_case_by_itself(people: People, sign_in: SignIn, standing: Inquiry) -> None:
    with freeze_time(now() + LATER):
        page = sign_in("chenlh").get("/desk").text
    assert re.search(r'is-red".*?lamps-num">0 <', page, re.DOTALL)
    assert re.search(r"没有回音 <b>1</b>", page) and re.search(r"暂停计时 <b>1</b>", page)
    assert "在办1件：红灯0，黄灯0，蓝灯0，绿灯0，暂停1" in page


def test_the_desk_leads_the_office_to_wishes(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    ask_change(sign_in("tanwj"), inquiry)
    assert re.search(r"时限待审批 <b>1</b>", sign_in("chenlh").get("/desk").text)
    assert "时限待审批" not in sign_in("tanwj").get("/desk").text
    assert inquiry.number in sign_in("chenlh").get("/cases?view=limit_asked").text


@pytest.mark.parametrize("path", ["/cases/{}/sheet", "/cases/{}"])
def test_papers_of_a_paused_case_name_no_due_day(
    people: People, sign_in: SignIn, standing: Inquiry, path: str
) -> None:
    with freeze_time(now() + LATER):
        page = sign_in("chenlh").get(path.format(standing.number)).text
    assert ("恢复后顺延" in page, "红灯" in page) == (True, False)


def test_the_page_of_reasons_counts_a_pause(
    db: Database, people: People, sign_in: SignIn, standing: Inquiry
) -> None:
    page = sign_in("chenlh").get(f"/clocks/{standing.clock_id}/why").text
    assert "尚未恢复" in page and "计时仍在暂停" in page


def test_an_answer_in_a_pause_shows_both_verdicts(db: Database, people: People, sign_in: SignIn) -> None:
    early = now() - timedelta(days=20)
    inquiry = settled(db, people, CHANGE, PAUSE, received_at=early)
    with freeze_time(now() + LATER):
        client = sign_in("tanwj")
        assert act(client, inquiry, "reply", **answer(inquiry)).status_code == 303  # type: ignore[attr-defined]
        page = panel(page_of(client, inquiry))
    assert re.search(r"原时限</dt><dd[^>]*>[^<]*<b>超期</b>", page)
    assert re.search(r"批准后时限</dt><dd[^>]*>[^<]*<b>按期</b>", page)


def test_a_limit_in_natural_days_is_shown_without_a_ruler(
    db: Database, people: People, app: Flask, sign_in: SignIn
) -> None:
    at = now()
    with db.writing() as session:
        inquiry = signed(session, people, at, received_at=at - timedelta(minutes=5))
        code = intake.give_query_code(session, inquiry)
        clock = session.get_one(Clock, inquiry.clock_id)
        wish = Ask(Move.LIMIT, "实为信访事项", rule="petition.handle")
        request = terms.ask(session, clock, wish, by=people.handler, at=at)
        terms.rule_on(session, request, granted=True, ruling="同意", by=people.supervisor, at=at)
    client = sign_in("tanwj")
    assert "60日（自然日）" in page_of(client, inquiry)
    assert "60日（自然日）" in client.get(f"/cases/{inquiry.number}/sheet").text
    assert client.get(f"/clocks/{clock.id}/why").status_code == 200
    citizen = app.test_client().post("/query", data={"code": code})
    assert re.search(r"应在 <b>\d+月\d+日（周.）18:00</b> 前答复您", citizen.text)


def test_the_citizen_reads_that_the_time_stands_still(
    db: Database, people: People, app: Flask, standing: Inquiry
) -> None:
    with db.writing() as session:
        held = find_visible(session, standing.number, people.supervisor)
        assert held is not None
        code = intake.give_query_code(session, held)
    page = app.test_client().post("/query", data={"code": code}).text
    assert (f"时限暂停计算（{GROUND}）" in page, "超过时限" in page) == (True, False)


def test_an_interim_answer_is_possible_while_the_clock_stands_still(
    db: Database, people: People, standing: Inquiry
) -> None:
    at = now() + LATER
    with db.writing() as session:
        held = find_visible(session, standing.number, people.handler)
        assert held is not None
        soon = (at + timedelta(days=9)).date()
        service.interim(session, held, told(at), promised_on=soon, by=people.handler, at=at)


def test_the_fact_of_a_wish_says_what_was_wished(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    ask_change(sign_in("tanwj"), inquiry)
    with db.reading() as session:
        fact = session.scalars(select(Fact).where(Fact.act == "clock:ask")).one()
    after = json.loads(fact.detail)["after"]
    assert (fact.subject, after["move"], after["rule"]) == (inquiry.subject, "limit", "disclosure.reply")
