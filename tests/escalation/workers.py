"""What other threads and processes do in the tests: start together, sweep, hand back their counts."""

from datetime import datetime
from typing import Any

import inquiries.models  # noqa: F401  # the foreign keys need every table known
from core.db import Database
from core.vault import Vault
from escalation.sweep import sweep


def sweep_together(url: str, key: bytes, at: datetime, barrier: Any) -> int:
    """The number of notices that this sweeper wrote."""
    db = Database(url, Vault(key))
    try:
        barrier.wait(timeout=30)
        return sweep(db, at=at).notices
    finally:
        db.dispose()
