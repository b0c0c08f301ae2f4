"""The clocks of a task: the year's end, four quarters, a day, or periods that begin anew after each record.

A term whose day had passed before the entry was made gets no clock: nobody is late for what nobody was told.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor
from duties.catalogue import YEAR_RULE
from duties.clauses import clause_words
from duties.models import Duty, DutyTask, DutyTerm
from escalation import clocks
from escalation.models import Clock, Outcome
from sla import local_date

QUARTER_RULE, PERIOD_RULE = "duty.quarter", "duty.periodic"
YEAR, DAY, PERIOD = "year", "day", "period"
QUARTERS = ("q1", "q2", "q3", "q4")
LAST_DAYS = ((3, 31), (6, 30), (9, 30), (12, 31))
NUMERALS = "一二三四"


@dataclass(frozen=True)
class Term:
    """One clock that a task is to have; a period has no day of its own, its limit counts from the last record."""

    name: str
    due_on: date | None


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter, 1 to 4."""
    return date(year, *LAST_DAYS[quarter - 1])


def quarter_of(name: str) -> int:
    """The quarter of a term; the whole year ends with the fourth."""
    return QUARTERS.index(name) + 1 if name in QUARTERS else 4


def term_words(name: str) -> str:
    """第三季度 for q3; "" for the terms that need no name."""
    return f"第{NUMERALS[quarter_of(name) - 1]}季度" if name in QUARTERS else ""


def planned(duty: Duty, rule: str) -> tuple[Term, ...]:
    """The clocks that a task of this entry runs by."""
    if rule == QUARTER_RULE:
        return tuple(Term(name, quarter_end(duty.year, quarter_of(name))) for name in QUARTERS)
    if rule == PERIOD_RULE:
        return (Term(PERIOD, None),)
    if rule == YEAR_RULE or duty.due_on is None:
        return (Term(YEAR, quarter_end(duty.year, 4)),)
    return (Term(DAY, duty.due_on),)


def terms_of(session: Session, task_ids: Iterable[int]) -> defaultdict[int, list[DutyTerm]]:
    """The terms of these tasks, earliest first; of each name the latest round stands last."""
    query = select(DutyTerm).where(DutyTerm.task_id.in_(list(task_ids)))
    found: defaultdict[int, list[DutyTerm]] = defaultdict(list)
    for term in session.scalars(query.order_by(DutyTerm.task_id, DutyTerm.name, DutyTerm.round)):
        found[term.task_id].append(term)
    return found


def start_terms(
    session: Session,
    tasks: Sequence[DutyTask],
    *,
    since: dict[int, datetime] | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Start the clocks that these tasks lack; how many were started. `since` is from when a period runs, by task id.

    The tasks come with their duty loaded.
    """
    there, wanted = terms_of(session, [task.id for task in tasks]), defaultdict(list)
    for task in tasks:
        known = {term.name for term in there.get(task.id, ())}
        for term in planned(task.duty, task.rule):
            if term.name not in known and (term.due_on is None or term.due_on >= local_date(at)):
                wanted[task.rule].append((task, term))
    for rule, pairs in wanted.items():
        _start(session, rule, pairs, since or {}, by, at)
    point(session, tasks)
    return sum(len(pairs) for pairs in wanted.values())


def _start(
    session: Session,
    rule: str,
    pairs: Sequence[tuple[DutyTask, Term]],
    since: dict[int, datetime],
    by: Actor,
    at: datetime,
) -> None:
    starts = [_begin(task, term, 1, since.get(task.id, at)) for task, term in pairs]
    made = clocks.start_many(session, rule, starts, by=by, at=at)
    for (task, term), clock in zip(pairs, made, strict=True):
        session.add(DutyTerm(task_id=task.id, name=term.name, round=1, clock_id=clock.id))
    session.flush()


def _begin(task: DutyTask, term: Term, turn: int, received_at: datetime) -> clocks.Start:
    words = term_words(term.name)
    label = f"{clause_words(task.duty.clause)} {task.duty.title}{f'（{words}）' if words else ''}".strip()
    subject = f"{task.subject}/{term.name}/{turn}"
    return clocks.Start(subject, received_at, task.unit_id, label, f"/duties/{task.id}", term.due_on)


def begin_again(
    session: Session,
    task: DutyTask,
    name: str,
    *,
    since: datetime,
    due_on: date | None,
    by: Actor,
    at: datetime,
) -> DutyTerm:
    """The next round of a term: the next period, or a quarter that was thought to be fulfilled."""
    last = max((term.round for term in terms_of(session, [task.id])[task.id] if term.name == name), default=0)
    start = _begin(task, Term(name, due_on), last + 1, since)
    (clock,) = clocks.start_many(session, task.rule, [start], by=by, at=at)
    term = DutyTerm(task_id=task.id, name=name, round=last + 1, clock_id=clock.id)
    session.add(term)
    session.flush()
    return term


def running_terms(session: Session, task: DutyTask) -> list[DutyTerm]:
    """The terms whose clock still runs, the next one due first."""
    running = [term for term in terms_of(session, [task.id])[task.id] if term.clock.stopped_at is None]
    return sorted(running, key=lambda term: (term.clock.due_at, term.id))


def end_terms(
    session: Session,
    task: DutyTask,
    terms: Iterable[DutyTerm],
    outcome: Outcome,
    *,
    stopped_at: datetime,
    by: Actor,
    at: datetime,
) -> None:
    """Stop these clocks and let the lists show the next one."""
    for term in terms:
        clocks.halt(session, term.clock, outcome=outcome, stopped_at=stopped_at, by=by, at=at)
    session.flush()
    point(session, [task])


def point(session: Session, tasks: Sequence[DutyTask]) -> None:
    """Lists show the running clock that is due first; when none runs, the one that was due last."""
    terms = terms_of(session, [task.id for task in tasks])
    for task in tasks:
        found = [term.clock for term in terms[task.id]]
        running = [clock for clock in found if clock.stopped_at is None]
        shown = min(running, key=_due, default=None) or max(found, key=_due, default=None)
        task.clock_id = shown.id if shown else None


def _due(clock: Clock) -> tuple[datetime, int]:
    return clock.due_at, clock.id
