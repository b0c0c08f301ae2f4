"""Places at which an armed process kills itself: listeners on SQLAlchemy's events and wrapped functions of this
process. The product has none of this."""

import http.client
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from core.db import Database
from escalation import outbox

WRITES = {
    "web": {"INSERT INTO inquiry ": "case written", "INSERT INTO fact ": "facts written"},
    "sweep": {
        "INSERT INTO notice ": "notices written",
        "INSERT INTO notice_copy ": "copies written",
        "INSERT INTO outbox ": "outbox written",
        "INSERT INTO fact ": "facts written",
        "UPDATE clock ": "clocks moved on",
    },
    "deliver": {"UPDATE outbox SET state=": "mark written", "UPDATE outbox SET attempts=": "claim written"},
}
"""Statements after which a process may die, with its transaction open."""
ENDS = {
    "web": ("before commit", "after commit"),
    "sweep": ("before commit", "after commit"),
    "deliver": ("claimed, not sent", "sent, no answer read", "answered, not marked", "marked"),
}
"""After commit: of the web process, before the answer; of a sweep, before it looks for more."""


def names(kind: str) -> list[str]:
    return [*WRITES[kind].values(), *ENDS[kind]]


ALL = [f"{kind}: {name}" for kind in WRITES for name in names(kind)]


@dataclass
class Arm:
    """Die at the `hits`-th time that the point called `name` is passed; "" never."""

    kind: str
    name: str = ""
    hits: int = 1

    def passed(self, name: str) -> None:
        if name == self.name:
            self.hits -= 1
            if self.hits == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def install(db: Database, arm: Arm) -> None:
    """Watch this process's database; commits count only where something of ours was written."""
    writes, ours = WRITES[arm.kind], {"written": False}

    @event.listens_for(db.engine, "after_cursor_execute")
    def _written(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        for start, name in writes.items():
            if statement.startswith(start):
                ours["written"] = True
                arm.passed(name)

    @event.listens_for(db.engine, "commit")
    def _committing(_connection: Any) -> None:
        if ours["written"]:
            arm.passed("before commit")

    event.listen(Session, "after_commit", _committed(arm, ours))
    if arm.kind == "deliver":
        _watch_sending(arm)


def _committed(arm: Arm, ours: dict[str, bool]) -> Callable[[Session], None]:
    def committed(_session: Session) -> None:
        if ours["written"]:
            ours["written"] = False
            arm.passed("after commit")

    return committed


def _watch_sending(arm: Arm) -> None:
    """The steps of one message, between its two transactions and on the line."""
    carry, mark, answer = outbox.carry, outbox._mark, http.client.HTTPConnection.getresponse

    def carrying(*words: Any, **more: Any) -> Any:
        arm.passed("claimed, not sent")
        found = carry(*words, **more)
        arm.passed("answered, not marked")
        return found

    def marking(*words: Any) -> Any:
        found = mark(*words)
        arm.passed("marked")
        return found

    def reading(connection: http.client.HTTPConnection) -> Any:
        arm.passed("sent, no answer read")
        return answer(connection)

    outbox.carry, outbox._mark = carrying, marking
    http.client.HTTPConnection.getresponse = reading  # type: ignore[method-assign]
