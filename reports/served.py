"""Papers that a unit was served in a period, by kind. Until papers are drafted, the notices of those rungs."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from escalation.models import Notice

# the rung that stands for each paper of data/scores.toml; nothing stands for a commendation
RUNGS = {
    "reminder_notice": "reminder_notice",
    "supervision_order": "supervision_order",
    "circular": "criticism_circular",
}


def served(session: Session, since: datetime, until: datetime) -> dict[tuple[int, str], int]:
    """(unit, kind) → how many; a superseded notice was sent to nobody."""
    query = select(Notice.unit_id, Notice.rung, func.count()).where(
        Notice.rung.in_(RUNGS), ~Notice.superseded, Notice.issued_at > since, Notice.issued_at <= until
    )
    rows = session.execute(query.group_by(Notice.unit_id, Notice.rung))
    return {(unit_id, RUNGS[rung]): count for unit_id, rung, count in rows}
