"""The task ledger over HTTP: a task from its first proof to its sign-off, refusals beside the field, hostile input."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient
from freezegun import freeze_time
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.db import Database
from core.people import Unit
from duties.models import DutyTask, Evidence
from duties.record_models import Consultation, DutyProposal, PhoneCheck
from duties.stages import Stage
from tests.duties.scene import PERIOD, PLAIN, QUOTA, at_stage, entered, event, on, proof, started, task_of
from tests.duties.test_service import PDF
from tests.flows.conftest import SignIn, post
from tests.people import People

NOW = datetime.fromisoformat("2026-09-22T02:30:00+00:00")
PROOF = {"what": "解读稿", "happened_on": "2026-09-01", "link": "https://example.gov.cn/1"}


@pytest.fixture(autouse=True)
def frozen(db: Database) -> Iterator[None]:
    """The day of the tests; the database is there before, because its driver looks at the clock's own types."""
    with freeze_time(NOW):
        yield


@pytest.fixture
def ledger(db: Database, people: People) -> Database:
    started(db)
    return db


@pytest.fixture
def tan(sign_in: SignIn, ledger: Database) -> FlaskClient:
    """谭文静 of the housing unit."""
    return sign_in("tanwj")


@pytest.fixture
def chen(sign_in: SignIn, ledger: Database) -> FlaskClient:
    """陈立衡 of the supervising office."""
    return sign_in("chenlh")


def task(db: Database, clause: str = PLAIN, unit: str = "housing") -> DutyTask:
    with db.reading() as session:
        return task_of(session, clause, unit)


def act(client: FlaskClient, on_task: DutyTask, name: str, data: dict[str, Any], **more: Any) -> TestResponse:
    """Send the form of the page as it stands."""
    page = client.get(f"/duties/{on_task.id}").text
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    version = {"version": found.group(1)} if found else {}
    return post(client, f"/duties/{on_task.id}/{name}", version | data, **more)


def test_a_task_goes_from_proof_to_sign_off_by_two_people(
    tan: FlaskClient, chen: FlaskClient, ledger: Database
) -> None:
    found = task(ledger)
    assert act(tan, found, "progress", {"text": "正在起草"}).status_code == 303
    assert act(tan, found, "evidence", PROOF).status_code == 303
    assert act(tan, found, "request", {"words": "已完成"}).status_code == 303
    assert act(chen, found, "sign_off", {"ruling": "属实"}).status_code == 303
    page = tan.get(f"/duties/{found.id}").text
    assert task(ledger).stage is Stage.SIGNED_OFF and "陈立衡核查销号" in page and "正在起草" in page


def test_a_request_that_lacks_evidence_is_refused_beside_its_field(
    tan: FlaskClient, ledger: Database
) -> None:
    answer = act(tan, task(ledger), "request", {"words": "已完成"})
    assert answer.status_code == 422 and "还没有佐证" in answer.text and "已完成" in answer.text


def test_a_proof_without_file_and_link_keeps_what_was_typed(tan: FlaskClient, ledger: Database) -> None:
    answer = act(tan, task(ledger), "evidence", PROOF | {"link": ""})
    assert answer.status_code == 422 and "请上传文件或填写链接" in answer.text and "解读稿" in answer.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"happened_on": "2026-13-45"}, "请按“年-月-日”填写"),
        ({"happened_on": "0001-01-01"}, "年份应在"),
        ({"happened_on": "2026-09-23"}, "不能晚于今天"),
        ({"link": "javascript:alert(1)"}, "http://"),
        ({"link": "https://" + "a" * 600}, "最多500个字"),
        ({"what": ""}, "请填写佐证名称"),
        ({"what": "字" * 201}, "最多200个字"),
    ],
)
def test_a_wrong_field_is_named_in_chinese(
    tan: FlaskClient, ledger: Database, change: dict[str, str], words: str
) -> None:
    answer = act(tan, task(ledger), "evidence", PROOF | change)
    assert answer.status_code == 422 and words in answer.text


def test_a_file_is_uploaded_and_sent_back_as_an_attachment(tan: FlaskClient, ledger: Database) -> None:
    found = task(ledger)
    sent = PROOF | {"link": "", "file": (io.BytesIO(PDF), "解读.pdf")}
    assert act(tan, found, "evidence", sent, content_type="multipart/form-data").status_code == 303
    address = re.search(rf"/duties/{found.id}/files/\d+", tan.get(f"/duties/{found.id}").text)
    assert address is not None
    answer = tan.get(address.group())
    assert (answer.data, answer.headers["Content-Disposition"][:10]) == (PDF, "attachment")


