"""Papers that a unit was served in a period, by kind: only what a person, or for a 催办单 the ladder, has issued."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from escalation.paper_models import Paper


def served(session: Session, since: datetime, until: datetime) -> dict[tuple[int, str], int]:
    """(unit, kind) → how many; a draft was served to nobody. The table is read whole: papers are few."""
    query = select(Paper.unit_id, Paper.kind, func.count()).where(
        Paper.issued_at > since, Paper.issued_at <= until
    )
    rows = session.execute(query.group_by(Paper.unit_id, Paper.kind))
    return {(unit_id, kind.value): count for unit_id, kind, count in rows}
