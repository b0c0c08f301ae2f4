"""One message over HTTP against a server that does what networks do."""

import time
from pathlib import Path

import pytest

from core.outbound import Outbound
from escalation import line
from escalation.line import Trouble, post
from tests.escalation.certificates import make
from tests.escalation.receiver import Receiver
from tests.ports import free_port


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "STEP", 0.5)
    monkeypatch.setattr(line, "WHOLE", 1.0)


def send(there: Receiver, **headers: str) -> line.Reply:
    allowed = Outbound.of(f"127.0.0.1:{there.port}@private")
    return post(f"{there.url}/hook?key=secret", b"TZ0000001", headers, allowed=allowed)


def test_a_message_arrives_whole(there: Receiver) -> None:
    assert send(there, **{"Idempotency-Key": "k"}).status == 200
    assert [(m.path, m.body, m.key) for m in there.seen] == [("/hook?key=secret", "TZ0000001", "k")]


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("429", 429), ("redirect", 302)])
def test_a_refusal_is_a_reply(there: Receiver, fault: str, status: int) -> None:
    there.plan = [fault]
    assert send(there).status == status


def test_a_redirect_is_not_followed(there: Receiver) -> None:
    there.plan = ["redirect"]
    send(there)
    assert [message.path for message in there.seen] == ["/hook?key=secret"]


@pytest.mark.parametrize("fault", ["lost", "hang", "drip"])
def test_silence_after_writing_may_mean_that_it_arrived(there: Receiver, fault: str) -> None:
    there.plan = [fault]
    with pytest.raises(Trouble) as trouble:
        send(there)
    assert trouble.value.answer.maybe


def test_a_server_that_drips_is_cut_off(there: Receiver) -> None:
    there.plan, begun = ["drip"], time.monotonic()
    with pytest.raises(Trouble):
        send(there)
    assert time.monotonic() - begun < 5


def test_of_a_huge_answer_only_the_beginning_is_read(there: Receiver) -> None:
    there.plan = ["huge"]
    assert len(send(there).content) == line.LARGEST


def test_nobody_there_means_that_nothing_arrived() -> None:
    port = free_port()
    with pytest.raises(Trouble) as trouble:
        post(f"http://127.0.0.1:{port}/", b"x", {}, allowed=Outbound.of(f"127.0.0.1:{port}@private"))
    assert not trouble.value.answer.maybe


def test_a_certificate_of_nobody_we_trust_is_refused(tmp_path: Path) -> None:
    with Receiver(tls=make(tmp_path)[0]) as there, pytest.raises(Trouble, match="证书不可信"):
        send(there)
    assert there.seen == []


def test_a_certificate_for_another_host_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, authority = make(tmp_path, address="127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with Receiver(tls=context) as there, pytest.raises(Trouble, match="证书不可信"):
        send(there)


def test_the_authority_of_a_county_can_be_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, authority = make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with Receiver(tls=context) as there:
        assert send(there).status == 200


def test_a_host_that_is_not_allowed_hears_nothing(there: Receiver) -> None:
    with pytest.raises(Trouble, match="名单"):
        post(f"{there.url}/", b"x", {}, allowed=Outbound.of(""))
    assert there.seen == []


def test_what_failed_is_said_without_the_address(there: Receiver) -> None:
    there.plan = ["lost"]
    with pytest.raises(Trouble) as trouble:
        send(there)
    assert "secret" not in f"{trouble.value} {trouble.value.__cause__} {trouble.value.answer}"
