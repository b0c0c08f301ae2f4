"""Who may open what. The table below is written by hand and read by people; the code must follow it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app import create_app
from core import migrate, signin
from core.clock import now
from core.config import Config
from core.people import SYSTEM, Actor, Person, Role, UnitKind
from core.people_service import add_person, add_unit
from core.permits import GRANTS, Permit, may

# o operator, d dispatcher, h handler, c contact, l leader, s supervisor, w watch, r reviewer, u auditor, a admin
LETTERS = dict(zip("odhclswrua", Role, strict=True))
CASEWORK, ALL = "odhclswr", "odhclswrua"

# every GET address without a part that varies: (whose pages it is, the status they get)
TABLE: dict[str, tuple[str, int]] = {
    "/absence": (ALL, 200),
    "/audit": ("u", 200),
    "/audit/export.csv": ("u", 200),
    "/audit/verify": ("u", 200),
    "/calendar": (CASEWORK, 200),
    "/calendar/feed": (CASEWORK, 200),
    "/calendar/load": (CASEWORK, 200),
    "/calendar/local": ("s", 200),
    "/calendar/what-if": (CASEWORK, 200),
    "/cases": (CASEWORK, 200),
    "/cases/ledger": ("odhcls", 200),
    "/desk": (CASEWORK, 200),
    "/desk/lights": (CASEWORK, 200),
    "/desk/notices": (CASEWORK, 200),
    "/duties": (CASEWORK, 200),
    "/duties/clauses": (CASEWORK, 200),
    "/duties/consultations": (CASEWORK, 200),
    "/duties/consultations/new": ("odhcls", 200),
    "/duties/phones": (CASEWORK, 200),
    "/duties/proposals": ("s", 200),
    "/duties/quotas": (CASEWORK, 200),
    "/duties/review": (CASEWORK, 200),
    "/duties/units": (CASEWORK, 200),
    "/home": (ALL, 303),
    "/inbox": (ALL, 200),
    "/intake": ("ods", 200),
    "/outbox": ("sa", 200),
    "/papers": ("hclsw", 200),
    "/papers/new": ("s", 200),
    "/password": (ALL, 200),
    "/people": ("a", 200),
    "/people/new": ("a", 200),
    "/people/units": ("a", 200),
    "/people/units/new": ("a", 200),
    "/routes": ("a", 200),
    "/routes/new": ("a", 200),
    "/reports/scores": ("hcls", 200),
    "/reports/scores/export.xlsx": ("hcls", 200),
    "/reports/scores/freeze": ("s", 200),
    "/reports/scores/frozen": ("hcls", 200),
}
PUBLIC: dict[str, int] = {
    "/": 303,
    "/calculator": 200,
    "/healthz": 200,
    "/letters/new": 200,
    "/login": 200,
    "/query": 200,
    "/readyz": 503,  # no sweep has run in this test
}
# a POST without any part that varies: who gets past the guard
POSTS: dict[str, str] = {
    "/absence": ALL,
    "/calendar/confirm": "s",
    "/calendar/feed": CASEWORK,
    "/calendar/local": "s",
    "/calendar/parse": "s",
    "/duties/consultations/new": CASEWORK,
    "/duties/phones": "s",
    "/duties/proposals": "s",
    "/inbox/read-all": ALL,
    "/intake": "ods",
    "/intake/draft": "ods",
    "/intake/help": "ods",
    "/intake/unit": "ods",
    "/logout": ALL,
    "/outbox/resend-all": "sa",
    "/papers/new": "s",
    "/password": ALL,
    "/people/new": "a",
    "/people/units/new": "a",
    "/routes/new": "a",
    "/reports/scores/freeze": "s",
}
BY_KEY = ["/feed/<token>/due.ics"]  # calendar programs cannot sign in: the address is the key
PUBLIC_POSTS = {"/letters/new", "/login", "/prefs", "/query"}
PUBLIC_VARYING = {"/feed/<token>/due.ics"}  # a calendar program cannot sign in: the token is the key

Browser = Callable[[Role], FlaskClient]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over an empty county with one person for each role."""
    folder: Path = tmp_path_factory.mktemp("permits")
    made = create_app(Config(instance=folder))
    made.config["WTF_CSRF_ENABLED"] = False
    db = made.extensions["huiyin.db"]
    migrate.upgrade(db)
    with db.writing() as session:
        more = {"short_name": "", "kind": UnitKind.OFFICE, "by": SYSTEM, "at": now()}
        unit = add_unit(session, code="office", name="县府办", **more)
        for role in Role:
            made_person, _password = add_person(
                session,
                login=role.value,
                name=role.label,
                title="",
                unit=unit,
                roles=[role],
                by=SYSTEM,
                at=now(),
            )
            made_person.must_change = False
    yield made
    db.dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser signed in as somebody who holds this one role."""

    def enter(role: Role) -> FlaskClient:
        client, db = app.test_client(), app.extensions["huiyin.db"]
        with db.writing() as session:
            person = session.scalars(select(Person).where(Person.login == role.value)).one()
            token = signin.open_session(session, person, at=now())
        with client.session_transaction() as cookie:
            cookie["sid"] = token
        return client

    return enter


def plain(app: Flask, method: str) -> dict[str, Rule]:
    """Routes of one method without a part that varies."""
    return {
        rule.rule: rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.arguments and rule.endpoint != "static"
    }


def holders(letters: str) -> set[Role]:
    return {LETTERS[letter] for letter in letters}


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "permit")
    ]
    assert silent == []


def test_every_permit_is_held_by_somebody() -> None:
    assert set(GRANTS) == set(Permit)
    assert [permit for permit, roles in GRANTS.items() if not roles] == []


def test_every_permit_guards_something(app: Flask) -> None:
    used = {getattr(view, "permit", None) for view in app.view_functions.values()}
    assert set(Permit) - used == set()


def test_administrators_and_auditors_keep_out_of_the_cases() -> None:
    for permit in (Permit.DESK, Permit.INTAKE, Permit.CASES, Permit.ACT, Permit.REVEAL):
        assert GRANTS[permit].isdisjoint({Role.ADMIN, Role.AUDITOR})


def test_the_tables_name_every_address(app: Flask) -> None:
    assert sorted(plain(app, "GET")) == sorted([*TABLE, *PUBLIC])
    assert sorted(plain(app, "POST")) == sorted([*POSTS, *PUBLIC_POSTS])


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_pages_and_no_other(app: Flask, browser: Browser, role: Role) -> None:
    client = browser(role)
    expected = {url: status if role in holders(letters) else 404 for url, (letters, status) in TABLE.items()}
    assert {url: client.get(url).status_code for url in TABLE} == expected


@pytest.mark.parametrize("role", Role)
def test_each_role_sends_its_forms_and_no_other(app: Flask, browser: Browser, role: Role) -> None:
    """A view may answer 404 to an empty form, so who gets past the guard is asked of the guard itself."""
    somebody, views = Actor(None, "", roles=frozenset({role})), plain(app, "POST")
    passes = {url: may(somebody, app.view_functions[views[url].endpoint].permit) for url in POSTS}  # type: ignore[attr-defined]
    assert passes == {url: role in holders(letters) for url, letters in POSTS.items()}
    answers = {url: browser(role).post(url).status_code for url in POSTS if not passes[url]}
    assert answers == dict.fromkeys(answers, 404)


@pytest.mark.parametrize("url", TABLE)
def test_a_stranger_is_sent_to_sign_in(app: Flask, url: str) -> None:
    answer = app.test_client().get(url)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next={url}")


@pytest.mark.parametrize("url", POSTS)
def test_a_strangers_form_is_sent_to_sign_in(app: Flask, url: str) -> None:
    answer = app.test_client().post(url)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


@pytest.mark.parametrize(("url", "status"), PUBLIC.items())
def test_a_public_page_asks_nobody_to_sign_in(app: Flask, url: str, status: int) -> None:
    assert app.test_client().get(url).status_code == status


def test_a_route_that_varies_is_guarded_too(app: Flask) -> None:
    client, open_to_all = app.test_client(), []
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint == "static":
            continue
        url = rule.build({name: 1 for name in rule.arguments})
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = client.open(url[1] if url else "", method=method)
        if not (answer.status_code == 303 and answer.headers["Location"].startswith("/login")):
            open_to_all.append(rule.rule)
    assert open_to_all == BY_KEY
