"""The processes that are killed. A fork server holds the application loaded, so that a start is short."""

import time
from typing import Any

import waitress

from app import create_app
from core.clock import now
from core.config import Config
from core.db import Database
from core.vault import open_vault
from escalation.sweep import sweep
from inquiries.lists import categories, channels
from sla import limits, published
from tests.kill import broken, points

# read here once: the fork server hands them on, so that a new process is soon at work
WARM = (published(), limits(), channels(), categories())
PAUSE = 0.005  # seconds between two sweeps of one process


def web(config: Config, arm: points.Arm, build: str) -> None:
    """The real application under its real server."""
    app = create_app(config)
    points.install(app.extensions["huiyin.db"], arm)
    handler: Any = broken.answers_first(app) if build == "ack" else app
    waitress.serve(handler, host=config.host, port=config.port, threads=4, _quiet=True)


def sweeper(config: Config, arm: points.Arm, build: str) -> None:
    """What the command `sweep` does, over and over."""
    db = Database(config.url, open_vault(config.keys))
    points.install(db, arm)
    if build == "split":
        broken.split_sweep()
    while True:
        sweep(db, at=now())
        time.sleep(PAUSE)
