"""Counting events against a quota: what each quarter's end asks for, and whether it is there.

Task list 六、第3行第2项: at least 4 a year for each department named, at least 2 of them by a person in charge. It
names only the year; a quarter's share (the year's number in equal parts, rounded up) is our pace.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from duties.models import Duty, DutyTask, Evidence
from duties.terms import quarter_of


@dataclass(frozen=True)
class Tally:
    """A number of events, and how many of them by a person in charge."""

    events: int = 0
    leaders: int = 0

    def reaches(self, need: "Tally") -> bool:
        return self.events >= need.events and self.leaders >= need.leaders

    def short_of(self, need: "Tally") -> "Tally":
        """What is still missing."""
        return Tally(max(need.events - self.events, 0), max(need.leaders - self.leaders, 0))


def share(total: int, quarter: int) -> int:
    """What must be there at the end of the quarter, 1 to 4: the year's number in equal parts, rounded up."""
    return -(-total * quarter // 4)


def needed(duty: Duty, term: str) -> Tally:
    """What the end of a term asks for: all of it at the year's end, its share at a quarter's."""
    quarter = quarter_of(term)
    return Tally(share(duty.quota, quarter), share(duty.leaders, quarter))


def tally_of(session: Session, task: DutyTask) -> Tally:
    """The events of this task that stand."""
    return tallies(session, [task.id]).get(task.id, Tally())


def tallies(session: Session, task_ids: Iterable[int]) -> dict[int, Tally]:
    """The events of these tasks; a struck one never counts."""
    led = func.sum(case((Evidence.by_leader, 1), else_=0))
    query = select(Evidence.task_id, func.count(), led).where(
        Evidence.task_id.in_(list(task_ids)), Evidence.struck_at.is_(None)
    )
    rows = session.execute(query.group_by(Evidence.task_id))
    return {task_id: Tally(events, int(leaders or 0)) for task_id, events, leaders in rows}


def behind(tally: Tally, duty: Duty, today: date) -> Tally:
    """What was missing at the last quarter's end before today, in a quota that is paced by quarters."""
    passed = (today.month - 1) // 3 if today.year == duty.year else 4 if today.year > duty.year else 0
    need = Tally(share(duty.quota, passed), share(duty.leaders, passed)) if passed else Tally()
    return tally.short_of(need)
