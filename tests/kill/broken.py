"""Builds that are wrong on purpose: a harness that does not see them is worth nothing."""

import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from core.db import Database
from escalation import sweep as real

BUILDS = ("ack", "split")
DELAY = 0.1  # seconds from the request to the work
PACE = 0.02  # seconds from the request to the answer: the operators must not flood the server


def answers_first(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """ack: a posted case is answered, then stored."""

    def handler(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/intake"):
            return app(environ, start_response)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        threading.Thread(target=_later, args=(app, environ)).start()
        time.sleep(PACE)
        start_response("303 See Other", [("Location", "/intake"), ("Content-Length", "0")])
        return [b""]

    return handler


def _later(app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> None:
    time.sleep(DELAY)
    app(environ, lambda *_answer: None)


def split_sweep() -> None:
    """split: clocks are moved on in one commit, their notices are written in a second one."""
    issue, batch = real._issue, real._one_batch
    kept: list[tuple[Any, ...]] = []

    def put_off(_session: Any, *work: Any) -> None:
        kept.append(work)

    def in_two(db: Database, *rest: Any) -> int:
        count = batch(db, *rest)
        with db.writing() as session:
            for work in kept:
                issue(session, *work)
        kept.clear()
        return count

    real._issue, real._one_batch = put_off, in_two
