"""The processes that are killed. A fork server holds the application loaded, so that a start is short."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import waitress

from app import create_app
from core.clock import now
from core.config import Config
from core.db import Database
from core.vault import open_vault
from escalation import outbox, robots
from escalation.sweep import sweep
from inquiries.lists import categories, channels
from sla import limits, published
from tests.kill import broken, points
from tests.kill.oracle import office_hour

# read here once: the fork server hands them on, so that a new process is soon at work
WARM = (published(), limits(), channels(), categories(), robots)
PAUSE = 0.005  # seconds between two runs of one process
HURRY = 60  # minutes of a lease or of a wait become seconds for the deliverers of a test


@dataclass(frozen=True)
class Orders:
    """What a process of the run needs: its settings, the broken build it is, the beginning of hurried time, by how
    much its clock is behind, and the file for what went wrong in it."""

    config: Config
    began: datetime
    troubles: Path
    build: str = ""
    behind: timedelta = timedelta()

    def hurried(self) -> datetime:
        return self.began + (now() - self.began) * HURRY

    def database(self) -> Database:
        return Database(self.config.url, open_vault(self.config.keys))


def web(orders: Orders, arm: points.Arm) -> None:
    """The real application under its real server."""
    logging.disable(logging.WARNING)  # its queue is full now and then
    app = create_app(orders.config)
    points.install(app.extensions["huiyin.db"], arm)
    handler: Any = broken.answers_first(app) if orders.build == "ack" else app
    waitress.serve(handler, host=orders.config.host, port=orders.config.port, threads=4, _quiet=True)


def sweeper(orders: Orders, arm: points.Arm) -> None:
    """What the job `sweep` does, over and over; at night and at weekends as in the last office hour."""
    db = orders.database()
    points.install(db, arm)
    broken.install(orders.build)
    _for_ever(orders, lambda: sweep(db, at=office_hour(now() - orders.behind)))


def deliverer(orders: Orders, arm: points.Arm) -> None:
    """What the job `deliver` does, over and over."""
    logging.disable(logging.WARNING)  # the receiver refuses often
    db = orders.database()
    points.install(db, arm)
    broken.install(orders.build)

    def run() -> None:
        while outbox.deliver(db, orders.config, at=orders.hurried()).claimed:
            pass

    _for_ever(orders, run)


def _for_ever(orders: Orders, run: Callable[[], object]) -> None:
    """As the scheduler does: what fails is noted and comes again."""
    while True:
        try:
            run()
        except Exception as error:
            with orders.troubles.open("a") as file:
                file.write(f"{type(error).__name__}: {str(error).splitlines()[0]}\n")
        time.sleep(PAUSE)
