"""Calendar versions: previewed, confirmed, followed by the running clocks, told once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from core.db import Database
from core.facts import Fact
from core.people import Actor
from escalation.calendar_models import CalendarDay, CalendarVersion, CalendarWord, EntryKind
from escalation.calendars import Change, Overtaken, confirm, in_force, proposed
from escalation.models import Clock, Deadline
from escalation.recompute import preview, recompute
from escalation.sweep import sweep
from sla import Day, DayKind
from tests.builders import a_call, dispatched, signed, told
from tests.people import People

CLOSED = date(2026, 9, 29)  # Tuesday, counted day 4 of a case received on 22 September
TYPHOON = Change(
    EntryKind.LOCAL, "县府发〔2026〕9号", "防汛停工一天", (Day(CLOSED, DayKind.HOLIDAY, "防汛停工"),)
)


def close_the_offices(db: Database, by: Actor, at: datetime, change: Change = TYPHOON) -> None:
    with db.writing() as session:
        confirm(session, change, base=in_force().version, reason="暴雨", by=by, at=at)
    recompute(db, at=at)


def clock(db: Database) -> Clock:
    with db.reading() as session:
        return session.scalars(select(Clock)).one()


def test_a_local_closure_moves_a_running_clock(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    close_the_offices(db, people.supervisor, at)
    assert clock(db).due_on == date(2026, 10, 8)


def test_both_due_days_stay_on_record(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    close_the_offices(db, people.supervisor, at)
    with db.reading() as session:
        days = session.scalars(select(Deadline.due_on).order_by(Deadline.rev)).all()
    assert days == [date(2026, 9, 30), date(2026, 10, 8)]


def test_a_stopped_clock_is_never_touched(db: Database, people: People, at: datetime) -> None:
    from inquiries import service

    with db.writing() as session:
        inquiry = signed(session, people, at)
        service.reply(session, inquiry, told(at), by=people.handler, at=at)
    close_the_offices(db, people.supervisor, at)
    assert (clock(db).due_on, clock(db).rev) == (date(2026, 9, 30), 1)


def test_the_preview_says_what_the_confirmation_does(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
        a_call(session, people.operator, at, received_at=datetime(2026, 9, 18, 1, tzinfo=UTC))
    with db.reading() as session:
        made = preview(session, proposed(session, TYPHOON, at=at))
    assert (made.running, made.earlier, made.later) == (2, 0, 1)


def test_a_preview_writes_nothing(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    with db.reading() as session:
        preview(session, proposed(session, TYPHOON, at=at))
    assert (clock(db).due_on, clock(db).calendar_version) == (date(2026, 9, 30), in_force().version)


def test_a_moved_clock_has_a_fact_with_old_and_new(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    close_the_offices(db, people.supervisor, at)
    with db.reading() as session:
        detail = session.scalars(select(Fact.detail).where(Fact.act == "clock:move")).one()
    assert "2026-09-30T16:00" in detail and "2026-10-08T16:00" in detail


def test_each_holder_is_told_once_however_many_clocks_moved(
    db: Database, people: People, at: datetime
) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
        dispatched(session, people, at)
    close_the_offices(db, people.supervisor, at)
    recompute(db, at=at)
    with db.reading() as session:
        words = [(word.person_id, word.moved) for word in session.scalars(select(CalendarWord))]
    assert words == [(people.handler.id, 2)]


def test_a_crash_between_batches_is_continued(
    db: Database, people: People, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.writing() as session:
        for _ in range(5):
            a_call(session, people.operator, at)
        confirm(session, TYPHOON, base=in_force().version, reason="暴雨", by=people.supervisor, at=at)
    monkeypatch.setattr("escalation.recompute.BATCH", 2)
    from escalation.recompute import _one_batch

    assert _one_batch(db, at) == 2
    assert recompute(db, at=at) == 3


def test_the_ladder_of_a_moved_deadline_begins_anew(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
    close_the_offices(db, people.supervisor, at)
    sweep(db, at=datetime(2026, 9, 28, 1, tzinfo=UTC))
    assert clock(db).next_at == datetime(2026, 9, 30, 1, tzinfo=UTC)


def test_a_second_confirmation_on_an_old_preview_is_refused(
    db: Database, people: People, at: datetime
) -> None:
    base = in_force().version
    close_the_offices(db, people.supervisor, at)
    with db.writing() as session, pytest.raises(Overtaken):
        confirm(session, TYPHOON, base=base, reason="再来", by=people.supervisor, at=at)


def test_a_confirmation_that_began_before_another_ended_is_refused(
    db: Database, people: People, at: datetime
) -> None:
    """The calendar is learnt when a transaction begins; another may be confirmed before it writes."""
    if db.is_sqlite:
        pytest.skip("the writers of a file queue: none begins before another ended")
    with db.writing() as session:
        base = in_force().version
        with ThreadPoolExecutor(1) as pool:
            pool.submit(close_the_offices, db, people.supervisor, at).result()
        with pytest.raises(Overtaken):
            confirm(session, TYPHOON, base=base, reason="暴雨", by=people.supervisor, at=at)


def test_a_withdrawn_closure_gives_the_day_back(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    close_the_offices(db, people.supervisor, at)
    with db.reading() as session:
        entry = session.scalars(select(CalendarVersion)).one().entry.id
    undo = Change(EntryKind.WITHDRAWAL, "撤销停工", "", withdraws_id=entry)
    close_the_offices(db, people.supervisor, at, undo)
    assert clock(db).due_on == date(2026, 9, 30)


def test_an_announcement_settles_a_provisional_clock_without_moving_it(
    db: Database, people: People, at: datetime
) -> None:
    late = datetime(2027, 3, 1, 1, tzinfo=UTC)
    with db.writing() as session:
        a_call(session, people.operator, late, received_at=late)
    assert clock(db).provisional
    notice = Change(
        EntryKind.ANNOUNCEMENT, "2027年通知", "", (Day(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),), (2027,)
    )
    close_the_offices(db, people.supervisor, late, notice)
    assert (clock(db).provisional, clock(db).rev) == (False, 1)


def test_a_later_local_override_wins_over_an_announcement(db: Database, people: People, at: datetime) -> None:
    close_the_offices(db, people.supervisor, at)
    work = Change(EntryKind.ANNOUNCEMENT, "补充通知", "", (Day(CLOSED, DayKind.WORKDAY),))
    close_the_offices(db, people.supervisor, at, work)
    with db.reading():
        assert not in_force().is_workday(CLOSED)


def test_a_confirmed_day_cannot_be_changed(db: Database, people: People, at: datetime) -> None:
    close_the_offices(db, people.supervisor, at)
    with pytest.raises(DBAPIError, match="append-only"), db.writing() as session:
        session.execute(update(CalendarDay).values(name="改"))


def test_versions_are_numbered_within_the_year(db: Database, people: People, at: datetime) -> None:
    close_the_offices(db, people.supervisor, at)
    close_the_offices(
        db,
        people.supervisor,
        at,
        Change(EntryKind.LOCAL, "又一天", "", (Day(date(2026, 9, 28), DayKind.HOLIDAY, "停工"),)),
    )
    with db.reading() as session:
        assert session.scalars(select(CalendarVersion.label)).all() == ["2026-1", "2026-2"]


def test_every_running_clock_follows_exactly_once(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        for _ in range(3):
            a_call(session, people.operator, at)
    close_the_offices(db, people.supervisor, at)
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Deadline.rev == 2)) == 3