def test_a_file_of_another_unit_does_not_exist(tan: FlaskClient, sign_in: SignIn, ledger: Database) -> None:
    found = task(ledger)
    sent = PROOF | {"file": (io.BytesIO(PDF), "解读.pdf")}
    act(tan, found, "evidence", sent, content_type="multipart/form-data")
    with ledger.reading() as session:
        (evidence_id,) = session.scalars(select(Evidence.id))
    assert sign_in("ranqm").get(f"/duties/{found.id}/files/{evidence_id}").status_code == 404


def test_a_file_under_another_task_does_not_exist(tan: FlaskClient, ledger: Database, people: People) -> None:
    (evidence_id,) = entered(ledger, people, proof(), clause=PLAIN, at=NOW)
    assert tan.get(f"/duties/{task(ledger, '6.1.2').id}/files/{evidence_id}").status_code == 404


def test_a_program_is_no_evidence(tan: FlaskClient, ledger: Database) -> None:
    sent = PROOF | {"file": (io.BytesIO(b"MZ\x90\x00"), "解读.pdf")}
    answer = act(tan, task(ledger), "evidence", sent, content_type="multipart/form-data")
    assert answer.status_code == 422 and "不是可以接收的文件" in answer.text


@pytest.mark.parametrize("login", ["ranqm", "zhouxq"])
def test_a_task_of_another_unit_does_not_exist(sign_in: SignIn, ledger: Database, login: str) -> None:
    client, found = sign_in(login), task(ledger)
    assert client.get(f"/duties/{found.id}").status_code == 404
    assert post(client, f"/duties/{found.id}/progress", {"text": "x"}).status_code == 404


def test_a_person_who_may_only_look_cannot_act(sign_in: SignIn, ledger: Database) -> None:
    client, found = sign_in("xiangyl"), task(ledger)
    assert client.get(f"/duties/{found.id}").status_code == 200
    assert act(client, found, "progress", {"text": "x"} | {"version": str(found.version)}).status_code == 404


def test_the_asker_is_told_to_let_another_check(chen: FlaskClient, ledger: Database, people: People) -> None:
    found = task(ledger, "14.2", "county_office")
    act(chen, found, "evidence", PROOF)
    act(chen, found, "request", {"words": "已完成"})
    assert "由他人核查" in chen.get(f"/duties/{found.id}").text
    with ledger.reading() as session:
        version = session.get_one(DutyTask, found.id).version
    answer = post(chen, f"/duties/{found.id}/sign_off", {"ruling": "属实", "version": str(version)})
    assert answer.status_code == 422 and "不能是同一个人" in answer.text


def test_an_act_on_an_old_page_is_a_conflict_that_names_who_was_first(
    tan: FlaskClient, chen: FlaskClient, ledger: Database
) -> None:
    found = task(ledger)
    act(tan, found, "evidence", PROOF)
    answer = post(tan, f"/duties/{found.id}/request", {"words": "完成", "version": str(found.version)})
    assert answer.status_code == 409 and "谭文静已提交佐证" in answer.text and "完成" in answer.text


def test_a_double_click_makes_one_proof(tan: FlaskClient, ledger: Database) -> None:
    found = task(ledger)
    for _click in range(2):
        sent = PROOF | {"version": str(found.version)}
        assert post(tan, f"/duties/{found.id}/evidence", sent).status_code == 303
    with ledger.reading() as session:
        assert len(session.scalars(select(Evidence.id)).all()) == 1


def test_a_press_event_asks_for_its_form_and_speaker(tan: FlaskClient, ledger: Database) -> None:
    answer = act(tan, task(ledger, QUOTA), "evidence", PROOF)
    assert answer.status_code == 422 and "请选择形式" in answer.text and "请填写姓名、职务" in answer.text


def test_the_count_grows_with_an_event(tan: FlaskClient, ledger: Database) -> None:
    sent = PROOF | {"form": "briefing", "speaker": "黎永康 主任", "by_leader": "y"}
    assert act(tan, task(ledger, QUOTA), "evidence", sent).status_code == 303
    page = tan.get("/duties/quotas").text
    assert "1/4次" in page and "1/2次" in page


