"""Clocks as they stood on record at an earlier moment: told from rows that are never changed.

The due moment is the last revision by then, a stop counts when its fact was written by then, and the holder is the
one before the first hand-over since. What was told before but entered later was not on record.
"""

from datetime import datetime

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    null,
    select,
    union,
)

from core.facts import Fact
from escalation.board import fell_due
from escalation.models import Clock, Deadline, Handover, Move

STANDS_STILL = (Move.PAUSE, Move.RESUME)


def clocks_as_of(since: datetime, until: datetime, cut: datetime) -> CTE:
    """The clocks that were on record at `cut` and may have been due in the period, as they then stood."""
    kept = _stop_on_record(cut)
    query = select(
        Clock.id,
        Clock.purpose,
        Clock.origin_due_at,  # of a clock that had stopped it never changes, of a running one it says nothing
        Deadline.due_at,
        case((kept, Clock.stopped_at), else_=null()).label("stopped_at"),
        case((kept, Clock.outcome), else_=null()).label("outcome"),
        case((_stood_still(cut), Deadline.due_on), else_=null()).label("paused_since"),
        func.coalesce(_holder_before(cut), Clock.unit_id).label("unit_id"),
    )
    last = and_(Deadline.clock_id == Clock.id, Deadline.rev == _last_revision(cut))
    query = query.join(Deadline, last).where(Clock.id.in_(_candidates(since, until, cut)))
    # each look-up once for each clock: a database that folds this into the sums repeats it for every sum
    return query.cte("then").prefix_with("MATERIALIZED")


def _candidates(since: datetime, until: datetime, cut: datetime) -> Select[int]:
    """What falls due in the period now (ix_clock_due_at), and what was moved since the cut-off."""
    moved = select(Deadline.clock_id.label("id")).where(Deadline.at > cut, Deadline.rev > 1)
    both = union(select(Clock.id).where(fell_due(since, until)), moved).subquery()
    return select(both.c.id)


def _last_revision(cut: datetime) -> ScalarSelect[int]:
    """None for a clock that was entered later: it drops out of the join."""
    known = select(func.max(Deadline.rev)).where(Deadline.clock_id == Clock.id, Deadline.at <= cut)
    return known.correlate(Clock).scalar_subquery()


def _stop_on_record(cut: datetime) -> ColumnElement[bool]:
    """The fact of a stop names the rule; a subject may have several clocks (ix_fact_subject_seq).

    What was told after the cut-off was entered after it too: only the rest is looked up among the facts.
    """
    mine = Fact.detail.like('%"rule":"' + Clock.rule + '"%')
    later = exists().where(Fact.subject == Clock.subject, Fact.act == "clock:stop", Fact.at > cut, mine)
    return and_(Clock.stopped_at <= cut, ~later)


def _stood_still(cut: datetime) -> ColumnElement[bool]:
    turns = select(Deadline.move).where(Deadline.clock_id == Clock.id, Deadline.at <= cut)
    turns = turns.where(Deadline.move.in_(STANDS_STILL)).order_by(Deadline.rev.desc()).limit(1)
    return turns.correlate(Clock).scalar_subquery() == Move.PAUSE


def _holder_before(cut: datetime) -> ScalarSelect[int]:
    """Whoever gave the clock away first after the cut-off held it then (ix_clock_handover_clock_id)."""
    given = select(Handover.from_unit_id).where(Handover.clock_id == Clock.id, Handover.at > cut)
    return given.order_by(Handover.id).limit(1).correlate(Clock).scalar_subquery()
