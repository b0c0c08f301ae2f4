"""Official papers over HTTP: drafted, changed, issued, signed for, answered, sent back, lifted; and who may not."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.clock import now
from core.db import Database
from escalation import clocks, paper_drafts
from escalation.drafting import draft_due
from escalation.models import Clock, Outcome
from escalation.paper_drafts import Call
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper
from escalation.paper_stages import PaperAct, PaperStage
from sla import local_date
from tests.escalation.paper_scene import ISSUER, second_supervisor
from tests.flows.conftest import SignIn, post
from tests.people import People

VERSION = re.compile(r'name="version" value="(\d*)"')
Made = Callable[..., Paper]


@pytest.fixture
def clock(db: Database, people: People) -> Clock:
    """A running clock of the housing unit, long overdue."""
    received = now() - timedelta(days=30)
    given: dict[str, Any] = {"received_at": received, "unit_id": people.handler.unit_id, "at": received}
    given |= {"label": "旧楼加装电梯", "link": "/cases/1", "by": people.operator}
    with db.writing() as session:
        return clocks.start(session, "inquiry:1", "inquiry.reply", **given)


@pytest.fixture
def draft(db: Database, people: People, clock: Clock) -> Made:
    """A draft of a kind about the clock."""

    def make(kind: PaperKind = PaperKind.SUPERVISION) -> Paper:
        with db.writing() as session:
            call = Call(kind, clock.unit_id, session.get_one(Clock, clock.id))
            return paper_drafts.draft(session, call, by=people.supervisor, at=now())

    return make


@pytest.fixture
def office(sign_in: SignIn) -> FlaskClient:
    return sign_in("chenlh")


@pytest.fixture
def unit(sign_in: SignIn) -> FlaskClient:
    return sign_in("tanwj")


def act(client: FlaskClient, paper: Paper, name: str, data: dict[str, Any] | None = None) -> Any:
    """The act with the version that the person's page carries."""
    page = client.get(f"/papers/{paper.id}/edit" if name == "edit" else f"/papers/{paper.id}")
    if name == "state":
        page = client.get(f"/papers/{paper.id}/statement")
    found = VERSION.search(page.text)
    version = found.group(1) if found else ""
    return post(client, f"/papers/{paper.id}/{name}", {"version": version} | (data or {}))


def stored(db: Database, paper: Paper) -> Paper:
    with db.reading() as session:
        return session.get_one(Paper, paper.id)


def soon(days: int = 5) -> str:
    return (local_date(now()) + timedelta(days=days)).isoformat()


def test_a_paper_goes_its_whole_way(
    db: Database, office: FlaskClient, unit: FlaskClient, draft: Made
) -> None:
    paper = draft()
    assert act(office, paper, "issue").status_code == 303
    assert act(unit, paper, "sign").status_code == 303
    assert act(unit, paper, "feed-back", {"text": "已答复来电人。"}).status_code == 303
    again = {"reason": "请补充原因。", "reply_due": soon()}
    assert act(office, paper, "send-back", again).status_code == 303
    assert act(unit, paper, "feed-back", {"text": "已补充。"}).status_code == 303
    assert act(office, paper, "lift", {"ruling": "已落实。"}).status_code == 303
    assert (stored(db, paper).stage, stored(db, paper).round) == (PaperStage.LIFTED, 2)


def test_a_draft_is_made_from_a_unit_and_opens_for_changing(
    db: Database, people: People, office: FlaskClient
) -> None:
    sent = post(office, "/papers/new", {"kind": "rectification_notice", "unit": str(people.handler.unit_id)})
    assert sent.status_code == 303
    assert "限期整改" in office.get(sent.headers["Location"]).text


