"""The papers of the example county: the ladder calls for them, people issue, sign for, answer and lift them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import Config
from core.db import Database
from core.people import Actor
from escalation import paper_issue, paper_replies
from escalation.drafting import draft_due
from escalation.models import Clock
from escalation.paper_build import Issuer
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper
from escalation.paper_stages import PaperStage
from inquiries.example_people import Cast

ISSUER = Issuer(Config.county)
BEFORE_THE_SWEEP = timedelta(minutes=3)


def go_on(db: Database, cast: Cast, *, at: datetime) -> None:
    """One morning's work on the papers of the days before."""
    moment = at - BEFORE_THE_SWEEP
    with db.writing() as session:
        for paper in _waiting(session):
            _next_step(session, cast, paper, moment)


def drawn(db: Database, *, at: datetime) -> None:
    """What the notices of this sweep call for."""
    draft_due(db, ISSUER, at=at)


def _waiting(session: Session) -> Iterator[Paper]:
    """Circulars and the unit of no handler stay as the ladder left them."""
    ended = (PaperStage.LIFTED, PaperStage.DROPPED)
    found = select(Paper).where(Paper.stage.not_in(ended), Paper.kind != PaperKind.CRITICISM)
    yield from session.scalars(found.order_by(Paper.id))


def _next_step(session: Session, cast: Cast, paper: Paper, at: datetime) -> None:
    unit = _handler(cast, paper.unit_id)
    done = paper.clock_id is not None and session.get_one(Clock, paper.clock_id).stopped_at is not None
    if paper.stage is PaperStage.DRAFTED:
        paper_issue.issue(session, paper, ISSUER, by=cast.supervisor, at=at)
    elif paper.stage is PaperStage.ISSUED and unit:
        paper_replies.sign(session, paper, by=unit, at=at)
    elif paper.stage is PaperStage.SIGNED and unit and done:
        text = "已答复来电人。未按时答复的原因是现场核实用时较长，今后提前安排。"
        paper_replies.feed_back(session, paper, text=text, by=unit, at=at)
    elif paper.stage is PaperStage.FEEDBACK:
        paper_replies.lift(session, paper, ruling="已答复本人，予以办结。", by=cast.supervisor, at=at)


def _handler(cast: Cast, unit_id: int) -> Actor | None:
    return next((actor for actor in cast.handlers.values() if actor.unit_id == unit_id), None)
