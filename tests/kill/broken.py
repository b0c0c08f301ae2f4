"""Builds that are wrong on purpose: a harness that does not see them is worth nothing."""

import io
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.config import Config
from core.db import Database
from escalation import claims, notices, outbox
from escalation import sweep as real
from escalation.line import Answer
from escalation.models import Notice, Outbox

BUILDS = ("ack", "split", "mark", "check")
DELAY = 0.1  # seconds from the request to the work
PACE = 0.02  # seconds from the request to the answer: the operators must not flood the server
KEY = "uq_notice_clock_id_rev_rung"


def install(build: str) -> None:
    """Make this process the broken build; `ack` is another handler, see `answers_first`."""
    {"split": split_sweep, "mark": mark_first, "check": look_first}.get(build, bool)()


def unlock(db: Database, build: str) -> None:
    """check: nobody but the program sees to it that a notice is single. Only PostgreSQL lets two sweeps meet."""
    if build == "check":
        with db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE notice DROP CONSTRAINT {KEY}"))


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


def mark_first() -> None:
    """mark: a message is marked as sent, then it is sent; one that was refused is put back."""

    def deliver(db: Database, config: Config, *, at: datetime) -> outbox.Sendings:
        found = claims.claim(db, config, at=at)
        if found is None or found.batch is None:
            return outbox.Sendings(found.withdrawn if found else 0)
        done = outbox._mark(db, found.batch, Answer("", ok=True), at)
        if not outbox.carry(found.batch.way, found.batch.letter, config, at=at).ok:
            _put_back(db, list(found.batch.attempts))
        return done

    outbox.deliver = deliver


def _put_back(db: Database, ids: list[int]) -> None:
    with db.writing() as session:
        for row in session.scalars(select(Outbox).where(Outbox.id.in_(ids))):
            row.state, row.sent_at = outbox.Delivery.PENDING, None


def look_first() -> None:
    """check: whether a notice is there is asked, then it is written; nothing in the database forbids a second one."""
    due = real._due_clocks

    def unlocked(at: datetime) -> Any:
        query = due(at)
        query._for_update_arg = None
        return query

    def insert(session: Session, rows: list[notices.Row]) -> list[tuple[int, int, str]]:
        there = set(session.execute(select(Notice.clock_id, Notice.rev, Notice.rung)))
        fresh = [row for row in rows if (row["clock_id"], row["rev"], row["rung"]) not in there]
        made = [Notice(**row) for row in fresh]
        session.add_all(made)
        session.flush()
        return [(notice.id, notice.clock_id, notice.rung) for notice in made]

    real._due_clocks, notices.insert_new = unlocked, insert
