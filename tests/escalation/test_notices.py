"""Office hours, stand-ins, notices that no rung caused, and clocks whose day was named."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import absences
from core.absences import Leave
from core.db import Database
from core.facts import Fact
from core.people import Actor, Person, PersonRole, Role
from core.people_service import Refused
from escalation import clocks
from escalation.models import Clock, Deadline, Move, Notice
from escalation.notices import notify
from escalation.sweep import sweep
from sla import SHANGHAI, local_date
from tests.escalation.scene import LAST, MOMENTS, RECEIVED, ids, notices, rungs, start_clock, started, told
from tests.people import People

NIGHT = datetime(2026, 9, 28, 23, 0, tzinfo=SHANGHAI)
DAY = date(2026, 9, 28)


def leave(session: Session, who: Actor, other: int, **changes: Any) -> absences.Absence:
    days = {"since": DAY, "until": DAY} | changes
    return absences.enter(session, Leave(who.id or 0, other, **days), by=who, at=RECEIVED)


def colleague(session: Session, people: People) -> int:
    """A second person of the handler's unit, without roles."""
    made = Person(login="ersi", name="二四", unit_id=people.handler.unit_id, password_hash="", email="")
    made.created_at = made.password_at = RECEIVED
    session.add(made)
    session.flush()
    return made.id


def test_a_notice_in_days_waits_for_the_morning(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=NIGHT)
    assert rungs(db) == []
    sweep(db, at=MOMENTS["warn"])
    assert rungs(db) == ["remind", "warn"]


def test_a_clock_that_waits_for_the_morning_is_not_asked_again_at_night(db: Database, people: People) -> None:
    started(db, people)
    assert sweep(db, at=NIGHT).clocks == 1
    assert sweep(db, at=NIGHT + timedelta(hours=1)).clocks == 0


def test_a_clock_in_hours_speaks_at_night(db: Database, people: People) -> None:
    with db.writing() as session:
        given = {"received_at": RECEIVED, "unit_id": people.handler.unit_id, "label": "", "link": "/"}
        clocks.start(session, "case:1", "opinion.first_word", **given, by=people.operator, at=RECEIVED)
    sweep(db, at=datetime(2026, 9, 22, 23, 0, tzinfo=SHANGHAI))
    assert rungs(db) == ["remind", "warn", "due", "reminder_notice", "supervision_order"]


def test_somebody_away_is_stood_in_for(db: Database, people: People) -> None:
    started(db, people)
    with db.writing() as session:
        other = colleague(session, people)
        leave(session, people.handler, other)
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == {other}


@pytest.mark.parametrize("change", [{"since": DAY + timedelta(days=1), "until": DAY + timedelta(days=2)}])
def test_a_leave_of_another_day_changes_nothing(
    db: Database, people: People, change: dict[str, date]
) -> None:
    started(db, people)
    with db.writing() as session:
        leave(session, people.handler, colleague(session, people), **change)
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == ids(people.handler)


def test_a_leave_that_was_withdrawn_changes_nothing(db: Database, people: People) -> None:
    started(db, people)
    with db.writing() as session:
        made = leave(session, people.handler, colleague(session, people))
        session.flush()
        assert absences.withdraw(session, made.id, by=people.handler, at=RECEIVED)
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == ids(people.handler)


def test_two_who_stand_in_for_one_another_are_both_told_themselves(db: Database, people: People) -> None:
    with db.writing() as session:
        other = colleague(session, people)
        session.add(PersonRole(person_id=other, role=Role.LEADER))
        leave(session, people.handler, other)
        leave(session, Actor(other, "二四", people.handler.unit_id), people.handler.id or 0)
        session.flush()
        assert absences.stand_ins(session, DAY) == {}


def test_a_stand_in_who_left_does_not_swallow_a_notice(db: Database, people: People) -> None:
    started(db, people)
    with db.writing() as session:
        other = colleague(session, people)
        leave(session, people.handler, other)
        session.get_one(Person, other).active = False
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == ids(people.handler)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": DAY - timedelta(days=1)}, "until"),
        ({"since": date(2026, 9, 1), "until": date(2026, 9, 2)}, "until"),
        ({"until": DAY + timedelta(days=400)}, "until"),
    ],
)
def test_days_that_make_no_leave_are_refused(
    db: Database, people: People, change: dict[str, date], field: str
) -> None:
    with db.writing() as session, pytest.raises(Refused) as refused:
        leave(session, people.handler, colleague(session, people), **change)
    assert refused.value.field == field


def test_two_leaves_of_one_day_are_refused(db: Database, people: People) -> None:
    with db.writing() as session:
        other = colleague(session, people)
        leave(session, people.handler, other)
        session.flush()
        with pytest.raises(Refused, match="已经登记过"):
            leave(session, people.handler, other)


@pytest.mark.parametrize("who", ["stranger", "handler"])
def test_only_a_colleague_may_stand_in(db: Database, people: People, who: str) -> None:
    with db.writing() as session, pytest.raises(Refused) as refused:
        leave(session, people.handler, getattr(people, who).id)
    assert refused.value.field == "stand_in"


def test_nobody_enters_the_leave_of_another_unit(db: Database, people: People) -> None:
    with db.writing() as session, pytest.raises(Refused) as refused:
        wish = Leave(people.handler.id or 0, colleague(session, people), DAY, DAY)
        absences.enter(session, wish, by=people.stranger, at=RECEIVED)
    assert refused.value.field == "person"


def test_the_watch_office_hears_what_is_addressed_to_it(db: Database, people: People) -> None:
    from escalation.audience import Audience

    with db.writing() as session:
        session.add(PersonRole(person_id=people.stranger.id, role=Role.WATCH))
        session.flush()
        assert Audience(session).of(people.handler.unit_id or 0, ["watch"]) == [people.stranger.id]


