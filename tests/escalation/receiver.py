"""The other side of robots and webhooks: it accepts, or misbehaves in the ways that networks and vendors do.

In a test: `with Receiver() as there: there.plan = ["500", "ok"]`. As a process that the kill test can trust:
`python -m tests.escalation.receiver --port 9099 --log got.txt --fail 0.05 --lose 0.05`.
"""

import argparse
import json
import os
import random
import re
import ssl
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

NUMBER = re.compile(r"TZ\d{7,}")
FAULTS = ("ok", "500", "429", "errcode", "lost", "hang", "drip", "redirect", "huge")
LIMIT_REACHED = {"errcode": 45009, "code": 11232, "errmsg": "api freq out of limit", "msg": "limit"}
LONGEST = 60  # seconds a connection is kept hanging when nobody ends it


@dataclass(frozen=True)
class Message:
    """A whole request as it came in; `fault` is what was done to it."""

    path: str
    headers: dict[str, str]
    body: str
    fault: str

    @property
    def key(self) -> str:
        return self.headers.get("Idempotency-Key", "-")

    @property
    def numbers(self) -> list[str]:
        """The notice numbers in it, each once, in order."""
        return list(dict.fromkeys(NUMBER.findall(self.body)))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def accepted(self) -> bool:
        """Whether the other side has it, whatever the sender was told."""
        return self.fault in {"ok", "lost", "drip", "huge"}


@dataclass
class Receiver:
    """`plan` holds the faults of the next requests; after it `fail` and `lose` are the odds of 500 and of silence."""

    port: int = 0
    log: Path | None = None
    fail: float = 0.0
    lose: float = 0.0
    seed: int | None = None
    tls: ssl.SSLContext | None = None
    plan: list[str] = field(default_factory=list)
    seen: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice, self._lock, self.ended = random.Random(self.seed), threading.Lock(), threading.Event()
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.receiver = self
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def accepted(self) -> list[Message]:
        return [message for message in self.seen if message.accepted]

    @property
    def numbers(self) -> list[str]:
        """Every notice number of every accepted message, repeats included."""
        return [number for message in self.accepted for number in message.numbers]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def take(self, path: str, headers: dict[str, str], body: str) -> Message:
        """Decide what happens to this request, and write down what was accepted before it is answered."""
        with self._lock:
            message = Message(path, headers, body, self._fault())
            self.seen.append(message)
            if self.log and message.accepted:
                self._write(f"{message.key} {' '.join(message.numbers)}\n")
        return message

    def _fault(self) -> str:
        if self.plan:
            return self.plan.pop(0)
        roll = self.dice.random()
        return "500" if roll < self.fail else "lost" if roll < self.fail + self.lose else "ok"

    def _write(self, line: str) -> None:
        with self.log.open("a") as file:  # type: ignore[union-attr]
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def handle_error(self, *_request: object) -> None:
        """A sender that was killed, or that did not trust our certificate, is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if not body or len(body) < length:
            return  # the sender was killed while it wrote
        message = self.server.receiver.take(self.path, dict(self.headers), body.decode())
        getattr(self, f"_{message.fault}")()

    def _answer(self, status: int, content: dict[str, Any], **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _ok(self) -> None:
        self._answer(200, {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"})

    def _500(self) -> None:
        self._answer(500, {"error": "internal"})

    def _429(self) -> None:
        self._answer(429, {"error": "too many requests"})

    def _errcode(self) -> None:
        """How the vendors refuse: status 200, and a code in the body."""
        self._answer(200, LIMIT_REACHED)

    def _redirect(self) -> None:
        self._answer(302, {}, Location=f"{self.server.receiver.url}/elsewhere")

    def _huge(self) -> None:
        self._answer(200, {"errcode": 0, "code": 0, "errmsg": "x" * 1_000_000})

    def _lost(self) -> None:
        """Accepted, but the answer never arrives."""
        self.close_connection = True

    def _hang(self) -> None:
        self.server.receiver.ended.wait(LONGEST)
        self.close_connection = True

    def _drip(self) -> None:
        """Alive, but never done: a byte from time to time, so that no single read runs out of time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(LONGEST * 10):
            if self.server.receiver.ended.wait(0.1):
                break
            self.wfile.write(b"x")
            self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_message: object) -> None:
        """The log file is the only word."""


def main(arguments: Sequence[str]) -> int:
    asked = argparse.ArgumentParser("tests.escalation.receiver", description=__doc__)
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument(
        "--log", type=Path, help="one line for each accepted message: its key, its notice numbers"
    )
    asked.add_argument("--fail", type=float, default=0.05, help="odds of an answer 500 (not accepted)")
    asked.add_argument("--lose", type=float, default=0.05, help="odds of accepting without an answer")
    asked.add_argument("--seed", type=int)
    Receiver(**vars(asked.parse_args(arguments))).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
