"""A signed webhook, checked by the rule that docs/webhook.md gives to the other side."""

import hashlib
import hmac

import pytest

from core.outbound import Outbound
from escalation import webhook
from escalation.line import Answer
from tests.conftest import AT
from tests.escalation.receiver import Message, Receiver

SECRET = "whsec-canary-0123456789"


def send(there: Receiver) -> Answer:
    hook = webhook.Hook(f"{there.url}/huiyin", SECRET)
    allowed = Outbound.of(f"127.0.0.1:{there.port}@private")
    return webhook.send(hook, {"notices": [{"number": "TZ0000001"}]}, key="batch1", allowed=allowed, at=AT)


def genuine(message: Message, secret: str) -> bool:
    stamp, body = message.headers["X-Huiyin-Timestamp"], message.body.encode()
    right = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(message.headers["X-Huiyin-Signature"], f"sha256={right}")


def test_the_other_side_can_check_the_signature(there: Receiver) -> None:
    send(there)
    assert genuine(there.seen[0], SECRET) and not genuine(there.seen[0], "another secret")


def test_a_changed_body_is_not_genuine(there: Receiver) -> None:
    send(there)
    seen = there.seen[0]
    assert not genuine(Message(seen.path, seen.headers, seen.body.replace("1", "2"), "ok"), SECRET)


def test_the_key_of_the_batch_and_the_time_are_sent(there: Receiver) -> None:
    send(there)
    headers = there.seen[0].headers
    assert (headers["Idempotency-Key"], headers["X-Huiyin-Timestamp"]) == ("batch1", str(int(AT.timestamp())))


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("ok", Answer("HTTP 200", ok=True)),
        ("500", Answer("HTTP 500")),
        ("429", Answer("HTTP 429")),
        ("redirect", Answer("HTTP 302")),
        ("lost", Answer("连接中断，没有收到回答", maybe=True)),
    ],
)
def test_the_answer_decides(there: Receiver, fault: str, answer: Answer) -> None:
    there.plan = [fault]
    assert send(there) == answer


def test_the_secret_itself_is_not_sent(there: Receiver) -> None:
    send(there)
    assert SECRET not in f"{there.seen[0].headers}{there.seen[0].body}"