def test_the_link_of_the_column_is_filled_in_later(
    tan: FlaskClient, ledger: Database, people: People
) -> None:
    (kept,) = entered(ledger, people, event(date(2026, 3, 1), column_link=""), at=NOW)
    found = task(ledger, QUOTA)
    sent = {"evidence": str(kept), "column_link": "https://example.gov.cn/zcjd"}
    assert act(tan, found, "link", sent).status_code == 303
    assert "已归集" in tan.get(f"/duties/{found.id}").text


def test_a_proof_of_another_task_cannot_be_struck_here(
    tan: FlaskClient, ledger: Database, people: People
) -> None:
    (kept,) = entered(ledger, people, proof(), clause=PLAIN, at=NOW)
    sent = {"evidence": str(kept), "reason": "放错了"}
    assert act(tan, task(ledger, "6.1.2"), "strike", sent).status_code == 404


def test_a_struck_proof_stays_on_the_page_with_its_reason(
    tan: FlaskClient, ledger: Database, people: People
) -> None:
    (kept,) = entered(ledger, people, proof(), clause=PLAIN, at=NOW)
    act(tan, task(ledger), "strike", {"evidence": str(kept), "reason": "放错了"})
    assert "已由谭文静撤销：放错了" in tan.get(f"/duties/{task(ledger).id}").text


@pytest.mark.parametrize(
    "url",
    [
        "/duties/99999999999",
        "/duties/2147483647",
        "/duties/0",
        "/duties/-1",
        "/duties/1/files/99999999999",
        "/duties/consultations/2147483647",
        "/duties/consultations?before=99999999999",
        "/duties/proposals/2147483647",
        "/duties/review/2147483647",
        "/duties?after=x",
        "/duties?after=99999999999999999999-1",
        "/duties/review?after=0",
        "/duties/review?year=1",
        "/duties/units?year=%00",
        "/duties/quotas?year=99999999999",
        "/duties/phones?quarter=9",
        "/duties/export.pdf",
    ],
)
def test_an_address_that_nobody_wrote_does_not_exist(chen: FlaskClient, url: str) -> None:
    assert chen.get(url).status_code == 404


@pytest.mark.parametrize("name", ["unit", "section", "kind", "light", "scope", "year", "clause"])
@pytest.mark.parametrize("value", ["%00", "99999999999", "x" * 400, "é%F0%9F%98%80"])
def test_no_filter_breaks_the_list(chen: FlaskClient, name: str, value: str) -> None:
    assert chen.get(f"/duties?{name}={value}").status_code in {200, 422}


@pytest.mark.parametrize("name", ["progress", "request", "release", "sign_off"])
@pytest.mark.parametrize("value", ["", "\x00", "字" * 3000])
def test_no_text_breaks_an_act(chen: FlaskClient, ledger: Database, name: str, value: str) -> None:
    found = task(ledger)
    fields = {"text": value, "words": value, "reason": value, "ruling": value, "version": str(found.version)}
    assert post(chen, f"/duties/{found.id}/{name}", fields).status_code in {404, 409, 422}


def test_the_list_says_what_stands_open(tan: FlaskClient) -> None:
    page = tan.get("/duties").text
    assert "2026年共 <b>29</b> 项" in page and "县住建委" in page and "县交通局" not in page


def test_a_year_that_was_not_started_says_how(sign_in: SignIn, db: Database, people: People) -> None:
    page = sign_in("chenlh").get("/duties").text
    assert "台账还没有启用" in page and "duties start --year 2026" in page


@pytest.mark.parametrize("path", ["units", "clauses", "quotas", "phones", "consultations", "review"])
def test_a_unit_reads_every_room(tan: FlaskClient, path: str) -> None:
    assert tan.get(f"/duties/{path}").status_code == 200


def test_a_sum_leads_to_its_list(chen: FlaskClient, people: People) -> None:
    page = chen.get("/duties/units").text
    address = f"/duties?year=2026&amp;light=red&amp;unit={people.handler.unit_id}"
    assert address in page
    listed = chen.get(address.replace("&amp;", "&")).text
    assert "新闻发布解读每年不少于4次" in listed and "共1项" in listed


def test_the_office_adds_a_unit_to_a_quota(chen: FlaskClient, ledger: Database) -> None:
    duty_id = task(ledger, QUOTA).duty_id
    with ledger.reading() as session:
        police = session.scalars(select(Unit.id).where(Unit.code == "police")).one()
    sent = {"unit": str(police), "reason": "社会关注多"}
    assert post(chen, f"/duties/quotas/{duty_id}/assign", sent).status_code == 303
    assert post(chen, f"/duties/quotas/{duty_id}/assign", sent).status_code == 422
    assert "县公安局" in chen.get("/duties/quotas").text