def test_a_draft_about_a_clock_goes_to_the_unit_that_holds_it(
    db: Database, office: FlaskClient, clock: Clock
) -> None:
    data = {"kind": "supervision_order", "unit": str(clock.unit_id), "clock": str(clock.id)}
    post(office, "/papers/new", data)
    with db.reading() as session:
        paper = session.scalars(select(Paper)).one()
    assert (paper.clock_id, paper.unit_id) == (clock.id, clock.unit_id)


def test_what_was_changed_stands_on_the_paper(db: Database, office: FlaskClient, draft: Made) -> None:
    paper = draft()
    wording = {"title": "关于限期办结的督办单", "body": "第一段\n第二段", "grounds": ["refused", "harm"]}
    wording |= {"requirements": "请办结。", "reply_due": soon(), "copies_to": "", "basis": ""}
    assert act(office, paper, "edit", wording).status_code == 303
    page = office.get(f"/papers/{paper.id}/print").text
    assert "<p>第一段</p><p>第二段</p>" in page and "拒收、办理不力造成负面影响" in page


def test_a_refused_change_keeps_what_was_typed(office: FlaskClient, draft: Made) -> None:
    answer = act(office, draft(), "edit", {"title": "", "body": "我写的事由", "reply_due": "1999-01-01"})
    assert answer.status_code == 422
    assert "我写的事由" in answer.text and "请填写标题" in answer.text and "年份应在" in answer.text


def test_a_change_in_an_old_window_is_not_taken(office: FlaskClient, draft: Made) -> None:
    paper = draft()
    act(office, paper, "edit", {"title": "新标题", "body": "新事由", "reply_due": soon()})
    late = post(office, f"/papers/{paper.id}/drop", {"version": "1", "reason": "重复"})
    assert late.status_code == 409
    assert "您已于" in late.text and "重复" in late.text


def test_a_double_click_issues_once(db: Database, office: FlaskClient, draft: Made) -> None:
    paper = draft()
    first = post(office, f"/papers/{paper.id}/issue", {"version": "1"})
    second = post(office, f"/papers/{paper.id}/issue", {"version": "1"})
    assert (first.status_code, second.status_code, stored(db, paper).serial) == (303, 303, 1)


def test_the_unit_finds_the_paper_in_its_inbox(office: FlaskClient, unit: FlaskClient, draft: Made) -> None:
    paper = draft()
    act(office, paper, "issue")
    year = local_date(now()).year
    assert f"督办单 云政办督〔{year}〕1号" in unit.get("/inbox").text
    assert f"/papers/{paper.id}" in unit.get("/papers").text


