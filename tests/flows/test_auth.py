"""Signing in, one's own password, and what ends a session (GB/T 22239-2019 8.1.4.1)."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from core import signin
from core.clock import now
from core.db import Database
from core.facts import Fact
from core.people import SYSTEM, LoginSession, Person
from core.people_service import reset_password
from tests.flows.conftest import TOKEN, SignIn, post

WRONG = "登录名或密码不对"
LOCKED = "尝试次数过多"
CHOSEN = "晴天Rivers-2026"


@pytest.fixture
def one_time(app: Flask, db: Database) -> str:
    """The one-time password of the operator."""
    with db.writing() as session:
        person = session.scalars(select(Person).where(Person.login == "zhouxq")).one()
        return reset_password(session, person, by=SYSTEM, at=now())


def enter(client: FlaskClient, login: str, password: str, url: str = "/login") -> TestResponse:
    found = TOKEN.search(client.get(url).text)
    assert found
    return client.post(url, data={"csrf_token": found.group(1), "login": login, "password": password})


def change(client: FlaskClient, old: str, new: str, again: str | None = None) -> TestResponse:
    return post(client, "/password", {"old": old, "new": new, "again": new if again is None else again})


def acts(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Fact.act).order_by(Fact.seq)))


def test_the_right_password_opens_the_site(app: Flask, one_time: str) -> None:
    client = app.test_client()
    assert enter(client, "zhouxq", one_time).status_code == 303
    assert client.get("/password").status_code == 200


def test_the_login_name_is_read_without_case_and_spaces(app: Flask, one_time: str) -> None:
    assert enter(app.test_client(), " ZhouXQ ", one_time).status_code == 303


def test_sign_in_returns_to_the_page_that_was_asked_for(app: Flask, one_time: str) -> None:
    answer = enter(app.test_client(), "zhouxq", one_time, "/login?next=/cases?q%3D1")
    assert answer.headers["Location"] == "/cases?q=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%09/evil.example",
    ],
)
def test_sign_in_never_leads_off_the_site(app: Flask, one_time: str, target: str) -> None:
    answer = enter(app.test_client(), "zhouxq", one_time, f"/login?next={target}")
    assert answer.headers["Location"] == "/"


def test_unknown_names_and_wrong_passwords_get_the_same_page(app: Flask, one_time: str) -> None:
    known = enter(app.test_client(), "zhouxq", "wrong-password")
    unknown = enter(app.test_client(), "nobody", "wrong-password")
    assert (known.status_code, unknown.status_code) == (422, 422)
    assert TOKEN.sub("", known.text).replace("zhouxq", "nobody") == TOKEN.sub("", unknown.text)
    assert WRONG in known.text


def test_a_refused_sign_in_keeps_the_name_and_drops_the_password(app: Flask, one_time: str) -> None:
    page = enter(app.test_client(), "zhouxq", "wrong-password").text
    assert 'value="zhouxq"' in page
    assert "wrong-password" not in page


def test_the_sixth_try_is_refused_even_with_the_right_password(app: Flask, one_time: str) -> None:
    for spelling in ("zhouxq", "ZHOUXQ", " zhouxq", "zhouxq ", "Zhouxq"):
        assert WRONG in enter(app.test_client(), spelling, "wrong-password").text
    assert LOCKED in enter(app.test_client(), "zhouxq", one_time).text


def test_an_unknown_name_is_locked_like_a_known_one(app: Flask, one_time: str) -> None:
    for _ in range(5):
        enter(app.test_client(), "nobody", "wrong-password")
    assert LOCKED in enter(app.test_client(), "nobody", "wrong-password").text


def test_a_new_password_from_the_administrator_ends_the_lock(app: Flask, db: Database, one_time: str) -> None:
    for _ in range(5):
        enter(app.test_client(), "zhouxq", "wrong-password")
    with db.writing() as session:
        person = session.scalars(select(Person).where(Person.login == "zhouxq")).one()
        fresh = reset_password(session, person, by=SYSTEM, at=now())
    assert enter(app.test_client(), "zhouxq", fresh).status_code == 303


def test_signing_in_gives_back_the_tries(app: Flask, one_time: str) -> None:
    for _ in range(2):
        for _ in range(4):
            enter(app.test_client(), "zhouxq", "wrong-password")
        assert enter(app.test_client(), "zhouxq", one_time).status_code == 303


def test_every_try_is_a_fact_and_no_fact_holds_what_was_typed(
    app: Flask, db: Database, one_time: str
) -> None:
    enter(app.test_client(), "my-secret-typed-as-name", "wrong-password")
    enter(app.test_client(), "zhouxq", "wrong-password")
    assert acts(db)[-2:] == ["person:login_failed", "person:login_failed"]
    with db.reading() as session:
        rows = [f"{fact.by_name}{fact.subject}{fact.detail}" for fact in session.scalars(select(Fact))]
    assert not [row for row in rows if "secret" in row or "wrong-password" in row]


@pytest.mark.parametrize(
    ("login", "password", "reason"),
    [
        ("", "x", "请填写登录名"),
        ("zhouxq", "", "请填写密码"),
        ("\0", "x", "请填写登录名"),
        ("a\0b", "x\0", WRONG),
        ("字" * 65, "x", "登录名最多64个字"),
        ("zhouxq", "x" * 201, "密码最多200位"),
    ],
)
def test_odd_input_is_refused_in_words(app: Flask, login: str, password: str, reason: str) -> None:
    answer = enter(app.test_client(), login, password)
    assert answer.status_code == 422
    assert reason in answer.text


def test_a_one_time_password_leads_to_the_password_page_first(app: Flask, one_time: str) -> None:
    client = app.test_client()
    enter(client, "zhouxq", one_time)
    assert client.get("/people").headers["Location"] == "/password"
    assert "这是一次性密码" in client.get("/password").text


def test_a_chosen_password_opens_the_rest_at_once(app: Flask, one_time: str) -> None:
    client = app.test_client()
    enter(client, "zhouxq", one_time)
    assert change(client, one_time, CHOSEN).headers["Location"] == "/"
    assert "这是一次性密码" not in client.get("/password").text


def test_a_new_password_ends_the_other_browsers(app: Flask, sign_in: SignIn, one_time: str) -> None:
    other, client = sign_in("zhouxq"), sign_in("zhouxq")
    change(client, one_time, CHOSEN)
    assert client.get("/password").status_code == 200
    assert other.get("/password").headers["Location"] == "/login?next=/password"


@pytest.mark.parametrize(
    ("new", "again", "reason"),
    [
        ("Short-1", None, "至少12位，还差5位"),
        ("onlyletterslong", None, "至少要有三种"),
        ("Zhouxq-2026-ok", None, "不能包含登录名"),
        ("Password-2026-ok", None, "最先被猜到"),
        (CHOSEN, "another", "两次输入的新密码不一样"),
        ("x" * 201, None, "密码最多200位"),
    ],
)
def test_a_weak_password_is_refused_beside_its_field(
    sign_in: SignIn, one_time: str, new: str, again: str | None, reason: str
) -> None:
    answer = change(sign_in("zhouxq"), one_time, new, again)
    assert answer.status_code == 422
    assert reason in answer.text


def test_the_old_password_cannot_be_the_new_one(app: Flask, one_time: str) -> None:
    client = app.test_client()
    enter(client, "zhouxq", one_time)
    assert "新密码不能与现在的密码相同" in change(client, one_time, one_time).text


def test_a_signed_in_browser_cannot_guess_the_old_password(sign_in: SignIn, one_time: str) -> None:
    client = sign_in("zhouxq")
    for _ in range(5):
        assert "现在的密码不对" in change(client, "guess-guess", CHOSEN).text
    assert LOCKED in change(client, one_time, CHOSEN).text


def test_signing_in_again_ends_the_session_before(app: Flask, sign_in: SignIn, one_time: str) -> None:
    client, thief = sign_in("zhouxq"), app.test_client()
    with client.session_transaction() as cookie, thief.session_transaction() as stolen:
        stolen["sid"] = cookie["sid"]
    enter(client, "zhouxq", one_time)
    assert thief.get("/password").status_code == 303


def test_a_cookie_from_before_the_sign_in_is_worth_nothing(app: Flask, one_time: str) -> None:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"], cookie["planted"] = "chosen-by-a-stranger", "1"
    enter(client, "zhouxq", one_time)
    with client.session_transaction() as cookie:
        assert cookie["sid"] != "chosen-by-a-stranger"
        assert "planted" not in cookie


def test_logging_out_ends_the_session_on_the_server(app: Flask, sign_in: SignIn) -> None:
    client, thief = sign_in("zhouxq"), app.test_client()
    with client.session_transaction() as cookie, thief.session_transaction() as stolen:
        stolen["sid"] = cookie["sid"]
    assert post(client, "/logout").headers["Location"] == "/login"
    assert thief.get("/password").status_code == 303


@pytest.mark.parametrize(("column", "ago"), [("seen_at", signin.IDLE), ("started_at", signin.LONGEST)])
def test_a_session_ends_when_idle_and_at_its_longest(
    db: Database, sign_in: SignIn, column: str, ago: timedelta
) -> None:
    client = sign_in("zhouxq")
    with db.writing() as session:
        session.execute(update(LoginSession).values({column: now() - ago - timedelta(seconds=1)}))
    assert client.get("/password").status_code == 303


def test_use_keeps_a_session_alive(db: Database, sign_in: SignIn) -> None:
    client, before = sign_in("zhouxq"), now() - timedelta(minutes=29)
    with db.writing() as session:
        session.execute(update(LoginSession).values(seen_at=before))
    client.get("/password")
    with db.reading() as session:
        assert session.scalars(select(LoginSession.seen_at)).one() > before


def test_a_person_switched_off_is_out_at_the_next_request(db: Database, sign_in: SignIn) -> None:
    client = sign_in("zhouxq")
    with db.writing() as session:
        session.execute(update(Person).values(active=False))
    assert client.get("/password").status_code == 303


def test_the_fragment_of_a_lapsed_session_sends_the_whole_page_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get("/password", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_preferences_are_kept_by_the_browser(app: Flask) -> None:
    client = app.test_client()
    token = TOKEN.search(client.get("/login").text)
    assert token
    data = {"csrf_token": token.group(1), "theme": "dark", "text_size": "large", "next": "/login"}
    assert client.post("/prefs", data=data).headers["Location"] == "/login"
    assert 'data-bs-theme="dark" data-text="large"' in client.get("/login").text


def test_unknown_preferences_are_not_kept(app: Flask) -> None:
    client = app.test_client()
    token = TOKEN.search(client.get("/login").text)
    assert token
    answer = client.post(
        "/prefs", data={"csrf_token": token.group(1), "theme": "<b>", "next": "//evil.example"}
    )
    assert answer.headers["Location"] == "/"
    assert "theme=" not in str(answer.headers)


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    assert app.test_client().post("/login", data={"login": "a", "password": "b"}).status_code == 400


def test_a_post_from_another_site_is_refused(sign_in: SignIn) -> None:
    answer = post(sign_in("zhouxq"), "/logout", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
