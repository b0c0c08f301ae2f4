"""The scheduler only calls what the commands call."""

from apscheduler.schedulers.background import BackgroundScheduler

from core.clock import now
from core.config import Config
from core.db import Database
from escalation.sweep import sweep


def scheduler(db: Database, config: Config) -> BackgroundScheduler:
    """Sweep every 30 seconds, in memory: a missed run heals itself, so nothing is replayed."""
    made = BackgroundScheduler(timezone="Asia/Shanghai")
    made.configure(job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})
    made.add_job(lambda: sweep(db, at=now()), "interval", seconds=30)
    return made
