"""People, units and the audit record over HTTP. Three powers are kept apart (GB/T 22239-2019 8.1.4.2)."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import facts
from core.clock import now
from core.config import ROOT
from core.db import Database
from core.facts import Fact
from core.people import SYSTEM, Person, Role, Unit
from core.people_service import add_person
from tests.flows.conftest import SignIn, post
from tests.flows.test_auth import enter
from tests.people import People

NEW = {
    "login": "luomy",
    "name": "罗梦瑶",
    "title": "承办人",
    "email": "luomy@example.cn",
    "roles": ["handler"],
}


@pytest.fixture
def admin(db: Database, people: People, sign_in: SignIn) -> FlaskClient:
    """A browser signed in as the administrator."""
    return officer(db, sign_in, "guanly", Role.ADMIN)


@pytest.fixture
def auditor(db: Database, people: People, sign_in: SignIn) -> FlaskClient:
    """A browser signed in as the auditor."""
    return officer(db, sign_in, "shenjy", Role.AUDITOR)


def officer(db: Database, sign_in: SignIn, login: str, role: Role) -> FlaskClient:
    with db.writing() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "county_office")).one()
        add_person(session, login=login, name="管理", title="", unit=unit, roles=[role], by=SYSTEM, at=now())
    return sign_in(login)


def unit_id(db: Database, code: str) -> int:
    with db.reading() as session:
        return session.scalars(select(Unit.id).where(Unit.code == code)).one()


def person_of(db: Database, login: str) -> Person:
    with db.reading() as session:
        return session.scalars(select(Person).where(Person.login == login)).one()


def add(client: FlaskClient, db: Database, **changes: object) -> TestResponse:
    return post(client, "/people/new", NEW | {"unit_id": unit_id(db, "housing")} | changes)


def change(client: FlaskClient, db: Database, login: str, **changes: object) -> TestResponse:
    found = person_of(db, login)
    held = {"name": found.name, "title": found.title, "email": found.email, "unit_id": found.unit_id}
    form = held | {"roles": [role.value for role in found.roles], "active": "y"} | changes
    return post(
        client, f"/people/{found.id}", {name: value for name, value in form.items() if value is not None}
    )


def shown_password(page: str) -> str:
    found = re.search(r'id="once" value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_a_new_person_signs_in_with_the_password_shown_once(admin: FlaskClient, db: Database) -> None:
    password = shown_password(add(admin, db).text)
    answer = enter(admin.application.test_client(), "luomy", password)
    assert answer.status_code == 303
    assert person_of(db, "luomy").must_change


def test_the_one_time_password_stands_nowhere_else(
    admin: FlaskClient, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = add(admin, db)
    password = shown_password(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in str(answer.headers) + caplog.text + admin.get("/people").text
    with db.reading() as session:
        assert not [fact for fact in session.scalars(select(Fact)) if password in fact.detail]


def test_sending_the_form_again_adds_nobody(admin: FlaskClient, db: Database) -> None:
    add(admin, db)
    answer = add(admin, db)
    assert answer.status_code == 422
    assert "登录名已存在：luomy" in answer.text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"login": "罗"}, "登录名用字母开头"),
        ({"login": "a\0b"}, "登录名用字母开头"),
        ({"name": " "}, "请填写姓名"),
        ({"name": "罗" * 33}, "姓名最多32个字"),
        ({"email": "not mail"}, "电子邮箱写成"),
        ({"email": "a@b.cn\r\nBcc: c@d.cn"}, "电子邮箱写成"),
        ({"unit_id": "99999999999999999999"}, "不是有效的选择"),
        ({"unit_id": "x"}, "无效"),
        ({"roles": []}, "至少选一个角色"),
        ({"roles": ["king"]}, "king"),
        ({"roles": ["admin", "auditor"]}, "系统管理员不能兼任其他角色"),
        ({"roles": ["admin", "handler"]}, "系统管理员不能兼任其他角色"),
        ({"roles": ["auditor", "supervisor"]}, "审计员不能兼任其他角色"),
    ],
)
def test_a_person_that_cannot_be_is_refused_in_words(
    admin: FlaskClient, db: Database, changes: dict[str, object], reason: str
) -> None:
    answer = add(admin, db, **changes)
    assert answer.status_code == 422
    assert reason in answer.text


def test_a_refused_form_loses_nothing_typed(admin: FlaskClient, db: Database) -> None:
    page = add(admin, db, name="").text
    assert 'value="luomy@example.cn"' in page
    assert re.search(r'value="handler"[^>]*checked|checked[^>]*value="handler"', page)


def test_new_roles_hold_from_the_next_request(admin: FlaskClient, db: Database, sign_in: SignIn) -> None:
    handler = sign_in("tanwj")
    assert change(admin, db, "tanwj", roles=["reviewer"]).status_code == 303
    assert person_of(db, "tanwj").roles == {Role.REVIEWER}
    assert handler.get("/password").status_code == 303


def test_a_new_title_ends_no_session(admin: FlaskClient, db: Database, sign_in: SignIn) -> None:
    handler = sign_in("tanwj")
    change(admin, db, "tanwj", title="科长", email="t@example.cn")
    assert (person_of(db, "tanwj").title, person_of(db, "tanwj").email) == ("科长", "t@example.cn")
    assert handler.get("/password").status_code == 200


def test_a_person_switched_off_is_signed_out_and_stays_out(
    admin: FlaskClient, db: Database, sign_in: SignIn
) -> None:
    handler = sign_in("tanwj")
    change(admin, db, "tanwj", active=None)
    assert handler.get("/password").status_code == 303
    assert not person_of(db, "tanwj").active


def test_a_change_is_a_fact_without_the_mail_address(admin: FlaskClient, db: Database) -> None:
    change(admin, db, "tanwj", email="secret@example.cn", title="科长")
    with db.reading() as session:
        fact = session.scalars(select(Fact).where(Fact.act == "person:change")).one()
    assert '"title":"科长"' in fact.detail
    assert "改了电子邮箱" in fact.detail
    assert "secret" not in fact.detail


@pytest.mark.parametrize("changes", [{"active": None}, {"roles": ["auditor"]}])
def test_the_last_administrator_stays(admin: FlaskClient, db: Database, changes: dict[str, object]) -> None:
    answer = change(admin, db, "guanly", **changes)
    assert answer.status_code == 422
    assert "最后一名在用的系统管理员" in answer.text


def test_with_a_second_administrator_the_first_may_go(
    admin: FlaskClient, db: Database, sign_in: SignIn
) -> None:
    officer(db, sign_in, "second", Role.ADMIN)
    assert change(admin, db, "guanly", active=None).status_code == 303


def test_a_reset_gives_a_new_password_and_ends_the_old_one(
    admin: FlaskClient, db: Database, sign_in: SignIn
) -> None:
    handler, found = sign_in("tanwj"), person_of(db, "tanwj")
    password = shown_password(post(admin, f"/people/{found.id}/reset").text)
    assert handler.get("/password").status_code == 303
    assert enter(admin.application.test_client(), "tanwj", password).status_code == 303


@pytest.mark.parametrize("url", ["/people/999", "/people/99999999999", "/people/units/999", "/people/x"])
def test_who_is_not_there_is_not_found(admin: FlaskClient, url: str) -> None:
    assert admin.get(url).status_code == 404
    assert post(admin, url).status_code in {404, 405}


def test_the_list_is_narrowed_by_unit_and_by_name(admin: FlaskClient, db: Database) -> None:
    page = admin.get(f"/people?unit={unit_id(db, 'housing')}").text
    assert "谭文静" in page
    assert "冉启明" not in page
    assert "冉启明" in admin.get("/people?q=冉").text


def test_the_list_shows_those_switched_off_when_asked(admin: FlaskClient, db: Database) -> None:
    change(admin, db, "tanwj", active=None)
    admin.get("/people")  # takes the message away
    assert "谭文静" not in admin.get("/people").text
    assert "谭文静" in admin.get("/people?state=off").text


@pytest.mark.parametrize("query", ["unit=x", "unit=99999999999999999999", "state=%00", "q=%00%25"])
def test_an_odd_filter_is_no_fault(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/people?{query}").status_code == 200


UNIT = {
    "code": "tourism",
    "name": "县文化旅游委",
    "short_name": "",
    "kind": "department",
    "phone": "023-55120000",
}


def test_a_new_unit_is_listed_and_offered(admin: FlaskClient) -> None:
    assert post(admin, "/people/units/new", UNIT).status_code == 303
    assert "县文化旅游委" in admin.get("/people/units").text
    assert "县文化旅游委" in admin.get("/people/new").text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "Tourism"}, "单位代码用小写字母开头"),
        ({"code": "housing"}, "单位代码已存在：housing"),
        ({"name": "县交通局"}, "单位名称已存在：县交通局"),
        ({"name": ""}, "请填写单位名称"),
        ({"kind": "castle"}, "不是有效的选择"),
        ({"phone": "打前台"}, "电话只能写数字"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_in_words(
    admin: FlaskClient, changes: dict[str, str], reason: str
) -> None:
    answer = post(admin, "/people/units/new", UNIT | changes)
    assert answer.status_code == 422
    assert reason in answer.text


def test_a_unit_switched_off_is_no_longer_offered(admin: FlaskClient, db: Database) -> None:
    form = {"name": "县交通局", "short_name": "", "kind": "department", "phone": ""}
    assert (
        post(admin, f"/people/units/{unit_id(db, 'transport')}", form, follow_redirects=True).status_code
        == 200
    )
    assert "县交通局" not in admin.get("/people/new").text


def test_a_unit_cannot_take_the_name_of_another(admin: FlaskClient, db: Database) -> None:
    form = {"name": "县教委", "short_name": "", "kind": "department", "phone": "", "active": "y"}
    answer = post(admin, f"/people/units/{unit_id(db, 'transport')}", form)
    assert answer.status_code == 422
    assert "单位名称已存在" in answer.text


def test_an_administrator_lands_on_the_people(admin: FlaskClient) -> None:
    assert admin.get("/", follow_redirects=True).request.path == "/people"


def test_an_auditor_lands_on_the_record(auditor: FlaskClient) -> None:
    assert auditor.get("/", follow_redirects=True).request.path == "/audit"


def test_the_administrator_does_not_see_the_record(admin: FlaskClient) -> None:
    assert [admin.get(url).status_code for url in ("/audit", "/audit/verify", "/audit/export.csv")] == [
        404
    ] * 3


def test_the_auditor_does_not_see_the_people(auditor: FlaskClient) -> None:
    assert [auditor.get(url).status_code for url in ("/people", "/people/units", "/people/1")] == [404] * 3


def seqs(page: str) -> list[int]:
    return [int(text) for text in re.findall(r'<td class="end num">(\d+)</td></tr>', page)]


def write(db: Database, count: int, **changes: object) -> None:
    entry = {"act": "test:act", "subject": "test:1", "by": SYSTEM, "at": now()} | changes
    with db.writing() as session:
        facts.record_many(session, [facts.Entry(**entry)] * count)  # type: ignore[arg-type]


def test_the_record_is_read_page_by_page_without_gap(auditor: FlaskClient, db: Database) -> None:
    write(db, 120)
    read, url = [], "/audit?subject=test:1"
    while url:
        page = auditor.get(url).text
        read += seqs(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = older.group(1).replace("&amp;", "&") if older else ""
    assert read == sorted(read, reverse=True)
    assert len(read) == 120


def test_the_way_back_leads_to_the_same_page(auditor: FlaskClient, db: Database) -> None:
    write(db, 120)
    first = seqs(auditor.get("/audit?subject=test:1").text)
    second = seqs(auditor.get(f"/audit?subject=test:1&before={first[-1]}").text)
    assert seqs(auditor.get(f"/audit?subject=test:1&after={second[0]}").text) == first


def test_the_record_is_searched_by_person_act_and_day(auditor: FlaskClient, db: Database) -> None:
    assert "添加单位" in auditor.get("/audit?act=unit:add").text
    assert seqs(auditor.get("/audit?person=shenjy").text) != []
    assert seqs(auditor.get("/audit?person=谁也不是").text) == []
    assert seqs(auditor.get("/audit?until=2026-09-21").text) == []
    assert seqs(auditor.get("/audit?since=2026-09-22&until=2026-09-22").text) != []


@pytest.mark.parametrize(
    "query",
    [
        "since=0001-01-01",
        "until=9999-12-31",
        "since=x",
        "before=99999999999",
        "after=-1",
        "act=%00",
        "person=%00",
    ],
)
def test_an_odd_search_is_no_fault(auditor: FlaskClient, query: str) -> None:
    assert auditor.get(f"/audit?{query}").status_code == 200


def test_a_whole_record_is_said_to_be_whole(auditor: FlaskClient) -> None:
    assert "没有缺失、改动或调换" in auditor.get("/audit/verify").text


def test_the_file_opens_as_a_table_and_reckons_nothing(auditor: FlaskClient, db: Database) -> None:
    write(db, 1, subject="=cmd|'/c calc'!A1")
    answer = auditor.get("/audit/export.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert "'=cmd|'/c calc'!A1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    with db.reading() as session:
        assert len(rows) == 1 + len(session.scalars(select(Fact)).all())


def test_taking_the_record_away_is_on_the_record(auditor: FlaskClient, db: Database) -> None:
    auditor.get("/audit/export.csv?person=shenjy")
    with db.reading() as session:
        last = session.scalars(select(Fact).order_by(Fact.seq.desc())).first()
    assert last and (last.act, last.detail) == ("audit:export", '{"after":{"person":"shenjy"}}')


def test_every_act_in_the_code_has_its_word(app: Flask) -> None:
    known, written = app.extensions["huiyin.words"].acts, re.compile(r"Entry\(\s*\"([a-z]+:[a-z_]+)\"")
    rooms = [
        path for room in ("core", "escalation", "inquiries", "portal") for path in (ROOT / room).glob("*.py")
    ]
    acts = {act for path in rooms for act in written.findall(path.read_text("utf-8"))}
    assert len(acts) > 10
    assert acts - set(known) == set()


def test_a_change_is_told_in_words(admin: FlaskClient, auditor: FlaskClient, db: Database) -> None:
    change(admin, db, "tanwj", roles=["reviewer"])
    page = auditor.get("/audit?act=person:change").text
    assert "角色 单位联络员、承办人 → 审核员" in page