@pytest.mark.parametrize("sent", [{}, {"unit": "99999999999", "reason": "x"}, {"unit": "1", "reason": ""}])
def test_a_faulty_addition_is_shown_again(chen: FlaskClient, ledger: Database, sent: dict[str, str]) -> None:
    assert post(chen, f"/duties/quotas/{task(ledger, QUOTA).duty_id}/assign", sent).status_code == 422


def test_only_a_quota_has_a_list_of_units(chen: FlaskClient, ledger: Database) -> None:
    assert post(chen, f"/duties/quotas/{task(ledger).duty_id}/assign", {}).status_code == 404


def test_a_unit_adds_nobody(tan: FlaskClient, ledger: Database) -> None:
    assert post(tan, f"/duties/quotas/{task(ledger, QUOTA).duty_id}/assign", {}).status_code == 404


CALL = {"checked_at": "2026-09-22T10:00", "answered": "no", "result": "两次无人接听"}


def test_a_failed_call_leads_to_its_task(chen: FlaskClient, ledger: Database, people: People) -> None:
    sent = CALL | {"unit": str(people.handler.unit_id)}
    assert post(chen, "/duties/phones", sent).status_code == 303
    with ledger.reading() as session:
        task_id = session.scalars(select(PhoneCheck.task_id)).one()
    assert f'href="/duties/{task_id}"' in chen.get("/duties/phones").text
    assert "电话抽查整改" in chen.get(f"/duties/{task_id}").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": ""}, "请选择单位"),
        ({"checked_at": "2026-09-22T07:00"}, "工作时间"),
        ({"checked_at": "yesterday"}, "年-月-日 时:分"),
        ({"answered": ""}, "请选择结果"),
        ({"result": ""}, "请写明情况"),
        ({"mend_by": "2026-09-22"}, "应在今天之后"),
    ],
)
def test_a_faulty_call_is_refused_beside_its_field(
    chen: FlaskClient, people: People, change: dict[str, str], words: str
) -> None:
    answer = post(chen, "/duties/phones", CALL | {"unit": str(people.handler.unit_id)} | change)
    assert answer.status_code == 422 and words in answer.text


DRAFT = {
    "title": "城市更新规划",
    "published_on": "2026-09-01",
    "closes_on": "2026-10-01",
    "outcome_due_on": "2026-10-30",
    "channels": "政府网站 https://example.gov.cn/1",
}


def draft(people: People, **changes: str) -> dict[str, str]:
    return DRAFT | {"unit": str(people.handler.unit_id)} | changes


def test_a_consultation_runs_to_its_outcome(
    tan: FlaskClient, sign_in: SignIn, ledger: Database, people: People
) -> None:
    assert post(tan, "/duties/consultations/new", draft(people)).status_code == 303
    with ledger.reading() as session:
        (row_id,) = session.scalars(select(Consultation.id))
    said = {"opinions": "3", "adopted": "1", "text": "采纳1条", "link": "https://example.gov.cn/2"}
    with freeze_time("2026-10-20T02:00:00+00:00"):
        client, sent = sign_in("tanwj"), said | {"published_on": "2026-10-20"}
        assert post(client, f"/duties/consultations/{row_id}/outcome", sent).status_code == 303
        page = client.get(f"/duties/consultations/{row_id}").text
    assert "3条，采纳1条" in page and "按期" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"closes_on": "2026-09-30"}, "不足30日"),
        ({"channels": "政府网站"}, "每行写“渠道 链接”"),
        ({"title": ""}, "请填写决策草案名称"),
        ({"published_on": "2026-09-23"}, "不能晚于今天"),
    ],
)
def test_a_faulty_consultation_is_refused_beside_its_field(
    tan: FlaskClient, people: People, change: dict[str, str], words: str
) -> None:
    answer = post(tan, "/duties/consultations/new", draft(people, **change))
    assert answer.status_code == 422 and words in answer.text


def test_a_consultation_of_another_unit_is_not_offered(tan: FlaskClient, people: People) -> None:
    answer = post(tan, "/duties/consultations/new", draft(people, unit=str(people.stranger.unit_id)))
    assert answer.status_code == 422


def test_a_consultation_of_another_unit_does_not_exist(
    tan: FlaskClient, sign_in: SignIn, ledger: Database, people: People
) -> None:
    post(tan, "/duties/consultations/new", draft(people))
    with ledger.reading() as session:
        (row_id,) = session.scalars(select(Consultation.id))
    stranger = sign_in("ranqm")
    assert stranger.get(f"/duties/consultations/{row_id}").status_code == 404
    assert post(stranger, f"/duties/consultations/{row_id}/withdraw", {"reason": "x"}).status_code == 404