def send(session: Session, people: People, clock: Clock, key: str = "urge:1") -> Notice | None:
    to = [people.handler.id or 0, people.handler.id or 0]
    words = {"title": "催办", "text": "请今天答复。"}
    return notify(session, clock, key, **words, to=to, by=people.supervisor, at=MOMENTS["warn"])


def test_a_notice_that_no_rung_caused_is_told_once_to_each(db: Database, people: People) -> None:
    with db.writing() as session:
        made = send(session, people, start_clock(session, people))
    assert made and (made.title, made.by_id, told(db, "urge:1")) == (
        "催办",
        people.supervisor.id,
        ids(people.handler),
    )


def test_the_same_key_is_not_sent_twice(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = start_clock(session, people)
        assert send(session, people, clock) is not None
        assert send(session, people, clock) is None
    assert rungs(db) == ["urge:1"]


def test_it_does_not_overtake_the_rungs(db: Database, people: People) -> None:
    from escalation.validity import told as told_of
    from escalation.validity import told_rows

    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    with db.writing() as session:
        send(session, people, session.scalars(select(Clock)).one())
        rows = [told_of(row) for row in session.execute(told_rows())]
    assert [row.higher for row in rows] == ["", ""]


def test_it_writes_one_fact(db: Database, people: People) -> None:
    with db.writing() as session:
        send(session, people, start_clock(session, people))
    with db.reading() as session:
        acts = session.scalars(select(Fact.by_name).where(Fact.act == "notice:issue")).all()
    assert acts == [people.supervisor.name]


DATED = {"key": "paper.reply"}


@pytest.fixture
def dated(monkeypatch: pytest.MonkeyPatch) -> str:
    """A limit whose term is a day; the rooms bring their own."""
    from escalation import rules
    from sla import Limit, LimitBook, Rung, limits

    own = Limit("test.dated", "回复", dated=True, ladder=(Rung("due", "到期", 0, ("handler",)),))
    monkeypatch.setattr(rules, "limits", lambda: LimitBook([*limits().limits, own]))
    rules.ladder.cache_clear()
    return own.key


def named(session: Session, people: People, rule: str) -> Clock:
    given = {"received_at": RECEIVED, "unit_id": people.handler.unit_id or 0, "label": "", "link": "/"}
    return clocks.start(
        session, "paper:1", rule, **given, by=people.operator, at=RECEIVED, due_on=date(2026, 10, 9)
    )


def test_a_clock_may_run_to_a_day_that_was_named(db: Database, people: People, dated: str) -> None:
    with db.writing() as session:
        clock = named(session, people, dated)
    assert (clock.due_on, clock.set_for, clock.provisional) == (date(2026, 10, 9), date(2026, 10, 9), False)


def test_another_day_is_a_revision_and_the_first_stays(db: Database, people: People, dated: str) -> None:
    with db.writing() as session:
        clock = named(session, people, dated)
        clocks.move_date(
            session, clock, date(2026, 10, 20), reason="材料未齐", by=people.supervisor, at=RECEIVED
        )
    with db.reading() as session:
        moves = session.execute(select(Deadline.move, Deadline.due_on, Deadline.reason)).all()
    assert moves[1] == (Move.DATE, date(2026, 10, 20), "材料未齐")
    assert local_date(clock.origin_due_at - timedelta(seconds=1)) == date(2026, 10, 9)


def test_a_calendar_does_not_move_a_day_that_was_named(db: Database, people: People, dated: str) -> None:
    from escalation.recompute import recompute

    with db.writing() as session:
        named(session, people, dated)
        session.execute(update(Clock).values(calendar_version="an older one"))
    assert recompute(db, at=RECEIVED.astimezone(UTC)) == 0
    with db.reading() as session:
        assert session.scalars(select(Clock.due_on)).one() == date(2026, 10, 9)


def test_a_day_off_is_told_of_on_the_working_day_before(db: Database, people: People, dated: str) -> None:
    with db.writing() as session:
        clock = named(session, people, dated)
        clocks.move_date(session, clock, date(2026, 10, 5), reason="节日", by=people.supervisor, at=RECEIVED)
    sweep(db, at=MOMENTS["due"])
    assert [local_date(n.moment) for n in notices(db)] == [date(2026, 9, 30)]
    assert sweep(db, at=LAST).notices == 0


def test_limits_of_one_kind_do_not_take_the_place_of_another(db: Database, people: People) -> None:
    from escalation.terms import other_limits

    with db.writing() as session:
        offered = {key for key, _words in other_limits(start_clock(session, people))}
    assert offered == {"disclosure.reply", "petition.notify", "petition.handle", "site.error"}


def test_lists_of_cases_leave_out_clocks_of_another_kind(db: Database, people: People, dated: str) -> None:
    from escalation import board

    with db.writing() as session:
        named(session, people, dated)
        start_clock(session, people)
    with db.reading() as session:
        of_cases = board.groups(session, people.supervisor, RECEIVED, "inquiry")
        assert [
            sum(g.count for g in found)
            for found in (of_cases, board.groups(session, people.supervisor, RECEIVED))
        ] == [1, 2]


@pytest.mark.parametrize(("days", "word"), [(0, "按期"), (40, "超期")])
def test_what_was_done_shows_whether_it_was_in_time(
    db: Database, people: People, dated: str, days: int, word: str
) -> None:
    from escalation.models import Outcome
    from escalation.notice_words import light_of

    with db.writing() as session:
        clock = named(session, people, dated)
        done = RECEIVED + timedelta(days=days)
        clocks.halt(session, clock, outcome=Outcome.FULFILLED, stopped_at=done, by=people.handler, at=done)
    assert (light_of(clock, done).w, light_of(clock, done).t[-2:]) == (word, "完成")
