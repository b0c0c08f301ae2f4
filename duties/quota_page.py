"""The counts of a year in words: who has how many events, what each quarter asked for, who is behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.people import Actor
from duties.clauses import clause_words
from duties.kinds import DutyKind
from duties.models import Duty, DutyTask, DutyTerm
from duties.quotas import Tally, behind, needed, tallies
from duties.stages import Stage
from duties.terms import NUMERALS, QUARTER_RULE, QUARTERS, terms_of
from duties.visibility import tasks_visible_to
from escalation import clocks
from escalation.rules import calendar
from sla import end_of_day, local_date

NEAR = 10  # working days: as early as the ladder reminds


@dataclass(frozen=True)
class QuarterMark:
    """One quarter of a unit: `c` is a light or done, `word` how it stands."""

    name: str
    c: str
    word: str


@dataclass(frozen=True)
class Counted:
    """One unit. `used` and `led` are shares in per cent, `c` the light of the pace."""

    task_id: int
    unit: str
    tally: Tally
    used: int
    led: int
    c: str
    word: str
    short: str
    marks: tuple[QuarterMark, ...]
    stage: Stage


@dataclass(frozen=True)
class Quota:
    """One entry with its units, those behind first."""

    duty_id: int
    clause: str
    title: str
    source: str
    events: int
    leaders: int
    paced: bool
    rows: tuple[Counted, ...]

    @property
    def behind(self) -> int:
        return sum(row.c == "red" for row in self.rows)

    @property
    def reached(self) -> int:
        return sum(row.c == "done" for row in self.rows)


def build(session: Session, person: Actor, year: int, *, at: datetime) -> tuple[Quota, ...]:
    """Every quota of the year with the units that this person may see."""
    query = select(DutyTask).join(DutyTask.duty).where(Duty.year == year, Duty.kind == DutyKind.QUOTA)
    query = query.where(DutyTask.stage != Stage.RELEASED, tasks_visible_to(person))
    loads = (joinedload(DutyTask.duty), joinedload(DutyTask.unit))
    tasks = session.scalars(query.options(*loads).order_by(Duty.position, DutyTask.unit_id)).unique().all()
    counts = tallies(session, [task.id for task in tasks])
    terms = terms_of(session, [task.id for task in tasks])
    duties = {task.duty_id: task.duty for task in tasks}
    return tuple(
        _quota(
            duty,
            [
                _counted(task, counts.get(task.id, Tally()), terms[task.id], at)
                for task in tasks
                if task.duty_id == duty.id
            ],
        )
        for duty in duties.values()
    )


def _quota(duty: Duty, rows: Sequence[Counted]) -> Quota:
    order = {"red": 0, "amber": 1, "green": 2, "done": 3}
    return Quota(
        duty.id,
        clause_words(duty.clause),
        duty.title,
        duty.source,
        duty.quota,
        duty.leaders,
        duty.rule == QUARTER_RULE,
        tuple(sorted(rows, key=lambda row: (order[row.c], row.task_id))),
    )


def _counted(task: DutyTask, tally: Tally, terms: Sequence[DutyTerm], at: datetime) -> Counted:
    duty, today = task.duty, local_date(at)
    short = behind(tally, duty, today) if task.rule == QUARTER_RULE else _short_of_year(tally, duty, at)
    c, word = _pace(tally, duty, short, terms, at)
    return Counted(
        task_id=task.id,
        unit=task.unit.short_name,
        tally=tally,
        used=min(100 * tally.events // duty.quota, 100),
        led=min(100 * tally.leaders // duty.leaders, 100) if duty.leaders else 0,
        c=c,
        word=word,
        short=_short_words(short),
        marks=tuple(_marks(terms, at)) if task.rule == QUARTER_RULE else (),
        stage=task.stage,
    )


def _short_of_year(tally: Tally, duty: Duty, at: datetime) -> Tally:
    over = local_date(at).year > duty.year
    return tally.short_of(needed(duty, "q4")) if over else Tally()


def _pace(tally: Tally, duty: Duty, short: Tally, terms: Sequence[DutyTerm], at: datetime) -> tuple[str, str]:
    if short != Tally():
        return "red", "落后"
    if tally.reaches(needed(duty, "q4")):
        return "done", "已达到"
    near = end_of_day(calendar().add_workdays(local_date(at), NEAR))
    soon = any(term.clock.stopped_at is None and term.clock.due_at <= near for term in terms)
    return ("amber", "临近季末") if soon else ("green", "跟上进度")


def _short_words(short: Tally) -> str:
    parts = [
        f"欠{short.events}次" if short.events else "",
        f"带头欠{short.leaders}次" if short.leaders else "",
    ]
    return "，".join(part for part in parts if part)


def _marks(terms: Sequence[DutyTerm], at: datetime) -> list[QuarterMark]:
    """The latest round of each quarter; one that was over before the start has no clock and stands as such."""
    latest = {term.name: term for term in terms}
    made = []
    for number, name in enumerate(QUARTERS, start=1):
        words = NUMERALS[number - 1]
        made.append(_mark(f"{words}季度", latest.get(name), at))
    return made


def _mark(name: str, term: DutyTerm | None, at: datetime) -> QuarterMark:
    if term is None:
        return QuarterMark(name, "pause", "不计时")
    clock = term.clock
    if clock.stopped_at is not None:
        return QuarterMark(name, "done", "按期" if clocks.on_time(clock) else "迟到")
    if at > clock.due_at:
        return QuarterMark(name, "red", "逾期")
    return QuarterMark(name, "green", f"{clock.due_on.month}月{clock.due_on.day}日止")
