"""Ways outside as an administrator sets them; the canary: a secret is found nowhere but sealed."""

import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from core.config import Config
from core.db import Base, Database
from core.facts import Fact
from core.outbound import Outbound
from core.people import Role
from core.people_service import Refused
from core.vault import Vault
from escalation import routes, trial
from escalation.courier import carry
from escalation.line import Answer
from escalation.outbox import deliver
from escalation.pace import PER_MINUTE
from escalation.route_forms import Pasted, form_of, read_pasted
from escalation.route_models import ROBOTS, OutboxTarget, Route, RouteKind
from escalation.routes import Wish
from escalation.sweep import sweep
from tests.conftest import AT
from tests.escalation.receiver import Receiver
from tests.escalation.scene import MOMENTS, started
from tests.escalation.ways import EVERY, KEY, SECRET, config_of, rows, set_route
from tests.people import People

WECOM = "https://qyapi.weixin.qq.com"
WISH = Wish("督办群", [Role.SUPERVISOR], key=KEY, secret=SECRET)
VENDORS = Outbound.of("oa.yunyang.example@private, evil.example")


@pytest.fixture
def config(there: Receiver, tmp_path: Path) -> Config:
    return config_of(tmp_path, there=there)


def added(db: Database, people: People, kind: RouteKind = RouteKind.DINGTALK, wish: Wish = WISH) -> int:
    with db.writing() as session:
        return routes.add(session, kind, wish, allowed=VENDORS, by=people.supervisor, at=AT).id


def changed(db: Database, people: People, route_id: int, wish: Wish) -> None:
    with db.writing() as session:
        route = session.get_one(Route, route_id)
        routes.change(session, route, wish, allowed=VENDORS, by=people.supervisor, at=AT)


def way(db: Database, route_id: int) -> tuple[str, str, str]:
    with db.reading() as session:
        found = routes.way_of(session, session.get_one(Route, route_id))
        return found.address, found.key, found.secret


def test_a_robot_goes_to_its_vendor_unless_an_address_is_given(db: Database, people: People) -> None:
    assert way(db, added(db, people)) == ("https://oapi.dingtalk.com", KEY, SECRET)


def test_a_private_deployment_has_its_own_address(db: Database, people: People) -> None:
    wish = Wish("群", EVERY, "http://oa.yunyang.example/", KEY)
    assert way(db, added(db, people, wish=wish))[0] == "http://oa.yunyang.example"


def test_only_the_last_four_of_a_key_are_kept_in_clear(db: Database, people: People) -> None:
    route_id = added(db, people)
    with db.reading() as session:
        route = session.get_one(Route, route_id)
    assert route.last_four == KEY[-4:] and KEY.encode() not in route.sealed


def test_a_secret_that_is_not_typed_again_stays(db: Database, people: People) -> None:
    route_id = added(db, people)
    changed(db, people, route_id, Wish("新名", EVERY))
    assert way(db, route_id)[1:] == (KEY, SECRET)


def test_a_new_address_does_not_get_the_old_secrets(db: Database, people: People) -> None:
    """Else an administrator could have the vendor's key sent to a machine of his own."""
    route_id = added(db, people)
    with pytest.raises(Refused, match="重填"):
        changed(db, people, route_id, Wish("督办群", EVERY, "https://evil.example"))
    assert way(db, route_id)[0] == "https://oapi.dingtalk.com"


def test_a_secret_moved_to_another_row_cannot_be_opened(db: Database, people: People) -> None:
    one, two = added(db, people), added(db, people, wish=Wish("另一群", EVERY, key="another-key-0123456"))
    with db.writing() as session:
        session.get_one(Route, two).sealed = session.get_one(Route, one).sealed
    assert way(db, two)[1:] == ("", "")


