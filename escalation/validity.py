"""Whether a notice is still true when it is read or sent: time went on after it was issued."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from core.labels import Labelled
from core.people import Unit
from escalation.models import Clock, Notice


class Validity(Labelled):
    CURRENT = "current", "有效"
    ENDED = "ended", "已办结"
    MOVED = "moved", "时限已变更"
    HANDED = "handed", "已转其他单位"
    OVERTAKEN = "overtaken", "已升级"


@dataclass(frozen=True)
class Told:
    """A notice beside the clock of now; `higher` is the rung that was issued after it, "" if none was."""

    notice: Notice
    clock: Clock
    unit: Unit
    higher: str

    @property
    def validity(self) -> Validity:
        if self.clock.stopped_at is not None:
            return Validity.ENDED
        if self.clock.rev != self.notice.rev:
            return Validity.MOVED
        if self.clock.unit_id != self.notice.unit_id:
            return Validity.HANDED
        return Validity.OVERTAKEN if self.higher else Validity.CURRENT


def told_rows(*more: Any) -> Select[Any]:
    """Notice, clock, the unit that holds the matter now, the highest rung since; then `more` columns."""
    later = aliased(Notice)
    higher = (
        select(later.rung)
        .where(later.clock_id == Notice.clock_id, later.rev == Notice.rev, later.moment > Notice.moment)
        .where(later.title == "", Notice.title == "")  # what a person had sent is on no rung
        .order_by(later.moment.desc())
        .limit(1)
        .correlate(Notice)
        .scalar_subquery()
    )
    rows = select(Notice, Clock, Unit, higher, *more).join(Clock, Clock.id == Notice.clock_id)
    return rows.join(Unit, Unit.id == Clock.unit_id)


def told(row: Any) -> Told:
    """The first four columns of `told_rows`."""
    return Told(row[0], row[1], row[2], row[3] or "")