def test_an_outcome_before_the_end_is_refused(tan: FlaskClient, ledger: Database, people: People) -> None:
    post(tan, "/duties/consultations/new", draft(people))
    with ledger.reading() as session:
        (row_id,) = session.scalars(select(Consultation.id))
    said = {"opinions": "3", "adopted": "1", "text": "采纳1条", "link": "https://example.gov.cn/2"}
    answer = post(tan, f"/duties/consultations/{row_id}/outcome", said | {"published_on": "2026-09-22"})
    assert answer.status_code == 422


def test_an_unknown_act_on_a_consultation_does_not_exist(tan: FlaskClient) -> None:
    assert post(tan, "/duties/consultations/1/shout", {}).status_code == 404


def test_the_look_back_asks_for_something_to_be_put_right(chen: FlaskClient, ledger: Database) -> None:
    made = started(ledger, year=2025, at=on(date(2025, 12, 1)))
    with ledger.reading() as session:
        old = task_of(session, PLAIN, year=2025)
    assert f"到期未销号 <b>{made.tasks}</b> 项" in chen.get("/duties/review?year=2025").text
    sent = {"what": "补上三个子栏目", "due_on": "2026-10-30"}
    answer = post(chen, f"/duties/review/{old.id}", sent)
    assert answer.status_code == 303
    page = chen.get(answer.headers["Location"]).text
    assert "补上三个子栏目" in page and "回头看整改" in page


@pytest.mark.parametrize("sent", [{}, {"what": "补", "due_on": "2026-09-22"}, {"what": "", "due_on": "x"}])
def test_a_faulty_rectification_is_shown_again(
    chen: FlaskClient, ledger: Database, sent: dict[str, str]
) -> None:
    started(ledger, year=2025, at=on(date(2025, 12, 1)))
    with ledger.reading() as session:
        old = task_of(session, PLAIN, year=2025)
    assert post(chen, f"/duties/review/{old.id}", sent).status_code == 422


def test_what_is_not_over_yet_cannot_be_put_right(chen: FlaskClient, ledger: Database) -> None:
    assert chen.get(f"/duties/review/{task(ledger).id}").status_code == 404


def test_the_rows_are_exported_to_excel_as_text(
    chen: FlaskClient, tan: FlaskClient, ledger: Database
) -> None:
    act(tan, task(ledger), "evidence", PROOF | {"what": "=1+1"})
    answer = chen.get("/duties/export.xlsx?scope=all&clause=6.1.1")
    page = load_workbook(io.BytesIO(answer.data)).active
    assert page is not None
    rows = list(page.iter_rows(values_only=True))
    assert rows[2][:5] == ("序号", "事项", "要求", "牵头单位", "责任单位") and len(rows) == 3 + 14
    assert {cell.data_type for row in page.iter_rows(min_row=4) for cell in row} <= {"s", "n"}
    assert any("=1+1" in str(row[8]) for row in rows[3:])


def test_a_unit_exports_its_own_rows(tan: FlaskClient) -> None:
    page = load_workbook(io.BytesIO(tan.get("/duties/export.xlsx?scope=all").data)).active
    assert page is not None
    assert {row[4] for row in page.iter_rows(min_row=4, values_only=True)} == {"县住建委"}


def test_the_sheet_is_laid_out_for_a4_across(chen: FlaskClient) -> None:
    page = load_workbook(io.BytesIO(chen.get("/duties/export.xlsx?scope=all").data)).active
    assert page is not None
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.freeze_panes, page.print_title_rows) == ("C4", "$3:$3")


def test_the_rows_are_exported_to_word(chen: FlaskClient) -> None:
    paper = Document(io.BytesIO(chen.get("/duties/export.docx?scope=all&clause=6.1.1").data))
    table, section = paper.tables[0], paper.sections[0]
    assert len(table.rows) == 1 + 14 and table.rows[0].cells[9].text == "销号"
    assert (section.page_width or 0) > (section.page_height or 0)


def test_the_word_file_names_nobody(chen: FlaskClient) -> None:
    said = Document(io.BytesIO(chen.get("/duties/export.docx").data)).core_properties
    assert (said.author, said.last_modified_by, said.comments) == ("", "", "")


