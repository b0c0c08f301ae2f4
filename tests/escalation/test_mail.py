"""The talk with a mail server that falls silent, hangs up, or is not who it says, at each step of it."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from escalation import mail
from escalation.line import Answer
from tests.escalation.certificates import make
from tests.ports import free_port

TALK = {"banner": "220 here", "EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on"}
TALK |= {".": "250 taken", "QUIT": "221 bye"}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.4)
    monkeypatch.setattr(mail, "WHOLE", 1.5)


@contextmanager
def server(tls: ssl.SSLContext | None = None, **says: str) -> Iterator[int]:
    """A mail server that says these words; "" is silence for ever, "bye" hanging up, "drip" a byte now and then."""
    words, ended = TALK | says, threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        talk = threading.Thread(target=_talk, args=(listening, tls, words, ended))
        talk.start()
        yield listening.getsockname()[1]
        ended.set()
        talk.join()


def _talk(
    listening: socket.socket, tls: ssl.SSLContext | None, words: dict[str, str], ended: threading.Event
) -> None:
    listening.settimeout(3)
    with contextlib.suppress(OSError):
        connection, _address = listening.accept()
        with connection:
            connection.settimeout(3)
            spoken = tls.wrap_socket(connection, server_side=True) if tls else connection
            with spoken, spoken.makefile("rb") as lines:
                _say(spoken, words["banner"], ended)
                for line in lines:
                    verb = line.decode().strip()[:4].upper() if line.strip() != b"." else "."
                    if verb in words:
                        _say(spoken, words[verb], ended)


def _say(spoken: socket.socket, words: str, ended: threading.Event) -> None:
    if words == "bye":
        raise OSError
    if words == "drip":
        while not ended.wait(0.1):
            spoken.send(b"2")
    elif words == "":
        ended.wait(5)
    else:
        spoken.sendall(f"{words}\r\n".encode())


def send(port: int, scheme: str = "smtp") -> Answer:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@yunyang.example", "b@yunyang.example", "通知"
    letter.set_content("TZ0000001")
    return mail.send(f"{scheme}://127.0.0.1:{port}", letter)


def test_a_letter_that_is_taken_is_sent() -> None:
    with server() as port:
        assert send(port) == Answer("SMTP 250", ok=True)


@pytest.mark.parametrize(("step", "code"), [("MAIL", 451), ("DATA", 554), (".", 552), ("banner", 421)])
def test_a_refusal_is_kept_with_its_code(step: str, code: int) -> None:
    with server(**{step: f"{code} no"}) as port:
        assert send(port) == Answer(f"SMTP {code}")


def test_a_refused_address_is_named_as_the_reason() -> None:
    with server(RCPT="550 no such mailbox") as port:
        assert send(port) == Answer("SMTP 550，收件地址被拒收")


@pytest.mark.parametrize("end", ["", "bye", "drip"])
def test_silence_after_the_letter_may_mean_that_it_was_taken(end: str) -> None:
    with server(**{".": end}) as port:
        assert send(port).maybe


@pytest.mark.parametrize("end", ["", "bye"])
def test_silence_before_the_letter_means_that_it_was_not(end: str) -> None:
    with server(banner=end) as port:
        answer = send(port)
    assert (answer.ok, answer.maybe) == (False, False)


@pytest.mark.parametrize("end", ["", "bye", "500 no"])
def test_a_server_that_does_not_part_politely_has_taken_the_letter_all_the_same(end: str) -> None:
    with server(QUIT=end) as port:
        assert send(port).ok


def test_a_server_that_drips_is_cut_off() -> None:
    begun = time.monotonic()
    with server(**{".": "drip"}) as port:
        send(port)
        assert time.monotonic() - begun < 4


def test_nobody_there() -> None:
    answer = send(free_port())
    assert (answer.ok, answer.maybe) == (False, False)


def test_a_certificate_of_nobody_we_trust_is_refused(tmp_path: Path) -> None:
    with server(make(tmp_path)[0]) as port:
        assert send(port, "smtps") == Answer("邮件服务器的证书不可信")


def test_a_certificate_of_an_authority_we_trust_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, authority = make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with server(context) as port:
        assert send(port, "smtps").ok


def test_a_server_that_cannot_encrypt_gets_no_letter() -> None:
    with server() as port:
        answer = send(port, "smtp+starttls")
    assert (answer.ok, answer.maybe) == (False, False)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "smtp://[::1", "smtp://127.0.0.1:99999", "", "smtp://"])
def test_a_setting_that_is_no_mail_server_is_an_answer(url: str) -> None:
    assert not mail.send(url, EmailMessage()).ok
