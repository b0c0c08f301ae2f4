"""Places at which an armed process kills itself, by SQLAlchemy's events: the product has none of this."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from core.db import Database

WRITES = {
    "web": {"INSERT INTO inquiry ": "case written", "INSERT INTO fact ": "facts written"},
    "sweep": {
        "INSERT INTO notice ": "notices written",
        "INSERT INTO notice_copy ": "copies written",
        "INSERT INTO fact ": "facts written",
        "UPDATE clock ": "clocks moved on",
    },
}
ENDS = ("before commit", "after commit")
"""After commit: of the web process, before the answer; of a sweep, before it looks for more."""


def names(kind: str) -> list[str]:
    return [*WRITES[kind].values(), *ENDS]


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


def _committed(arm: Arm, ours: dict[str, bool]) -> Callable[[Session], None]:
    def committed(_session: Session) -> None:
        if ours["written"]:
            ours["written"] = False
            arm.passed("after commit")

    return committed
