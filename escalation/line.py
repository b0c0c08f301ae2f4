"""One message over HTTP: to an allowed address, at the connected socket, within one span of time, no redirect.

What went wrong is said in words that hold no part of the address, because the keys of robots stand in it.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from core.outbound import PORTS, Outbound, Refused

STEP = 10.0  # seconds that one step of the talk may take
WHOLE = 30.0  # seconds from the connection to the last byte of the answer
LARGEST = 64 * 1024  # bytes of an answer that are read


@dataclass(frozen=True)
class Answer:
    """What came of one try. `maybe`: it may have arrived all the same, so a repeat must be known as one."""

    words: str
    ok: bool = False
    maybe: bool = False


@dataclass(frozen=True)
class Reply:
    """What the other side said."""

    status: int
    content: bytes


class Trouble(Exception):
    """No reply; `maybe` as in Answer."""

    def __init__(self, words: str, *, maybe: bool) -> None:
        super().__init__(words)
        self.answer = Answer(words, maybe=maybe)


class _Plain(http.client.HTTPConnection):
    """Connects through the list of allowed hosts, and no longer than `WHOLE` seconds."""

    allowed: Outbound
    watch: "Watch"

    def connect(self) -> None:
        self.sock = self.allowed.connect(self.host, self.port, STEP)
        self.watch.over(self.sock)


class _Secure(_Plain):
    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


class Watch:
    """Cuts a connection that goes on for too long: a server that sends a byte now and then never times out."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timer: threading.Timer | None = None
        self._twin: socket.socket | None = None
        self.cut = False

    def over(self, sock: socket.socket) -> None:
        self._twin = socket.fromfd(sock.fileno(), sock.family, sock.type)  # TLS takes the first handle away
        self._timer = threading.Timer(self._seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.cut = True
        if self._twin is not None:
            with _quiet():
                self._twin.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        if self._timer is not None and self._twin is not None:
            self._timer.cancel()
            self._timer.join()
            self._twin.close()


@contextmanager
def _quiet() -> Iterator[None]:
    try:
        yield
    except OSError:
        pass  # it was closed already


def post(url: str, body: bytes, headers: Mapping[str, str], *, allowed: Outbound) -> Reply:
    """Send once. Raises Trouble."""
    parts = urlsplit(url)
    with _connected(parts, allowed) as connection:
        target = parts.path or "/"
        try:
            connection.request(
                "POST", f"{target}?{parts.query}" if parts.query else target, body, dict(headers)
            )
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.read(LARGEST))
            if connection.watch.cut:  # half an answer looks like a whole one that is short
                raise TimeoutError
            return reply
        except TimeoutError:
            raise Trouble("超时，对方没有回答", maybe=True) from None
        except (OSError, http.client.HTTPException):
            raise Trouble("连接中断，没有收到回答", maybe=True) from None


@contextmanager
def _connected(parts: SplitResult, allowed: Outbound) -> Iterator[_Plain]:
    kind = _Secure if parts.scheme == "https" else _Plain
    port = parts.port or PORTS[parts.scheme]
    made = kind(parts.hostname or "", port, timeout=STEP)
    made.allowed, made.watch = allowed, Watch(WHOLE)
    try:
        _dial(made)
        yield made
    finally:
        made.close()
        made.watch.end()


def _dial(made: _Plain) -> None:
    """Nothing was said yet, so whatever fails here has certainly not arrived."""
    try:
        made.connect()
    except Refused as refusal:
        raise Trouble(str(refusal), maybe=False) from None
    except ssl.SSLCertVerificationError:
        raise Trouble("对方的证书不可信", maybe=False) from None
    except socket.gaierror:
        raise Trouble("找不到对方的地址", maybe=False) from None
    except TimeoutError:
        raise Trouble("连接超时", maybe=False) from None
    except OSError:
        raise Trouble("连接不上", maybe=False) from None