@pytest.mark.parametrize("page", ["", "/print", "/file", "/receipt", "/edit", "/statement"])
def test_a_draft_does_not_exist_for_its_unit(unit: FlaskClient, draft: Made, page: str) -> None:
    assert unit.get(f"/papers/{draft().id}{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "/print", "/file", "/receipt", "/statement"])
def test_an_issued_paper_does_not_exist_for_another_unit(
    office: FlaskClient, sign_in: SignIn, draft: Made, page: str
) -> None:
    paper = draft()
    act(office, paper, "issue")
    assert sign_in("ranqm").get(f"/papers/{paper.id}{page}").status_code == 404


@pytest.mark.parametrize("name", sorted(PaperAct))
def test_a_stranger_acts_on_no_paper(sign_in: SignIn, draft: Made, name: str) -> None:
    answer = post(sign_in("ranqm"), f"/papers/{draft().id}/{name}", {"version": "1"})
    assert answer.status_code == 404


@pytest.mark.parametrize("name", sorted(set(PaperAct) - {"sign", "feed-back", "state"}))
def test_a_unit_does_nothing_that_is_the_offices(
    db: Database, office: FlaskClient, unit: FlaskClient, draft: Made, name: str
) -> None:
    paper = draft()
    act(office, paper, "issue")
    version = stored(db, paper).version
    assert post(unit, f"/papers/{paper.id}/{name}", {"version": str(version)}).status_code in {404, 422}
    assert stored(db, paper).stage is PaperStage.ISSUED


def test_the_word_file_is_the_one_whose_fingerprint_the_page_shows(office: FlaskClient, draft: Made) -> None:
    from escalation.paper_docx import digest

    paper = draft()
    act(office, paper, "issue")
    file = office.get(f"/papers/{paper.id}/file")
    assert digest(file.data) in office.get(f"/papers/{paper.id}").text
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_the_print_page_shows_what_was_signed_whatever_happens_later(
    db: Database, people: People, office: FlaskClient, draft: Made
) -> None:
    paper = draft()
    act(office, paper, "issue")
    before = office.get(f"/papers/{paper.id}/print").text
    with db.writing() as session:
        clocks.stop(
            session,
            "inquiry:1",
            "inquiry.reply",
            outcome=Outcome.ANSWERED,
            stopped_at=now(),
            by=people.handler,
            at=now(),
        )
    assert office.get(f"/papers/{paper.id}/print").text == before


def test_a_receipt_is_printed_for_the_files(office: FlaskClient, unit: FlaskClient, draft: Made) -> None:
    paper = draft()
    act(office, paper, "issue")
    act(unit, paper, "sign")
    page = office.get(f"/papers/{paper.id}/receipt").text
    assert "谭文静（承办人）" in page and "送达回证" in page


def test_a_criticism_is_heard_approved_and_issued_by_another(
    db: Database, people: People, office: FlaskClient, unit: FlaskClient, sign_in: SignIn, draft: Made
) -> None:
    with db.writing() as session:
        second_supervisor(session)
    paper, second = draft(PaperKind.CRITICISM), sign_in("second")
    assert act(office, paper, "ask-statement", {"due": soon()}).status_code == 303
    assert "拟通报的基本情况" in unit.get(f"/papers/{paper.id}/statement").text
    assert act(unit, paper, "state", {"text": "正在核实管辖。"}).status_code == 303
    assert act(office, paper, "approve").status_code == 422
    assert act(second, paper, "approve").status_code == 303
    assert act(second, paper, "issue").status_code == 422
    assert act(office, paper, "issue").status_code == 303
    assert "正在核实管辖。" in office.get(f"/papers/{paper.id}/print").text


def test_a_criticism_that_was_not_heard_says_what_it_waits_for(office: FlaskClient, draft: Made) -> None:
    paper = draft(PaperKind.CRITICISM)
    assert "须征求单位的申辩意见" in office.get(f"/papers/{paper.id}").text
    assert act(office, paper, "issue").status_code == 422


def test_a_talk_is_summoned_recorded_and_lifted(
    db: Database, office: FlaskClient, unit: FlaskClient, draft: Made
) -> None:
    paper = draft(PaperKind.TALK)
    plan = {"title": "约谈通知", "body": "逾期未答复", "object": "主要负责人", "talkers": "督查科"}
    plan |= {"held_at": f"{soon(1)}T15:00", "place": "302会议室", "reply_due": soon()}
    assert act(office, paper, "edit", plan).status_code == 303
    assert act(office, paper, "issue").status_code == 303
    assert "302会议室" in unit.get(f"/papers/{paper.id}/print").text
    act(unit, paper, "sign")
    assert act(office, paper, "lift", {"ruling": "已谈"}).status_code == 422


def test_urging_by_hand_sends_a_numbered_paper(db: Database, office: FlaskClient, clock: Clock) -> None:
    assert "下列事项已逾期" in office.get(f"/clocks/{clock.id}/urge").text
    sent = post(office, f"/clocks/{clock.id}/urge", {"words": "请今日答复。", "reply_due": soon()})
    assert sent.status_code == 303
    assert "请今日答复。" in office.get(sent.headers["Location"]).text


@pytest.mark.parametrize("data", [{"words": ""}, {"words": "请办", "reply_due": "no day"}, {}])
def test_urging_without_words_or_a_day_is_refused(
    office: FlaskClient, clock: Clock, data: dict[str, str]
) -> None:
    assert post(office, f"/clocks/{clock.id}/urge", data).status_code == 422


def test_a_unit_does_not_urge(unit: FlaskClient, clock: Clock) -> None:
    assert unit.get(f"/clocks/{clock.id}/urge").status_code == 404


def test_what_the_ladder_drafted_stands_in_the_ledger(
    db: Database, office: FlaskClient, clock: Clock
) -> None:
    from escalation.sweep import sweep

    sweep(db, at=now())
    draft_due(db, ISSUER, at=now())
    page = office.get("/papers").text
    with db.reading() as session:
        drafted = session.scalars(select(Paper.title)).all()
    assert all(title in page for title in drafted)


@pytest.mark.parametrize(
    "url",
    ["/papers/0", "/papers/99999999999999999999", "/papers/5/print", "/clocks/99999999999999/urge"]
    + ["/papers?before=x", "/papers?after=99999999999999", "/papers/new?clock=abc", "/papers/new?clock=77"],
)
def test_an_address_that_leads_nowhere_is_404(office: FlaskClient, url: str) -> None:
    assert office.get(url).status_code == 404


@pytest.mark.parametrize(
    "url",
    ["/papers?kind=x", "/papers?unit=abc", "/papers?year=1", "/papers?stage=%00", "/papers?unit=9999999999"],
)
def test_an_unknown_filter_is_refused_without_a_fault(office: FlaskClient, url: str) -> None:
    assert office.get(url).status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        {"title": "甲\x00乙", "body": "丙\x00丁\ud800", "reply_due": "2026-13-45"},
        {"title": "长" * 500, "body": "长" * 20_000},
        {
            "title": "题",
            "body": "文",
            "grounds": ["no", "such"],
            "cases": ["9" * 40],
            "reply_due": "0001-01-01",
        },
    ],
)
def test_no_input_makes_a_fault(office: FlaskClient, draft: Made, data: dict[str, Any]) -> None:
    safe = {k: v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for k, v in data.items()}
    assert act(office, draft(), "edit", safe).status_code == 422


