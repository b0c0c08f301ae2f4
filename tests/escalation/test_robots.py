"""What the vendors are sent by the library, and what is made of their answers. A real receiver stands in for them."""

import base64
import hashlib
import hmac
import logging
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from core.outbound import Outbound
from escalation import line, robots
from escalation.line import Answer
from escalation.route_models import ROBOTS, RouteKind
from tests.conftest import AT
from tests.escalation.receiver import Receiver
from tests.ports import free_port

TEXT = "【回音】督办 住建委 TZ0000001"
KEYS = {
    RouteKind.WECOM: "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    RouteKind.DINGTALK: "66810a8b7f1c",
    RouteKind.FEISHU: "9e3c-aa_01",
}
SECRET = "SECcanary0123456789"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "STEP", 0.5)


def send(there: Receiver, kind: RouteKind, secret: str = "", at: datetime = AT) -> Answer:
    robot = robots.Robot(kind, there.url, KEYS[kind], secret)
    return robots.send(robot, TEXT, allowed=Outbound.of(f"127.0.0.1:{there.port}@private"), at=at)


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_text_that_is_taken_is_sent(there: Receiver, kind: RouteKind) -> None:
    assert send(there, kind).ok
    assert there.numbers == ["TZ0000001"]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (RouteKind.WECOM, f"/cgi-bin/webhook/send?key={KEYS[RouteKind.WECOM]}"),
        (RouteKind.DINGTALK, f"/robot/send?access_token={KEYS[RouteKind.DINGTALK]}"),
        (RouteKind.FEISHU, f"/open-apis/bot/v2/hook/{KEYS[RouteKind.FEISHU]}"),
    ],
)
def test_the_vendors_path_stands_behind_our_base(there: Receiver, kind: RouteKind, path: str) -> None:
    send(there, kind)
    assert there.seen[0].path == path


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (RouteKind.WECOM, {"msgtype": "text", "text": {"content": TEXT}}),
        (
            RouteKind.DINGTALK,
            {"msgtype": "text", "text": {"content": TEXT}, "at": {"atMobiles": [], "isAtAll": False}},
        ),
        (RouteKind.FEISHU, {"msg_type": "text", "content": {"text": TEXT}}),
    ],
)
def test_the_body_is_what_the_vendor_documents(
    there: Receiver, kind: RouteKind, body: dict[str, object]
) -> None:
    send(there, kind)
    assert there.seen[0].json == body


def test_a_signature_of_dingtalk_can_be_checked_by_its_own_rule(there: Receiver) -> None:
    send(there, RouteKind.DINGTALK, SECRET)
    asked = parse_qs(urlsplit(there.seen[0].path).query)
    stamp = asked["timestamp"][0]
    right = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert base64.b64decode(asked["sign"][0], validate=True) == right


def test_a_signature_of_feishu_can_be_checked_by_its_own_rule(there: Receiver) -> None:
    send(there, RouteKind.FEISHU, SECRET)
    body = there.seen[0].json
    right = hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert (body["timestamp"], base64.b64decode(body["sign"])) == (str(int(AT.timestamp())), right)


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize(
    ("fault", "words"), [("500", "HTTP 500"), ("429", "HTTP 429"), ("redirect", "HTTP 302")]
)
def test_a_status_other_than_200_is_a_failure(
    there: Receiver, kind: RouteKind, fault: str, words: str
) -> None:
    there.plan = [fault]
    assert send(there, kind) == Answer(words)


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_code_in_the_body_is_a_failure(there: Receiver, kind: RouteKind) -> None:
    there.plan = ["errcode"]
    answer = send(there, kind)
    assert not answer.ok and answer.words.startswith("errcode 45009")


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize("fault", ["lost", "hang"])
def test_no_answer_may_mean_that_it_arrived(there: Receiver, kind: RouteKind, fault: str) -> None:
    there.plan = [fault]
    answer = send(there, kind)
    assert (answer.ok, answer.maybe) == (False, True)


def test_an_answer_that_is_cut_off_is_not_taken_for_a_yes(there: Receiver) -> None:
    there.plan = ["huge"]
    assert not send(there, RouteKind.WECOM).ok


def test_an_answer_that_repeats_the_key_is_scrubbed() -> None:
    assert robots.scrubbed("no such robot KEY123", "KEY123", "") == "no such robot ***"


def test_a_key_that_cannot_be_one_is_an_answer(there: Receiver) -> None:
    robot = robots.Robot(RouteKind.WECOM, there.url, "a b/../c")
    answer = robots.send(robot, TEXT, allowed=Outbound.of(f"127.0.0.1:{there.port}@private"), at=AT)
    assert (answer.ok, there.seen) == (False, [])


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_vendors_name_that_leads_inside_is_not_called(
    there: Receiver, kind: RouteKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names resolve to this machine, as after an attack on the resolver."""
    inside = [(2, 1, 6, "", ("127.0.0.1", there.port))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_asked, **_more: inside)
    host = "open.feishu.cn"
    answer = robots.send(
        robots.Robot(kind, f"https://{host}", KEYS[kind]), TEXT, allowed=Outbound.of(""), at=AT
    )
    assert (answer.words, there.seen) == (f"{host} 指向不允许的地址", [])


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize("fault", ["ok", "500", "errcode", "lost"])
def test_no_log_line_at_any_level_holds_a_key(
    there: Receiver, kind: RouteKind, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there.plan = [fault]
    send(there, kind, SECRET)
    robots.send(
        robots.Robot(kind, f"http://127.0.0.1:{free_port()}", f"{KEYS[kind]} !"),
        TEXT,
        allowed=Outbound.of(""),
        at=AT,
    )
    assert KEYS[kind] not in caplog.text and SECRET not in caplog.text


def test_a_robot_is_shown_without_its_secrets() -> None:
    shown = repr(robots.Robot(RouteKind.WECOM, "https://x", "KEY123", "SEC456"))
    assert "KEY123" not in shown and "SEC456" not in shown
