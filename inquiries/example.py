"""The example county of the demonstration."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core.config import Config
from core.db import Database
from inquiries import county


def demo_config(config: Config) -> Config:
    """An instance of its own beside the real one."""
    return replace(config, instance=config.instance / "demo", demo=True)


def fill(db: Database, *, at: datetime, say: Callable[[str], None]) -> None:
    """Units and people, once."""
    with db.writing() as session:
        county.make_people(session, county.make_units(session, at=at), at=at)
        for login, password in county.new_passwords(session, at=at).items():
            say(f"{login} {password}")
