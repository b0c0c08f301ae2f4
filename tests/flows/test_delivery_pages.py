"""Routes, outbox and evidence over HTTP: what administrators, supervisors and units see and do."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import create_app
from core.config import Config
from core.db import Database
from core.people import SYSTEM, Person, Role, Unit
from core.people_service import add_person
from escalation import line
from escalation.models import Delivery, Outbox
from escalation.route_models import Route, RouteKind
from escalation.sweep import sweep
from tests.conftest import AT, KEY
from tests.escalation.receiver import Receiver
from tests.escalation.scene import MOMENTS, started
from tests.escalation.ways import KEY as ROBOT_KEY
from tests.escalation.ways import SECRET, set_route
from tests.flows.conftest import SignIn, post
from tests.people import People


@pytest.fixture
def there() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def app(db: Database, people: People, tmp_path: Any, there: Receiver) -> Iterator[Flask]:
    """The application, allowed to call the receiver; with an administrator."""
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    url = db.url.render_as_string(hide_password=False)
    hosts = f"127.0.0.1:{there.port}@private"
    made = create_app(Config(instance=tmp_path, database_url=url, key_file=key, outbound_hosts=hosts))
    with db.writing() as session:
        unit = session.scalars(select(Unit).where(Unit.id == people.supervisor.unit_id)).one()
        who = {"login": "admin1", "name": "向晓", "title": "", "unit": unit, "roles": [Role.ADMIN]}
        add_person(session, **who, by=SYSTEM, at=AT)
    yield made
    made.extensions["huiyin.db"].dispose()


def form(there: Receiver, **changes: Any) -> dict[str, Any]:
    pasted = f"{there.url}/robot/send?access_token={ROBOT_KEY}"
    typed = {"name": "督办群", "unit_id": "0", "roles": ["supervisor"], "key": pasted, "secret": SECRET}
    return typed | {"active": "y"} | changes


def dead(db: Database, people: People, there: Receiver, app: Flask) -> None:
    """A reminder to a robot that was given up."""
    with db.writing() as session:
        config = app.extensions["huiyin.config"]
        set_route(session, config, RouteKind.WECOM, there.url)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    with db.writing() as session:
        session.execute(update(Outbox).values(state=Delivery.DEAD, attempts=8, last_answer="HTTP 502"))


def test_a_pasted_robot_is_added_tested_and_answers(app: Flask, sign_in: SignIn, there: Receiver) -> None:
    admin = sign_in("admin1")
    added = post(admin, "/routes/new?kind=dingtalk", form(there))
    assert (added.status_code, added.headers["Location"]) == (303, "/routes/1")
    post(admin, "/routes/1/test")
    page = admin.get("/routes/1").text
    assert "测试消息已发出，对方回答：errcode 0" in page and "测试消息" in there.accepted[0].body


@pytest.mark.parametrize(
    ("fault", "words"), [("errcode", "errcode 45009"), ("500", "HTTP 500"), ("lost", "连接中断")]
)
def test_a_test_that_fails_shows_the_answer(
    app: Flask, sign_in: SignIn, there: Receiver, monkeypatch: pytest.MonkeyPatch, fault: str, words: str
) -> None:
    monkeypatch.setattr(line, "STEP", 0.5)
    admin, there.plan = sign_in("admin1"), [fault]
    post(admin, "/routes/new?kind=dingtalk", form(there))
    post(admin, "/routes/1/test")
    assert f"没有发成：{words}" in admin.get("/routes/1").text


def test_no_page_shows_a_secret(app: Flask, sign_in: SignIn, there: Receiver) -> None:
    admin = sign_in("admin1")
    refused = post(admin, "/routes/new?kind=dingtalk", form(there, name=""))
    post(admin, "/routes/new?kind=dingtalk", form(there))
    pages = [refused, *(admin.get(url) for url in ("/routes", "/routes/1", "/outbox"))]
    assert all(ROBOT_KEY not in page.text and SECRET not in page.text for page in pages)
    assert f"末四位 {ROBOT_KEY[-4:]}" in pages[1].text


def test_a_refused_form_says_why_beside_the_field_and_keeps_the_rest(
    app: Flask, sign_in: SignIn, there: Receiver
) -> None:
    answer = post(
        sign_in("admin1"),
        "/routes/new?kind=dingtalk",
        form(there, key="https://evil.example/robot/send?access_token=" + ROBOT_KEY),
    )
    assert answer.status_code == 422
    assert "地址不在允许的名单内：evil.example:443" in answer.text and 'value="督办群"' in answer.text


BAD: list[dict[str, Any]] = [
    {"unit_id": "99999999999"},
    {"unit_id": "x"},
    {"roles": ["admin"]},
    {"roles": []},
    {"name": "x" * 41},
    {"name": "\x00"},
    {"base": "http://[::1", "key": ROBOT_KEY},
    {"base": "x" * 301},
    {"key": "x" * 501},
    {"key": "\x00" * 20},
    {"secret": "short"},
    {"secret": "有汉字的密钥有汉字的密钥有汉字"},
]


def test_bad_input_is_refused_and_never_a_fault(app: Flask, sign_in: SignIn, there: Receiver) -> None:
    admin, address = sign_in("admin1"), "/routes/new?kind=dingtalk"
    answers = [(bad, post(admin, address, form(there, **bad)).status_code) for bad in BAD]
    assert answers == [(bad, 422) for bad in BAD]


def test_a_kind_that_does_not_exist_is_not_found(app: Flask, sign_in: SignIn) -> None:
    assert sign_in("admin1").get("/routes/new?kind=sms").status_code == 404


def test_each_kind_asks_for_the_secrets_it_has(app: Flask, sign_in: SignIn) -> None:
    admin, asks = sign_in("admin1"), {}
    for kind in RouteKind:
        page = admin.get(f"/routes/new?kind={kind.value}").text
        asks[kind.value] = [name for name in ("key", "secret") if f'name="{name}"' in page]
    both = ["key", "secret"]
    assert asks == {"email": [], "wecom": ["key"], "dingtalk": both, "feishu": both, "webhook": ["secret"]}


def test_a_route_is_changed_without_typing_its_key_again(
    app: Flask, db: Database, sign_in: SignIn, there: Receiver
) -> None:
    admin = sign_in("admin1")
    post(admin, "/routes/new?kind=dingtalk", form(there))
    same = form(there, key="", secret="", base=there.url, name="新名")
    assert post(admin, "/routes/1", same).status_code == 303
    with db.reading() as session:
        route = session.get_one(Route, 1)
    assert (route.name, route.last_four) == ("新名", ROBOT_KEY[-4:])


def test_supervisors_hear_of_dead_letters_on_desk_and_inbox(
    app: Flask, db: Database, people: People, sign_in: SignIn, there: Receiver
) -> None:
    dead(db, people, there, app)
    supervisor = sign_in(_login(db, people.supervisor.id))
    assert all("1份通知外发失败" in supervisor.get(url).text for url in ("/desk", "/inbox"))
    assert "外发失败" not in sign_in(_login(db, people.handler.id)).get("/inbox").text


def test_one_click_sends_a_dead_letter_again(
    app: Flask, db: Database, people: People, sign_in: SignIn, there: Receiver
) -> None:
    dead(db, people, there, app)
    supervisor = sign_in(_login(db, people.supervisor.id))
    assert "HTTP 502" in supervisor.get("/outbox").text
    assert post(supervisor, "/outbox/1/resend").status_code == 303
    assert "没有发送失败的通知" in supervisor.get("/outbox?state=dead").text
    with db.reading() as session:
        assert session.get_one(Outbox, 1).state is Delivery.PENDING


def test_all_dead_letters_are_sent_again_with_one_click(
    app: Flask, db: Database, people: People, sign_in: SignIn, there: Receiver
) -> None:
    dead(db, people, there, app)
    admin = sign_in("admin1")
    post(admin, "/outbox/resend-all")
    assert "1份已重新排队" in admin.get("/outbox").text


def test_a_letter_that_is_not_there_is_not_sent(app: Flask, sign_in: SignIn) -> None:
    admin = sign_in("admin1")
    assert [post(admin, f"/outbox/{n}/resend").status_code for n in (99, 2**31 - 1, 2**31)] == [303, 303, 404]


def test_the_outbox_takes_any_address(app: Flask, sign_in: SignIn) -> None:
    admin = sign_in("admin1")
    odd = ["state=x", "before=-1", "before=x", "before=99999999999", "after=0", "state=pending", "before=%00"]
    assert {query: admin.get(f"/outbox?{query}").status_code for query in odd} == dict.fromkeys(odd, 200)


def test_the_evidence_is_one_paper_for_office_and_unit(
    app: Flask, db: Database, people: People, sign_in: SignIn, there: Receiver
) -> None:
    dead(db, people, there, app)
    for person in (people.supervisor, people.handler):
        page = sign_in(_login(db, person.id)).get("/notices/TZ0000001/evidence")
        assert page.status_code == 200 and "HTTP 502" in page.text and "一致" in page.text


def test_a_number_that_is_none_is_not_found(
    app: Flask, db: Database, people: People, sign_in: SignIn
) -> None:
    supervisor = sign_in(_login(db, people.supervisor.id))
    odd = ["TZ0000002", "TZ1", "x", "TZ99999999999999", "TZ%00", "TZ０００００01"]
    assert [supervisor.get(f"/notices/{number}/evidence").status_code for number in odd] == [404] * len(odd)


def test_the_evidence_of_another_unit_is_not_found(
    app: Flask, db: Database, people: People, sign_in: SignIn, there: Receiver
) -> None:
    dead(db, people, there, app)
    assert sign_in(_login(db, people.stranger.id)).get("/notices/TZ0000001/evidence").status_code == 404


def _login(db: Database, person_id: int | None) -> str:
    with db.reading() as session:
        return session.get_one(Person, person_id).login