def test_citizens_words_stay_words_in_the_file_and_on_the_page(
    db: Database, people: People, office: FlaskClient
) -> None:
    hostile = "<b>{{ 7*7 }}</b>&amp;"
    with db.writing() as session:
        received = now() - timedelta(days=30)
        given: dict[str, Any] = {"received_at": received, "unit_id": people.handler.unit_id, "at": received}
        given |= {"label": hostile, "link": "/cases/1", "by": people.operator}
        made = clocks.start(session, "inquiry:9", "inquiry.reply", **given)
    sent = post(office, f"/clocks/{made.id}/urge", {"words": hostile, "reply_due": soon()})
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;&amp;amp;" in office.get(sent.headers["Location"] + "/print").text
    with zipfile.ZipFile(io.BytesIO(office.get(sent.headers["Location"] + "/file").data)) as package:
        body = package.read("word/document.xml").decode()
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;&amp;amp;" in body


def test_the_case_page_shows_papers_and_the_way_to_urge(
    db: Database, people: People, office: FlaskClient, unit: FlaskClient
) -> None:
    from tests.builders import signed

    with db.writing() as session:
        inquiry = signed(session, people, now(), received_at=now() - timedelta(hours=1))
    assert "/urge" in office.get(f"/cases/{inquiry.number}").text
    assert "/urge" not in unit.get(f"/cases/{inquiry.number}").text


def test_the_list_of_cases_has_what_the_key_u_presses(
    db: Database, people: People, office: FlaskClient, unit: FlaskClient
) -> None:
    from tests.builders import signed

    with db.writing() as session:
        signed(session, people, now(), received_at=now() - timedelta(hours=1))
    assert "data-urge" in office.get("/cases").text
    assert "data-urge" not in unit.get("/cases").text
