"""Clocks of the housing unit that fall due in the third quarter of 2026, and what became of them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.db import Database
from core.people import SYSTEM
from escalation import clocks
from escalation.models import Clock, Outcome
from reports import freeze, recount
from reports.definition_file import definitions_at
from reports.figures import Question, now_standing, then_standing
from reports.models import ScoreSheet
from reports.period import Period
from reports.score import Tally
from sla import end_of_day
from tests.people import People

REPLY, RESPONSE = "inquiry.reply", "opinion.response"
RECEIVED = datetime(2026, 9, 22, 1, 0, tzinfo=UTC)  # Tuesday: due at 24:00 on Wednesday 30 September
ANSWERED = datetime(2026, 9, 25, 2, 0, tzinfo=UTC)
LATE = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)  # the first working day after the holiday
CUT_DAY = date(2026, 10, 11)
CUT = end_of_day(CUT_DAY)
AFTER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)  # Monday 12 October, 10:00: the quarter is counted
LATER = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
Q3 = Period.of("2026-Q3")
DEFINITIONS = definitions_at(Q3.last_day)


def clock(session: Session, people: People, n: int, *, rule: str = REPLY, **changes: Any) -> Clock:
    """A running clock, number n, of the handler's unit."""
    given: dict[str, Any] = {"received_at": RECEIVED, "unit_id": people.handler.unit_id, "at": RECEIVED}
    given |= {"label": f"第{n}件", "link": f"/cases/{n}", "by": people.operator} | changes
    return clocks.start(session, f"inquiry:{n}", rule, **given)


def end(one: Clock, session: Session, stopped_at: datetime, outcome: Outcome, at: datetime) -> None:
    clocks.halt(session, one, outcome=outcome, stopped_at=stopped_at, by=SYSTEM, at=at)


def answered(
    db: Database,
    people: People,
    *numbers: int,
    told: datetime = ANSWERED,
    at: datetime | None = None,
    **more: Any,
) -> None:
    """Clocks that stopped at `told`; `at` is when that was entered, by default at once."""
    outcome = more.pop("outcome", Outcome.ANSWERED)
    with db.writing() as session:
        for n in numbers:
            end(clock(session, people, n, **more), session, told, outcome, at or told)


def open_ones(db: Database, people: People, *numbers: int, **more: Any) -> None:
    with db.writing() as session:
        for n in numbers:
            clock(session, people, n, **more)


def stop_later(
    db: Database, n: int, told: datetime, outcome: Outcome = Outcome.ANSWERED, **entered: Any
) -> None:
    """A clock that ran until now stops."""
    with db.writing() as session:
        one = clocks.running(session, f"inquiry:{n}", REPLY)
        end(one, session, told, outcome, entered.get("at", told))


def tally(db: Database, people: People, key: str = "inquiry", *, at: datetime = AFTER) -> Tally:
    """What the handler's unit has in the quarter, as it stands now."""
    with db.reading() as session:
        found = now_standing(session, Question(DEFINITIONS, Q3, at))
    mine = found.get(people.handler.unit_id or 0)
    return mine.tallies.get(key, Tally()) if mine else Tally()


def on_record(db: Database, people: People, cut: datetime = CUT) -> Tally:
    """What the handler's unit had on record at the cut-off."""
    with db.reading() as session:
        found = then_standing(session, Question(DEFINITIONS, Q3, cut))
    mine = found.get(people.handler.unit_id or 0)
    return mine.tallies.get("inquiry", Tally()) if mine else Tally()


def frozen(db: Database, people: People, *, at: datetime = AFTER, **changes: Any) -> ScoreSheet:
    """The quarter, frozen by the supervisor."""
    wish = freeze.Wish(**({"period": Q3, "cut_off_day": CUT_DAY, "edition": 1} | changes))
    with db.writing() as session:
        return freeze.freeze(session, wish, by=people.supervisor, at=at)


def recounted(db: Database, sheet: ScoreSheet) -> tuple[recount.Difference, ...]:
    with db.reading() as session:
        return recount.again(session, sheet)