@pytest.mark.parametrize(
    ("kind", "wish", "field"),
    [
        (RouteKind.WECOM, Wish("a", [], key=KEY), "roles"),
        (RouteKind.WECOM, Wish("a", EVERY), "key"),
        (RouteKind.WEBHOOK, Wish("a", EVERY, "https://evil.example/x"), "secret"),
        (RouteKind.WEBHOOK, Wish("a", EVERY, "https://not-listed.example/x", secret=SECRET), "base"),
        (RouteKind.WEBHOOK, Wish("a", EVERY, "http://evil.example/x", secret=SECRET), "base"),
        (RouteKind.WEBHOOK, Wish("a", EVERY, "", secret=SECRET), "base"),
        (RouteKind.FEISHU, Wish("a", EVERY, "https://169.254.169.254", KEY), "base"),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(
    db: Database, people: People, kind: RouteKind, wish: Wish, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        added(db, people, kind, wish)
    assert refusal.value.field == field


def test_two_routes_of_one_name_are_refused(db: Database, people: People) -> None:
    added(db, people)
    with pytest.raises(Refused, match="同名"):
        added(db, people, RouteKind.WECOM)


def test_each_act_is_one_fact(db: Database, people: People) -> None:
    route_id = added(db, people)
    changed(db, people, route_id, Wish("新名", EVERY, key=KEY))
    with db.writing() as session:
        route = session.get_one(Route, route_id)
        routes.tried(session, route, Answer("errcode 0", ok=True), by=people.supervisor, at=AT)
    with db.reading() as session:
        acts = list(
            session.scalars(select(Fact.act).where(Fact.subject == f"route:{route_id}").order_by(Fact.seq))
        )
    assert acts == ["route:add", "route:change", "route:test"]


@pytest.mark.parametrize("kind", [*ROBOTS, RouteKind.WEBHOOK])
def test_a_test_message_arrives(
    db: Database, people: People, config: Config, there: Receiver, kind: RouteKind
) -> None:
    with db.writing() as session:
        route = session.get_one(Route, set_route(session, config, kind, there.url))
        sent = trial.prepare(session, route, config, by=people.supervisor, at=AT)
    assert carry(*sent, config, at=AT).ok and len(there.accepted) == 1


def test_a_test_message_counts_against_the_limit_of_the_robot(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    with db.writing() as session:
        route = session.get_one(Route, set_route(session, config, RouteKind.WECOM, there.url))
        session.add(OutboxTarget(target=route.target, recent=" ".join([AT.isoformat()] * PER_MINUTE)))
    with pytest.raises(Refused, match="18"), db.writing() as session:
        trial.prepare(session, session.get_one(Route, route.id), config, by=people.supervisor, at=AT)


def test_a_test_mail_needs_a_server_and_an_address_of_ones_own(
    db: Database, people: People, config: Config
) -> None:
    with db.writing() as session:
        route = session.get_one(Route, set_route(session, config, RouteKind.EMAIL))
        with pytest.raises(Refused, match="HUIYIN_SMTP_URL"):
            trial.prepare(session, route, config, by=people.supervisor, at=AT)


@pytest.mark.parametrize(
    ("kind", "text", "base"),
    [
        (RouteKind.WECOM, f"{WECOM}/cgi-bin/webhook/send?key={KEY}", WECOM),
        (
            RouteKind.DINGTALK,
            f"https://oapi.dingtalk.com/robot/send?access_token={KEY}",
            "https://oapi.dingtalk.com",
        ),
        (RouteKind.FEISHU, f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}", "https://open.feishu.cn"),
        (
            RouteKind.WECOM,
            f"http://10.1.2.3:8080/wx/cgi-bin/webhook/send?key={KEY}",
            "http://10.1.2.3:8080/wx",
        ),
    ],
)
def test_the_whole_address_of_a_robot_can_be_pasted(kind: RouteKind, text: str, base: str) -> None:
    assert read_pasted(kind, text) == Pasted(base, KEY)


@pytest.mark.parametrize(
    "text",
    [
        "https://oapi.dingtalk.com/robot/send?access_token=abc",
        "https://[::1",
        "https:///cgi-bin/webhook/send?key=a",
        "x/y",
    ],
)
def test_an_address_of_another_kind_is_not_read(text: str) -> None:
    assert read_pasted(RouteKind.WECOM, text) is None


def typed(kind: RouteKind, **fields: Any) -> Any:
    return form_of(
        kind, [], MultiDict({"name": "群", "unit_id": "0", "roles": "supervisor", "active": "y"} | fields)
    )


@pytest.mark.parametrize(
    "key", ["short", "有汉字的密钥0123456789", "a b c d e f g h i j k", "https://example.cn/", "x" * 200]
)
def test_a_key_that_cannot_be_one_is_refused_in_the_form(key: str) -> None:
    assert not typed(RouteKind.WECOM, key=key).validate()


@pytest.mark.parametrize("field", ["key", "secret"])
def test_dingtalk_hands_out_letters_and_digits_only(field: str) -> None:
    assert not typed(RouteKind.DINGTALK, **{"key": KEY, field: "SEC-with-a-dash-0123456"}).validate()


def test_a_form_never_shows_a_secret_that_was_typed() -> None:
    form = typed(RouteKind.DINGTALK, key=KEY, secret=SECRET)
    form.validate()
    assert KEY not in str(form.key()) and SECRET not in str(form.secret())


def test_a_secret_is_found_nowhere(
    db: Database, people: People, config: Config, there: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything that a route does, with every fault; then every table and every log line is searched."""
    caplog.set_level(logging.DEBUG)
    with db.writing() as session:
        for kind in (*ROBOTS, RouteKind.WEBHOOK):
            set_route(session, config, kind, there.url)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    there.plan = ["errcode", "500", "lost", "429"]
    while deliver(db, config, at=MOMENTS["remind"]).claimed:
        pass
    text = caplog.text + dump(db)
    assert rows(db)[0].last_answer in text
    assert KEY not in text and SECRET not in text


def dump(db: Database) -> str:
    """All that the database holds, as text."""
    with db.engine.connect() as connection:
        found = [
            tuple(row) for table in Base.metadata.sorted_tables for row in connection.execute(select(table))
        ]
    return repr(found)


def test_another_master_key_sends_nothing_and_says_so(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    with db.writing() as session:
        set_route(session, config, RouteKind.WECOM, there.url)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    db.vault = Vault(bytes(32))
    assert deliver(db, config, at=MOMENTS["remind"]).failed == 1
    assert (there.seen, rows(db)[0].last_answer) == ([], "密钥的写法不对，没有发出")
