"""Spot checks of phones: a round a quarter, a failed call opens a task, only working hours prove anything."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from core.db import Database
from core.people import Unit
from duties import phones, service
from duties.models import Duty, DutyTask
from duties.phones import Call, Quarter
from duties.record_models import PhoneCheck
from duties.stages import NotYours
from duties.words import Origin, Refused
from escalation import clocks
from escalation.models import Clock, Outcome
from sla import SHANGHAI
from tests.duties.scene import on, started, task_of
from tests.people import People

NOW = on(date(2026, 9, 22), 15)
MORNING = on(date(2026, 9, 22))


def checked(
    db: Database,
    people: People,
    unit: str = "housing",
    *,
    answered: bool = True,
    at: datetime = NOW,
    **more: object,
) -> PhoneCheck:
    call = Call(answered, "三声内接听", **{"checked_at": MORNING, "mend_by": None} | more)  # type: ignore[arg-type]
    with db.writing() as session:
        found = session.scalars(select(Unit).where(Unit.code == unit)).one()
        return phones.record_check(session, found, call, by=people.supervisor, at=at)


def rounds(db: Database) -> dict[str, Clock]:
    with db.reading() as session:
        query = select(Clock).where(Clock.rule == "duty.phone").order_by(Clock.due_on)
        return {clock.subject: clock for clock in session.scalars(query)}


def mended(db: Database) -> list[tuple[int, date | None]]:
    """The tasks that failed calls opened, with their days."""
    query = select(DutyTask.id, Duty.due_on).join(Duty).where(Duty.origin == Origin.PHONE)
    with db.reading() as session:
        return [(task_id, day) for task_id, day in session.execute(query.order_by(DutyTask.id))]


def test_each_quarter_has_a_round_of_the_leading_office(db: Database, people: People) -> None:
    started(db)
    assert [str(clock.due_on) for clock in rounds(db).values()] == [
        "2026-03-31",
        "2026-06-30",
        "2026-09-30",
        "2026-12-31",
    ]
    assert {clock.unit_id for clock in rounds(db).values()} == {people.supervisor.unit_id}


def test_without_a_ledger_there_is_no_round(db: Database, people: People) -> None:
    with db.writing() as session:
        assert phones.open_rounds(session, 2026, by=people.supervisor, at=NOW) == 0


def test_the_last_units_call_fulfils_the_round(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        codes = [unit.code for unit in phones.register(session, 2026)]
    for code in codes[:-1]:
        checked(db, people, code)
    assert rounds(db)["phone_round:2026-3"].stopped_at is None
    checked(db, people, codes[-1])
    assert rounds(db)["phone_round:2026-3"].outcome is Outcome.FULFILLED


def test_a_call_of_another_quarter_does_not_count_for_this_one(db: Database, people: People) -> None:
    started(db)
    checked(db, people, checked_at=on(date(2026, 9, 30)), at=on(date(2026, 10, 8)))
    with db.reading() as session:
        assert len(phones.checks_of(session, Quarter(2026, 3))) == 1
        assert len(phones.checks_of(session, Quarter(2026, 4))) == 0


def test_a_call_that_was_answered_opens_nothing(db: Database, people: People) -> None:
    started(db)
    checked(db, people)
    assert mended(db) == []


def test_a_failed_call_opens_a_task_due_in_five_working_days(db: Database, people: People) -> None:
    started(db)
    row = checked(db, people, answered=False)
    # from Tuesday 22 September: 23, 24, then 28, 29, 30 after the Mid-Autumn days
    assert mended(db) == [(row.task_id, date(2026, 9, 30))]


def test_a_failed_call_may_name_its_day(db: Database, people: People) -> None:
    started(db)
    checked(db, people, answered=False, mend_by=date(2026, 10, 20))
    assert mended(db)[0][1] == date(2026, 10, 20)


def test_a_second_failure_is_served_by_the_open_task(db: Database, people: People) -> None:
    started(db)
    first = checked(db, people, answered=False)
    second = checked(db, people, answered=False, checked_at=on(date(2026, 9, 22), 14))
    assert (len(mended(db)), second.task_id) == (1, first.task_id)


def test_a_failure_after_the_task_ended_opens_another(db: Database, people: People) -> None:
    started(db)
    row = checked(db, people, answered=False)
    with db.writing() as session:
        task = session.get_one(DutyTask, row.task_id)
        session.refresh(task, ["duty"])
        service.release(session, task, "号码登记有误", by=people.supervisor, at=NOW)
    checked(db, people, answered=False)
    assert len(mended(db)) == 2


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 9, 22, 8, 59, tzinfo=SHANGHAI), "工作时间"),
        (datetime(2026, 9, 21, 18, 0, tzinfo=SHANGHAI), "工作时间"),
        (datetime(2026, 9, 26, 10, 0, tzinfo=SHANGHAI), "晚于现在"),
        (datetime(2026, 9, 19, 10, 0, tzinfo=SHANGHAI), "工作时间"),
        (datetime(2026, 9, 11, 10, 0, tzinfo=SHANGHAI), "10日内"),
    ],
)
def test_a_call_that_proves_nothing_is_refused(
    db: Database, people: People, moment: datetime, words: str
) -> None:
    started(db)
    with pytest.raises(Refused, match=words):
        checked(db, people, checked_at=moment)


def test_a_make_up_sunday_is_a_day_for_calls(db: Database, people: People) -> None:
    started(db)
    assert checked(db, people, checked_at=datetime(2026, 9, 20, 10, 0, tzinfo=SHANGHAI)).id


def test_a_unit_outside_the_register_is_refused(db: Database, people: People) -> None:
    started(db)
    with pytest.raises(Refused, match="抽查名单"):
        checked(db, people, "press_office")


def test_only_the_supervising_office_enters_calls(db: Database, people: People) -> None:
    started(db)
    with pytest.raises(NotYours), db.writing() as session:
        unit = session.get_one(Unit, people.handler.unit_id)
        phones.record_check(session, unit, Call(True, "接通", MORNING), by=people.handler, at=NOW)


def test_the_task_of_a_failed_call_has_a_clock_of_its_own(db: Database, people: People) -> None:
    started(db)
    row = checked(db, people, answered=False)
    with db.reading() as session:
        clock = session.get_one(Clock, session.get_one(DutyTask, row.task_id).clock_id)
        assert (clock.rule, clocks.on_time(clock)) == ("duty.rectify", None)
        assert task_of(session, phones.CLAUSE).duty.origin is Origin.PHONE
