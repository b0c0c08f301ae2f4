"""No silent extension: what the law behind a limit does not admit is refused; both figures stay."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import Actor
from escalation import clocks, terms
from escalation.models import Clock, Deadline, Move, Outcome
from escalation.sweep import sweep
from escalation.terms import Ask, NotLawful
from tests.people import People

OPEN_GOVERNMENT = "disclosure.reply"  # 20 working days, +20, paused while third parties are asked
GROUND = "征求第三方和其他机关意见"
RECEIVED = datetime(2026, 3, 2, 1, tzinfo=UTC)  # Monday 2 March; the 20th working day is 30 March


def started(session: Session, people: People, rule: str = OPEN_GOVERNMENT) -> Clock:
    unit = people.handler.unit_id or 0
    return clocks.start(
        session,
        "x:1",
        rule,
        received_at=RECEIVED,
        unit_id=unit,
        label="x",
        link="/x/1",
        by=people.operator,
        at=RECEIVED,
    )


def grant(session: Session, clock: Clock, wish: Ask, asker: Actor, ruler: Actor, at: datetime) -> None:
    request = terms.ask(session, clock, wish, by=asker, at=at)
    terms.rule_on(session, request, granted=True, ruling="同意", by=ruler, at=at)


def test_the_five_day_duty_has_no_extension(db: Database, people: People) -> None:
    with db.writing() as session, pytest.raises(NotLawful, match="阶段性答复"):
        wish = Ask(Move.EXTENSION, "忙", amount=5)
        terms.ask(session, started(session, people, "inquiry.reply"), wish, by=people.handler, at=RECEIVED)


def test_the_five_day_duty_cannot_be_paused(db: Database, people: People) -> None:
    with db.writing() as session, pytest.raises(NotLawful, match="没有暂停"):
        wish = Ask(Move.PAUSE, "等", ground=GROUND)
        terms.ask(session, started(session, people, "inquiry.reply"), wish, by=people.handler, at=RECEIVED)


def test_a_pause_without_a_lawful_ground_is_refused(db: Database, people: People) -> None:
    with db.writing() as session, pytest.raises(NotLawful, match="只能因"):
        terms.ask(
            session,
            started(session, people),
            Ask(Move.PAUSE, "忙", ground="忙"),
            by=people.handler,
            at=RECEIVED,
        )


def test_a_granted_extension_moves_the_due_day_and_keeps_the_original(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        origin = clock.due_at
        grant(
            session,
            clock,
            Ask(Move.EXTENSION, "案情复杂", amount=20),
            people.handler,
            people.supervisor,
            RECEIVED,
        )
    assert (clock.origin_due_at, clock.due_at > origin, clock.rev) == (origin, True, 2)


def test_an_extension_is_given_only_once(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        grant(
            session, clock, Ask(Move.EXTENSION, "复杂", amount=5), people.handler, people.supervisor, RECEIVED
        )
        with pytest.raises(NotLawful, match="延长过"):
            terms.ask(session, clock, Ask(Move.EXTENSION, "再延", amount=5), by=people.handler, at=RECEIVED)


def test_nobody_rules_on_the_own_request(db: Database, people: People) -> None:
    with db.writing() as session, pytest.raises(NotLawful, match="自己"):
        wish = Ask(Move.EXTENSION, "复杂", amount=5)
        grant(session, started(session, people), wish, people.supervisor, people.supervisor, RECEIVED)


def test_working_days_of_a_pause_are_not_counted(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        monday = RECEIVED + timedelta(days=7)
        grant(
            session,
            clock,
            Ask(Move.PAUSE, "等意见", ground=GROUND),
            people.handler,
            people.supervisor,
            monday,
        )
        terms.resume(session, clock, reason="收到意见", by=people.handler, at=monday + timedelta(days=4))
    assert (clock.due_on, clock.origin_due_at.date()) == (date(2026, 4, 7), date(2026, 3, 30))


def test_no_notice_is_written_while_the_clock_stands_still(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        grant(
            session,
            clock,
            Ask(Move.PAUSE, "等意见", ground=GROUND),
            people.handler,
            people.supervisor,
            RECEIVED,
        )
    assert sweep(db, at=RECEIVED + timedelta(days=90)).notices == 0


def test_each_step_is_a_revision_that_stays(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        grant(
            session,
            clock,
            Ask(Move.PAUSE, "等意见", ground=GROUND),
            people.handler,
            people.supervisor,
            RECEIVED,
        )
        terms.resume(session, clock, reason="收到", by=people.handler, at=RECEIVED + timedelta(days=1))
    with db.reading() as session:
        moves = session.scalars(select(Deadline.move).order_by(Deadline.rev)).all()
    assert moves == [Move.START, Move.PAUSE, Move.RESUME]


def test_a_changed_limit_is_a_revision_with_its_reason(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people, "inquiry.reply")
        wish = Ask(Move.LIMIT, "实为依申请公开", rule=OPEN_GOVERNMENT)
        grant(session, clock, wish, people.operator, people.supervisor, RECEIVED)
        last = session.scalars(select(Deadline).order_by(Deadline.rev.desc())).first()
    assert (clock.due_on, last and last.reason) == (date(2026, 3, 30), "实为依申请公开")


def test_late_by_the_original_limit_may_be_in_time_by_the_approved_one(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        grant(
            session,
            clock,
            Ask(Move.EXTENSION, "复杂", amount=20),
            people.handler,
            people.supervisor,
            RECEIVED,
        )
        told = RECEIVED + timedelta(days=35)
        clocks.halt(session, clock, outcome=Outcome.ANSWERED, stopped_at=told, by=people.handler, at=told)
    assert (clocks.on_time_by_origin(clock), clocks.on_time(clock)) == (False, True)


def test_an_hour_clock_runs_through_night_and_holiday(db: Database, people: People) -> None:
    evening = datetime(2026, 9, 30, 14, tzinfo=UTC)  # 22:00 before the National Day holiday
    with db.writing() as session:
        clock = clocks.start(
            session,
            "opinion:1",
            "opinion.first_word",
            received_at=evening,
            unit_id=people.handler.unit_id or 0,
            label="x",
            link="/x",
            by=people.operator,
            at=evening,
        )
    sweep(db, at=evening + timedelta(hours=3))
    with db.reading() as session:
        kept = session.get_one(Clock, clock.id)
    assert (kept.due_at, kept.next_at) == (evening + timedelta(hours=5), evening + timedelta(hours=4))
