"""The job that answers a rung's call for a paper: drafts it, or for a 催办单 issues it, once.

Level-triggered: it asks which notices call for a paper that nobody has drafted, not what happened since last time.
Any number may run: the notice's row is locked, and the paper's unique `notice_id` is what is right.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import SYSTEM
from escalation.models import Clock, Notice
from escalation.paper_build import Issuer
from escalation.paper_drafts import Call, draft
from escalation.paper_issue import issue
from escalation.paper_kinds import PaperKind
from escalation.paper_models import RUNNING, Paper
from escalation.paper_replies import settle
from escalation.rules import calendar, limit_for
from escalation.validity import Validity, told, told_rows
from sla import is_open

BATCH = 100
log = logging.getLogger(__name__)


@dataclass
class DraftCounts:
    """What one run did; `past` are calls that were no longer true."""

    drafted: int = 0
    issued: int = 0
    past: int = 0
    settled: int = 0
    faulty: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def draft_due(db: Database, issuer: Issuer, *, at: datetime) -> DraftCounts:
    """Every paper that is called for at `at`, one transaction each; then the reminders that are past."""
    counts, faulty, later = DraftCounts(), set[int](), set[int]()
    while (notice_id := _next(db, faulty | later)) is not None:
        try:
            with db.writing() as session:
                if not _answer(session, notice_id, issuer, at, counts):
                    later.add(notice_id)
        except Exception:  # one call that cannot be answered must not hold up the others; it comes again
            log.exception("notice %s calls for a paper that cannot be drafted", notice_id)
            faulty.add(notice_id)
    counts.faulty = len(faulty)
    while settled := _settle_batch(db, at):
        counts.settled += settled
    return counts


def _undrafted() -> tuple[Any, ...]:
    """The condition of the partial index, word for word."""
    return (Notice.paper.is_not(None), Notice.drafted_at.is_(None), ~Notice.superseded)


def _next(db: Database, without: set[int]) -> int | None:
    with db.reading() as session:
        waiting = select(Notice.id).where(*_undrafted(), Notice.id.not_in(without))
        return session.scalar(waiting.order_by(Notice.id).limit(1))


def _answer(
    session: Session,
    notice_id: int,
    issuer: Issuer,
    at: datetime,
    counts: DraftCounts,
) -> bool:
    """False when the office is closed. The row stays locked: whoever comes second finds the call answered."""
    mine = told_rows().where(Notice.id == notice_id, *_undrafted())
    row = session.execute(mine.with_for_update(of=Notice)).first()
    if row is None:
        return True
    call = told(row)
    if not _in_hours(call.clock, at):
        return False
    call.notice.drafted_at = at
    if call.validity is not Validity.CURRENT:
        counts.past += 1
        return True
    kind = PaperKind(call.notice.paper or "")
    made = Call(kind, call.clock.unit_id, call.clock, call.notice)
    paper = draft(session, made, by=SYSTEM, at=at)
    counts.drafted += 1
    if kind is PaperKind.REMINDER:
        issue(session, paper, issuer, by=SYSTEM, at=at)
        counts.issued += 1
    return True


def _in_hours(clock: Clock, at: datetime) -> bool:
    """Papers of limits in days are dated on working days in office hours; those in hours run by night too."""
    limit = limit_for(clock.rule, clock.started_at)
    return limit.hours is not None or is_open(at, limit, calendar())


def _settle_batch(db: Database, at: datetime) -> int:
    """催办单 of matters that were answered since."""
    past = select(Paper).join(Clock, Clock.id == Paper.clock_id).where(RUNNING)
    past = past.where(Paper.kind == PaperKind.REMINDER, Clock.stopped_at.is_not(None))
    with db.reading() as session:
        if session.scalar(past.with_only_columns(Paper.id).limit(1)) is None:
            return 0
    with db.writing() as session:
        locked = past.limit(BATCH).with_for_update(of=Paper, skip_locked=True)
        found = session.scalars(locked).all()
        for paper in found:
            settle(session, paper, at=at)
        return len(found)
