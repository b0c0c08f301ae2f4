"""The case list and case page over HTTP: five people, every act, nothing typed lost."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.clock import now
from core.db import Database
from core.facts import Fact
from inquiries import service
from inquiries.models import Inquiry, Reply
from inquiries.stages import Act, Stage
from inquiries.visibility import find_visible
from inquiries.words import ReturnGround
from sla import SHANGHAI
from tests.builders import a_call, dispatched, signed
from tests.flows.conftest import SignIn, post
from tests.people import People

EARLIER = timedelta(hours=1)
ANSWER = "可向双江街道办事处申请，窗口有材料清单。"
MAKERS = {"registered": a_call, "dispatched": dispatched, "handling": signed}


def a_case(db: Database, people: People, stage: str = "handling", **changes: object) -> Inquiry:
    """A case received an hour ago."""
    at = now()
    values = {"received_at": at - EARLIER} | changes
    with db.writing() as session:
        if stage == "registered":
            return a_call(session, people.operator, at, **values)
        return MAKERS[stage](session, people, at, **values)  # type: ignore[operator,no-any-return]


def minute(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def act(client: FlaskClient, inquiry: Inquiry, name: str, **data: object) -> object:
    """Send the form of an act as the page of this version would."""
    return post(client, f"/cases/{inquiry.number}/{name}", {"version": inquiry.version} | data)


def answer(inquiry: Inquiry, **changes: object) -> dict[str, object]:
    told = {"way": "phone", "told_at": minute(now()), "text": ANSWER}
    return told | changes


def fresh(db: Database, people: People, inquiry: Inquiry) -> Inquiry:
    with db.reading() as session:
        found = find_visible(session, inquiry.number, people.supervisor)
        assert found is not None
        return found


def facts_of(db: Database, inquiry: Inquiry, name: str) -> int:
    with db.reading() as session:
        query = select(Fact).where(Fact.subject == inquiry.subject, Fact.act == f"inquiry:{name}")
        return len(session.scalars(query).all())


def test_a_handler_signs_and_answers(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client = a_case(db, people, "dispatched"), sign_in("tanwj")
    page = client.get(f"/cases/{inquiry.number}")
    assert "签收此件" in page.text
    assert act(client, inquiry, "sign").status_code == 303
    signed_case = fresh(db, people, inquiry)
    assert act(client, signed_case, "reply", **answer(inquiry)).status_code == 303
    ended = fresh(db, people, inquiry)
    assert (ended.stage, ended.clock is not None and ended.clock.stopped_at is not None) == (
        Stage.REPLIED,
        True,
    )
    assert ANSWER in client.get(f"/cases/{inquiry.number}").text


@pytest.mark.parametrize("path", ["", "/sheet"])
def test_a_stranger_finds_no_such_case(db: Database, people: People, sign_in: SignIn, path: str) -> None:
    inquiry = a_case(db, people)
    assert sign_in("ranqm").get(f"/cases/{inquiry.number}{path}").status_code == 404


@pytest.mark.parametrize("name", [*Act, "reveal"])
def test_a_stranger_can_do_nothing(db: Database, people: People, sign_in: SignIn, name: str) -> None:
    inquiry = a_case(db, people)
    assert act(sign_in("ranqm"), inquiry, name).status_code == 404  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", ["2026-0101-9999", "x", "%00", "1' OR 1", "２０２６-0101-0001", "-"])
def test_an_unknown_number_is_not_found(people: People, sign_in: SignIn, number: str) -> None:
    assert sign_in("chenlh").get(f"/cases/{number}").status_code == 404


def test_an_unknown_act_is_not_found(db: Database, people: People, sign_in: SignIn) -> None:
    assert act(sign_in("chenlh"), a_case(db, people), "delete").status_code == 404  # type: ignore[attr-defined]


def test_a_handler_has_no_act_of_the_office(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    data = {"reason": "本人来电撤回"}
    assert act(sign_in("tanwj"), inquiry, "withdraw", **data).status_code == 404  # type: ignore[attr-defined]
    assert fresh(db, people, inquiry).stage is Stage.HANDLING


@pytest.mark.parametrize(("ruling", "stage"), [("grant_return", "registered"), ("refuse_return", "handling")])
def test_a_return_is_asked_for_and_ruled_on(
    db: Database, people: People, sign_in: SignIn, ruling: str, stage: str
) -> None:
    inquiry = a_case(db, people)
    ask = {"ground": "other_unit", "reason": "属县城市管理局职责"}
    assert act(sign_in("tanwj"), inquiry, "request_return", **ask).status_code == 303  # type: ignore[attr-defined]
    office, asked = sign_in("chenlh"), fresh(db, people, inquiry)
    assert "属县城市管理局职责" in office.get(f"/cases/{inquiry.number}").text
    assert act(office, asked, ruling, ruling="已核对职责清单").status_code == 303  # type: ignore[attr-defined]
    assert fresh(db, people, inquiry).stage == stage
    assert "已核对职责清单" in office.get(f"/cases/{inquiry.number}").text


def test_a_later_case_is_merged_into_the_earlier_one(db: Database, people: People, sign_in: SignIn) -> None:
    first = a_case(db, people, "registered", received_at=now() - 2 * EARLIER)
    second, client = a_case(db, people, "registered"), sign_in("chenlh")
    assert act(client, second, "merge", target=first.number).status_code == 303  # type: ignore[attr-defined]
    assert second.number in client.get(f"/cases/{first.number}").text
    assert fresh(db, people, second).merged_into_id == first.id


@pytest.mark.parametrize("target", ["", "2026-0101-9999", "\x00"])
def test_a_merge_needs_its_target(db: Database, people: People, sign_in: SignIn, target: str) -> None:
    inquiry = a_case(db, people, "registered")
    assert act(sign_in("chenlh"), inquiry, "merge", target=target).status_code == 422  # type: ignore[attr-defined]


def test_an_office_dispatches(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people, "registered")
    data = {"unit": people.handler.unit_id, "note": "请核实"}
    assert act(sign_in("chenlh"), inquiry, "dispatch", **data).status_code == 303  # type: ignore[attr-defined]
    assert fresh(db, people, inquiry).lead_unit_id == people.handler.unit_id


def test_a_conflict_keeps_the_text_and_says_who(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client = a_case(db, people), sign_in("tanwj")
    with db.writing() as session:
        held = find_visible(session, inquiry.number, people.supervisor)
        assert held is not None
        ask = {"ground": ReturnGround.OTHER_UNIT, "reason": "属县交通局"}
        service.request_return(session, held, **ask, by=people.handler, at=now() - timedelta(minutes=2))
        service.rule_on_return(session, held, granted=False, ruling="由你办", by=people.supervisor, at=now())
    answered = act(client, inquiry, "reply", **answer(inquiry))
    assert answered.status_code == 409  # type: ignore[attr-defined]
    assert "陈立衡已于" in answered.text and ANSWER in answered.text  # type: ignore[attr-defined]
    assert fresh(db, people, inquiry).stage is Stage.HANDLING


def test_a_text_for_an_act_that_is_over_is_still_shown(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client = a_case(db, people), sign_in("tanwj")
    with db.writing() as session:
        held = find_visible(session, inquiry.number, people.supervisor)
        assert held is not None
        service.withdraw(session, held, reason="本人来电", by=people.supervisor, at=now())
    answered = act(client, inquiry, "reply", **answer(inquiry))
    assert (answered.status_code, ANSWER in answered.text) == (409, True)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["reply", "attempt"])
def test_a_double_click_is_one_act(db: Database, people: People, sign_in: SignIn, name: str) -> None:
    inquiry, client = a_case(db, people), sign_in("tanwj")
    codes = [act(client, inquiry, name, **answer(inquiry)).status_code for _ in range(2)]  # type: ignore[attr-defined]
    assert (codes, facts_of(db, inquiry, name)) == ([303, 303], 1)


WRONG = [
    ({"text": ""}, "请填写答复内容"),
    ({"text": " \r\n "}, "请填写答复内容"),
    ({"told_at": ""}, "请填写告知时间"),
    ({"told_at": "yesterday"}, "年-月-日"),
    ({"told_at": "9999-12-31T23:59"}, "年份"),
    ({"told_at": "0001-01-01T00:00"}, "年份"),
    ({"told_at": "2099-01-01T00:00"}, "不能晚于现在"),
    ({"told_at": "2020-01-01T00:00"}, "不能早于收到时间"),
    ({"way": "pigeon"}, "不是有效的选择"),
    ({"text": "答" * 20_001}, "最多20000个字"),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG)
def test_a_refused_answer_keeps_what_was_typed(
    db: Database, people: People, sign_in: SignIn, wrong: dict[str, str], reason: str
) -> None:
    inquiry = a_case(db, people)
    page = act(sign_in("tanwj"), inquiry, "reply", **answer(inquiry, **wrong))
    assert (page.status_code, reason in page.text) == (422, True)  # type: ignore[attr-defined]
    assert (wrong.get("text", ANSWER).strip() or ANSWER[:0]) in page.text  # type: ignore[attr-defined]
    assert fresh(db, people, inquiry).stage is Stage.HANDLING


def test_control_characters_are_left_out_of_an_answer(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    data = answer(inquiry, text="第一行\x00\x07\r\n第二行")
    assert act(sign_in("tanwj"), inquiry, "reply", **data).status_code == 303  # type: ignore[attr-defined]
    with db.reading() as session:
        assert session.scalars(select(Reply.text)).one() == "第一行\n第二行"


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "0"])
def test_a_version_that_was_never_seen_is_a_conflict(
    db: Database, people: People, sign_in: SignIn, version: str
) -> None:
    inquiry = a_case(db, people)
    page = act(sign_in("tanwj"), inquiry, "reply", **answer(inquiry, version=version))
    assert page.status_code == 409  # type: ignore[attr-defined]


def test_the_phone_is_masked_until_it_is_revealed(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry, client = a_case(db, people), sign_in("tanwj")
    assert "13800001234" not in client.get(f"/cases/{inquiry.number}").text
    shown = post(client, f"/cases/{inquiry.number}/reveal", {"reason": "回电答复"})
    assert (shown.status_code, "13800001234" in shown.text) == (200, True)
    assert "13800001234" not in client.get(f"/cases/{inquiry.number}").text
    assert facts_of(db, inquiry, "reveal") == 1


def test_a_reveal_needs_a_reason(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    page = post(sign_in("tanwj"), f"/cases/{inquiry.number}/reveal", {"reason": " "})
    assert (page.status_code, "13800001234" in page.text, facts_of(db, inquiry, "reveal")) == (422, False, 0)


@pytest.mark.parametrize("path", ["/cases", "/cases/{}", "/cases/{}/sheet", "/cases/ledger"])
def test_a_confidential_caller_is_hidden_from_the_unit(
    db: Database, people: People, sign_in: SignIn, path: str
) -> None:
    inquiry, client = a_case(db, people, confidential=True), sign_in("tanwj")
    page = client.get(path.format(inquiry.number))
    assert ("谭女士" in page.text, "1234" in re.sub(r"12345", "", page.text)) == (False, False)
    assert "要求保密" in page.text


def test_a_confidential_caller_is_refused_with_words(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people, confidential=True)
    page = post(sign_in("tanwj"), f"/cases/{inquiry.number}/reveal", {"reason": "回电"})
    assert (page.status_code, "不能查看" in page.text, "13800001234" in page.text) == (422, True, False)


def test_only_front_offices_see_other_cases_of_a_phone(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    other = a_case(db, people, "dispatched", title="同一号码的另一件")
    assert other.title in sign_in("zhouxq").get(f"/cases/{inquiry.number}").text
    assert other.title not in sign_in("tanwj").get(f"/cases/{inquiry.number}").text


def test_the_list_opens_with_what_has_no_echo(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    page = sign_in("tanwj").get("/cases").text
    assert inquiry.number in page and "没有回音" in page and "138****1234" in page


BAD_FILTERS = [
    "view=x",
    "stage=x",
    "unit=x",
    "unit=999999999999999999999",
    "light=pink",
    "kind=x",
    "category=x",
    "channel=x",
    "from=x",
    "to=0000-00-00",
    "from=9999-12-31",
    "due_on=0001-01-01",
    "order=x",
    "q=" + "长" * 101,
]


@pytest.mark.parametrize("query", BAD_FILTERS)
def test_a_filter_that_cannot_be_read_is_refused_in_chinese(
    people: People, sign_in: SignIn, query: str
) -> None:
    page = sign_in("chenlh").get(f"/cases?{query}")
    assert (page.status_code, "筛选条件有误" in page.text) == (422, True)


@pytest.mark.parametrize("cursor", ["after=x", "before=1", "after=999999999999999999999999-1", "before=-1-1"])
def test_a_page_that_no_list_named_does_not_exist(people: People, sign_in: SignIn, cursor: str) -> None:
    assert sign_in("chenlh").get(f"/cases?{cursor}").status_code == 404


@pytest.mark.parametrize("q", ["%00", "'", '"*', "%", "()", "电梯%00", "NEAR(", "-"])
def test_any_words_may_be_searched_for(people: People, sign_in: SignIn, q: str) -> None:
    assert sign_in("chenlh").get(f"/cases?q={q}").status_code == 200


def test_links_of_the_list_carry_its_filters(db: Database, people: People, sign_in: SignIn) -> None:
    for _ in range(21):
        a_case(db, people, "registered")
    page = sign_in("chenlh").get("/cases?channel=hotline_12345&view=all").text
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None and "channel=hotline_12345" in older.group(1) and "view=all" in older.group(1)


def test_the_sheet_shows_the_due_day_and_blank_boxes(db: Database, people: People, sign_in: SignIn) -> None:
    inquiry = a_case(db, people)
    page = sign_in("tanwj").get(f"/cases/{inquiry.number}/sheet").text
    assert all(word in page for word in ("诉求办理单", "领导批示", "拟办意见", "138****1234", inquiry.number))


def test_the_ledger_lists_calls_of_the_period_only(db: Database, people: People, sign_in: SignIn) -> None:
    call = a_case(db, people)
    letter = a_case(db, people, channel="public_mailbox")
    old = a_case(db, people, received_at=now() - timedelta(days=400))
    page = sign_in("chenlh").get(f"/cases/ledger?from={(now() - timedelta(days=2)).date()}").text
    assert (call.number in page, letter.number in page, old.number in page) == (True, False, False)


def test_a_unit_has_its_own_ledger(db: Database, people: People, sign_in: SignIn) -> None:
    call = a_case(db, people)
    path = f"/cases/ledger?from={(now() - timedelta(days=2)).date()}"
    assert call.number in sign_in("tanwj").get(path).text
    assert call.number not in sign_in("ranqm").get(path).text


def test_a_reviewer_has_no_ledger_and_no_acts(db: Database, people: People, sign_in: SignIn) -> None:
    client, inquiry = sign_in("xiangyl"), a_case(db, people)
    assert client.get("/cases/ledger").status_code == 404
    assert act(client, inquiry, "reply", **answer(inquiry)).status_code == 404  # type: ignore[attr-defined]
