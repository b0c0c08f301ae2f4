"""No silent extension: what the law behind a limit does not admit is refused; both figures stay."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import Actor, Unit
from escalation import board, clocks, terms
from escalation.deadlines import open_pause
from escalation.ical import feed
from escalation.models import Clock, Deadline, Move, Notice, Outcome
from escalation.notice_words import rung_text, validity_words
from escalation.ruler import LightWords
from escalation.standing import ruler_of, running_light
from escalation.sweep import sweep
from escalation.terms import Ask, NotLawful
from escalation.validity import Told
from escalation.whatif import what_if
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


AFTER_DUE = RECEIVED + timedelta(days=67, hours=2)  # Friday 8 May, 11:00: the office is open


@pytest.mark.parametrize(
    "wish", [Ask(Move.EXTENSION, "复杂", amount=5), Ask(Move.PAUSE, "等意见", ground=GROUND)]
)
def test_a_term_that_has_run_out_is_neither_extended_nor_paused(
    db: Database, people: People, wish: Ask
) -> None:
    with db.writing() as session, pytest.raises(NotLawful, match="已过时限"):
        terms.ask(session, started(session, people), wish, by=people.handler, at=AFTER_DUE)


def test_a_request_made_in_time_is_not_granted_too_late(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        request = terms.ask(
            session, clock, Ask(Move.EXTENSION, "复杂", amount=5), by=people.handler, at=RECEIVED
        )
        with pytest.raises(NotLawful, match="已过时限"):
            terms.rule_on(session, request, granted=True, ruling="同意", by=people.supervisor, at=AFTER_DUE)
        terms.rule_on(session, request, granted=False, ruling="已过时限", by=people.supervisor, at=AFTER_DUE)
    assert (clock.rev, request.granted) == (1, False)


def test_days_cannot_become_hours(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people, "inquiry.reply")
        assert "opinion.response" not in dict(terms.other_limits(clock))
        with pytest.raises(NotLawful, match="不适用"):
            terms.ask(
                session, clock, Ask(Move.LIMIT, "快", rule="opinion.response"), by=people.handler, at=RECEIVED
            )


def test_an_extension_falls_away_with_the_limit_it_rested_on(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people)
        wish = Ask(Move.EXTENSION, "复杂", amount=20)
        grant(session, clock, wish, people.handler, people.supervisor, RECEIVED)
        wish = Ask(Move.LIMIT, "实为一般诉求", rule="inquiry.reply")
        grant(session, clock, wish, people.handler, people.supervisor, RECEIVED)
    assert (clock.due_on, clock.extra_workdays) == (date(2026, 3, 9), 0)


def paused(session: Session, people: People, at: datetime = RECEIVED) -> Clock:
    clock = started(session, people)
    wish = Ask(Move.PAUSE, "等意见", ground=GROUND)
    grant(session, clock, wish, people.handler, people.supervisor, at)
    return clock


def test_a_pause_counts_only_under_a_limit_that_admits_it(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = paused(session, people)
        terms.resume(session, clock, reason="收到", by=people.handler, at=RECEIVED + timedelta(days=2))
        wish = Ask(Move.LIMIT, "实为一般诉求", rule="inquiry.reply")
        grant(session, clock, wish, people.handler, people.supervisor, RECEIVED + timedelta(days=2))
    assert clock.due_on == date(2026, 3, 9)


def test_the_limit_is_not_changed_while_the_clock_stands_still(db: Database, people: People) -> None:
    with db.writing() as session, pytest.raises(NotLawful, match="先恢复计时"):
        wish = Ask(Move.LIMIT, "实为一般诉求", rule="inquiry.reply")
        terms.ask(session, paused(session, people), wish, by=people.handler, at=RECEIVED)


def test_an_extension_granted_in_a_pause_wakes_no_notice(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = paused(session, people)
        grant(
            session, clock, Ask(Move.EXTENSION, "复杂", amount=5), people.handler, people.supervisor, RECEIVED
        )
    assert sweep(db, at=AFTER_DUE).notices == 0


def test_after_resuming_the_notices_come_again(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = paused(session, people)
        terms.resume(session, clock, reason="收到", by=people.handler, at=RECEIVED + timedelta(days=4))
    assert (clock.paused_since, sweep(db, at=AFTER_DUE).notices) == (None, 6)


def test_an_answer_in_a_pause_ends_it_and_is_in_time(db: Database, people: People) -> None:
    told = RECEIVED + timedelta(days=45)  # two weeks past the day that was due before the pause
    with db.writing() as session:
        clock = paused(session, people, RECEIVED + timedelta(days=7))
        clocks.halt(session, clock, outcome=Outcome.ANSWERED, stopped_at=told, by=people.handler, at=told)
        assert open_pause(session, clock) is None
    assert (clock.paused_since, clock.next_at) == (None, None)
    assert (clocks.on_time(clock), clocks.on_time_by_origin(clock)) == (True, False)


def test_an_answer_given_before_the_pause_began_is_taken_as_told(db: Database, people: People) -> None:
    told = RECEIVED + timedelta(days=3)
    with db.writing() as session:
        clock = paused(session, people, RECEIVED + timedelta(days=7))
        clocks.halt(
            session,
            clock,
            outcome=Outcome.ANSWERED,
            stopped_at=told,
            by=people.handler,
            at=RECEIVED + timedelta(days=9),
        )
    assert (clock.stopped_at, clocks.on_time(clock)) == (told, True)


def test_a_clock_that_stands_still_shows_no_other_light(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = paused(session, people)
    assert running_light(clock, AFTER_DUE) == LightWords("pause", "暂停", "3月2日起")


def test_the_ruler_of_a_pause_shows_the_day_if_it_were_resumed_today(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = paused(session, people, RECEIVED + timedelta(days=7))
        drawn = ruler_of(session, clock, RECEIVED + timedelta(days=11))
    assert drawn is not None
    assert (drawn.light.c, drawn.due_date, drawn.paused) == ("pause", "4月7日", True)
    assert drawn.two_counts.startswith("不扣除暂停的原时限为3月30日。")


def test_a_limit_in_natural_days_has_no_ruler(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people, "petition.handle")
        assert ruler_of(session, clock, RECEIVED) is None


def test_paused_clocks_are_in_no_group_and_never_overdue(db: Database, people: People) -> None:
    with db.writing() as session:
        paused(session, people)
    with db.reading() as session:
        who = people.supervisor
        assert board.groups(session, who, AFTER_DUE) == []
        assert board.overdue(session, who, AFTER_DUE, 9) == []
        assert board.due_on(session, who, date(2026, 3, 30), AFTER_DUE, 9) == []
        assert board.unit_figures(session, who, [], AFTER_DUE) == []
        assert board.standing_still(session, who) == 1


def test_a_paused_clock_is_not_late_by_a_supposed_comparison(db: Database, people: People) -> None:
    with db.writing() as session:
        paused(session, people)
    with db.reading() as session:
        every = what_if(
            session, people.supervisor, purpose=OPEN_GOVERNMENT, year=2026, workdays=20, at=AFTER_DUE
        )[0]
    assert (every.total, every.late) == (1, 0)


def test_the_calendar_feed_says_that_a_due_day_stands_still(db: Database, people: People) -> None:
    with db.writing() as session:
        paused(session, people)
    with db.reading() as session:
        text = feed(session, people.supervisor, site="http://x", at=RECEIVED).decode()
    assert "（计时暂停）" in text


def test_a_notice_of_before_the_pause_says_so(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = paused(session, people)
        unit = session.get_one(Unit, clock.unit_id)
    told = Told(Notice(rev=1, unit_id=clock.unit_id), clock, unit, "")
    assert validity_words(told) == "此件已暂停计时，恢复后顺延。"


def test_a_notice_about_natural_days_speaks_of_working_days(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = started(session, people, "petition.handle")
    assert rung_text(clock, "reminder_notice").sentence.startswith("发出时已逾期1个工作日")