def test_a_file_that_is_no_list_is_refused_in_chinese(chen: FlaskClient) -> None:
    sent = {"file": (io.BytesIO("随便写写".encode()), "清单.txt")}
    answer = post(chen, "/duties/proposals", sent, content_type="multipart/form-data")
    assert answer.status_code == 422 and "form-error" in answer.text


def test_an_upload_without_a_file_is_refused(chen: FlaskClient) -> None:
    answer = post(chen, "/duties/proposals", {}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "请选择任务清单文件" in answer.text


def proposed(ledger: Database, people: People) -> int:
    from tests.duties.test_proposals import kept

    kept(ledger, people)
    with ledger.reading() as session:
        return session.scalars(select(DutyProposal.id)).one()


ENTRY = {
    "clause": "8.1.1",
    "title": "清理文件",
    "owed": "全面清理",
    "evidence_wanted": "目录",
    "kind": "quota",
    "rule": "duty.year",
    "quota": "1",
    "leaders": "0",
}


def test_a_proposal_is_confirmed_as_changed(chen: FlaskClient, ledger: Database, people: People) -> None:
    proposal_id = proposed(ledger, people)
    page = chen.get(f"/duties/proposals/{proposal_id}").text
    assert "县政府各部门" in page and f'<option selected value="{people.handler.unit_id}"' in page
    sent = ENTRY | {"units": [str(people.handler.unit_id)], "title": "清理规范性文件一次"}
    assert post(chen, f"/duties/proposals/{proposal_id}/accept", sent).status_code == 303
    assert "清理规范性文件一次" in chen.get("/duties?clause=8.1.1").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"clause": "八"}, "条号应如"),
        ({"clause": "6.2.6"}, "台账里已有"),
        ({"units": []}, "责任单位"),
        ({"units": ["99999999999"]}, "责任单位"),
        ({"quota": "many"}, "每年次数"),
        ({"quota": "99999999999"}, "0至366"),
        ({"rule": "duty.date"}, "不能用"),
    ],
)
def test_a_faulty_confirmation_is_refused_beside_its_field(
    chen: FlaskClient, ledger: Database, people: People, change: dict[str, Any], words: str
) -> None:
    sent = ENTRY | {"units": [str(people.handler.unit_id)]} | change
    answer = post(chen, f"/duties/proposals/{proposed(ledger, people)}/accept", sent)
    assert answer.status_code == 422 and words in answer.text


def test_a_proposal_is_left_out_with_a_reason(chen: FlaskClient, ledger: Database, people: People) -> None:
    proposal_id = proposed(ledger, people)
    assert post(chen, f"/duties/proposals/{proposal_id}/leave", {"reason": ""}).status_code == 422
    assert post(chen, f"/duties/proposals/{proposal_id}/leave", {"reason": "重复"}).status_code == 303
    assert "略去" in chen.get("/duties/proposals").text


def test_a_unit_imports_nothing(tan: FlaskClient) -> None:
    assert tan.get("/duties/proposals").status_code == 404


def test_the_audit_page_tells_the_ledger_in_chinese(
    tan: FlaskClient, sign_in: SignIn, ledger: Database
) -> None:
    from core.people import SYSTEM, Role
    from core.people_service import add_person

    act(tan, task(ledger), "evidence", PROOF)
    with ledger.writing() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "county_office")).one()
        more = {"title": "", "unit": unit, "roles": [Role.AUDITOR], "by": SYSTEM, "at": NOW}
        add_person(session, login="shenji", name="审计", **more)
    page = sign_in("shenji").get("/audit").text
    assert "台账提交佐证" in page and "启用年度台账" in page


def test_a_periodic_task_tells_its_periods(chen: FlaskClient, ledger: Database, people: People) -> None:
    entered(ledger, people, proof(date(2026, 9, 1)), clause=PERIOD, unit="county_office", at=NOW)
    page = chen.get(f"/duties/{task(ledger, PERIOD, 'county_office').id}").text
    assert "第1期" in page and "第2期" in page


def test_a_task_at_every_stage_has_its_page(
    chen: FlaskClient, tan: FlaskClient, ledger: Database, people: People
) -> None:
    for clause, stage in zip(("6.1.1", "6.1.2", "6.1.3", "6.1.4"), Stage, strict=True):
        with ledger.writing() as session:
            found = at_stage(session, people, stage, NOW, clause=clause)
        assert stage.label in tan.get(f"/duties/{found.id}").text
        assert chen.get(f"/duties/{found.id}").status_code == 200
