"""The scheduler only calls what the commands call; a job that fails is logged and comes again."""

import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from core import throttle
from core.clock import now
from core.config import Config
from core.db import Database
from escalation import guard
from escalation.drafting import DraftCounts, draft_due
from escalation.outbox import Sendings, deliver
from escalation.paper_build import Issuer
from escalation.recompute import recompute
from escalation.sweep import Counts, sweep

SWEEP_EVERY = 30  # seconds
DRAFT_EVERY = 30
DELIVER_EVERY = 15
RECOMPUTE_EVERY = 20
KEEP_TRIES = timedelta(days=1)  # the longest window of any allowance is far shorter
log = logging.getLogger(__name__)


def run_sweep(db: Database) -> Counts:
    """Every notice that is due now; none at all while this host's clock is not believed."""
    at = now()
    if _held(db, "sweep", at):
        return Counts()
    return sweep(db, at=at)


def run_draft(db: Database, config: Config) -> DraftCounts:
    """Every paper that a notice calls for; a clock that is not believed dates no paper."""
    at = now()
    if _held(db, "drafting", at):
        return DraftCounts()
    return draft_due(db, issuer_of(config), at=at)


def issuer_of(config: Config) -> Issuer:
    """Who issues papers here, and where the office keeps its own templates."""
    return Issuer(config.county, config.instance / "papers")


def _held(db: Database, what: str, at: datetime) -> bool:
    with db.writing() as session:
        held = guard.check(session, socket.gethostname(), guard.read_clock(at))
    if held:
        log.error("%s held: %s", what, held)
    return bool(held)


def run_deliver(db: Database, config: Config) -> Sendings:
    """Batch after batch until nothing is waiting; each batch asks the time, so that its lease is fresh."""
    total = Sendings()
    while (batch := deliver(db, config, at=now())).claimed:
        total.add(batch)
    return total


def run_recompute(db: Database) -> int:
    """Running clocks that do not follow the calendar in force yet: a new version, or a newer library."""
    return recompute(db, at=now())


def forget_tries(db: Database) -> int:
    """Drop counted tries that no allowance needs any more."""
    with db.writing() as session:
        return throttle.forget(session, before=now() - KEEP_TRIES)


@dataclass(frozen=True)
class Daily:
    """A job of a room above: called at the start and every day at this time of Shanghai; level-triggered."""

    name: str
    run: Callable[[Database], object]
    hour: int = 0
    minute: int = 5


def scheduler(db: Database, config: Config, more: Sequence[Daily] = ()) -> BackgroundScheduler:
    """In memory: a missed run heals itself, so nothing is replayed and nothing is kept."""
    made = BackgroundScheduler(timezone="Asia/Shanghai")
    made.configure(job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})
    sweeping = _going_on("sweep", lambda: run_sweep(db))
    drafting = _going_on("draft", lambda: run_draft(db, config))
    delivering = _going_on("deliver", lambda: run_deliver(db, config))
    following = _going_on("recompute", lambda: run_recompute(db))
    forgetting = _going_on("forget", lambda: forget_tries(db))
    made.add_job(sweeping, "interval", seconds=SWEEP_EVERY, next_run_time=now(), id="sweep")
    made.add_job(drafting, "interval", seconds=DRAFT_EVERY, id="draft")
    made.add_job(delivering, "interval", seconds=DELIVER_EVERY, id="deliver")
    made.add_job(following, "interval", seconds=RECOMPUTE_EVERY, next_run_time=now(), id="recompute")
    made.add_job(forgetting, "cron", hour=3, id="forget")
    for daily in more:
        job = _going_on(daily.name, partial(daily.run, db))
        at = {"hour": daily.hour, "minute": daily.minute, "next_run_time": now()}
        made.add_job(job, "cron", id=daily.name, **at)
    return made


def _going_on(name: str, job: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except Exception:  # the next run is the remedy, whatever went wrong in this one
            log.exception("job %s failed", name)

    return run
