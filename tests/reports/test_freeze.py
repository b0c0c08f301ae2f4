"""A frozen sheet never changes, and the same counts come out again whatever happened since."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core import facts
from core.db import Database
from core.facts import Fact
from core.people import SYSTEM
from escalation import clocks, terms
from escalation.models import Move, Outcome
from escalation.terms import Ask
from reports import recount
from reports.figures import Question, then_standing
from reports.freeze import Refused
from reports.models import ScoreSheet
from reports.score import Tally
from tests.conftest import settle
from tests.people import People
from tests.reports.scene import (
    AFTER,
    ANSWERED,
    CUT,
    DEFINITIONS,
    LATE,
    LATER,
    Q3,
    RECEIVED,
    REPLY,
    answered,
    clock,
    frozen,
    on_record,
    open_ones,
    recounted,
    stop_later,
    tally,
)

SPLIT = Tally(in_time=3, late=1, unanswered=2, by_origin=3)


def six(db: Database, people: People) -> None:
    """Three in time, one late, two overdue and open."""
    answered(db, people, 1, 2, 3)
    answered(db, people, 4, told=LATE)
    open_ones(db, people, 5, 6)


def faults(db: Database, sheet: ScoreSheet) -> list[str]:
    with db.reading() as session:
        return recount.faults(session, session.get_one(ScoreSheet, sheet.id))


def granted(db: Database, people: People, n: int, wish: Ask, at: datetime) -> None:
    with db.writing() as session:
        one = clocks.running(session, f"inquiry:{n}", REPLY)
        request = terms.ask(session, one, wish, by=people.handler, at=at)
        terms.rule_on(session, request, granted=True, ruling="同意", by=people.supervisor, at=at)


CHANGE = Ask(Move.LIMIT, "实为依申请公开，按条例办理", rule="disclosure.reply")


def test_what_is_on_record_now_is_what_stands_now(db: Database, people: People) -> None:
    six(db, people)
    assert on_record(db, people) == tally(db, people) == SPLIT


def test_a_sheet_is_counted_again_with_the_same_result(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    assert (recounted(db, sheet), faults(db, sheet)) == ((), [])


def test_a_later_answer_does_not_change_the_count(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    stop_later(db, 5, LATER)
    assert (recounted(db, sheet), tally(db, people, at=LATER).late) == ((), 2)


def test_an_answer_told_before_but_entered_after_the_cut_off_was_not_on_record(
    db: Database, people: People
) -> None:
    six(db, people)
    sheet = frozen(db, people)
    stop_later(db, 5, ANSWERED, at=LATER)
    assert (recounted(db, sheet), tally(db, people, at=LATER).in_time) == ((), 4)


def test_a_later_merge_does_not_change_the_count(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    stop_later(db, 5, LATER, Outcome.MERGED)
    assert (recounted(db, sheet), tally(db, people, at=LATER).fallen) == ((), 5)


def test_a_case_entered_after_the_cut_off_was_not_on_record(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    open_ones(db, people, 7, at=LATER)
    assert (recounted(db, sheet), tally(db, people, at=LATER).fallen) == ((), 7)


def test_a_limit_moved_after_the_cut_off_does_not_change_the_count(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    granted(db, people, 5, CHANGE, LATER)
    assert (recounted(db, sheet), tally(db, people, at=LATER).fallen) == ((), 5)


def test_a_limit_moved_before_the_cut_off_counts_as_moved(db: Database, people: People) -> None:
    six(db, people)
    granted(db, people, 5, CHANGE, LATE)
    assert on_record(db, people).fallen == 5
    assert recounted(db, frozen(db, people)) == ()


def test_a_case_handed_over_after_the_cut_off_stays_with_who_held_it(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    with db.writing() as session:
        clocks.hand_over(session, "inquiry:5", REPLY, unit_id=people.stranger.unit_id or 0, at=LATER)
    assert (recounted(db, sheet), tally(db, people, at=LATER).unanswered) == ((), 1)


def test_a_case_handed_over_before_the_cut_off_counts_for_the_new_unit(db: Database, people: People) -> None:
    six(db, people)
    with db.writing() as session:
        clocks.hand_over(session, "inquiry:5", REPLY, unit_id=people.stranger.unit_id or 0, at=LATE)
    assert on_record(db, people).unanswered == 1


def test_a_clock_that_stood_still_at_the_cut_off_is_not_counted(db: Database, people: People) -> None:
    """Twenty working days from 24 August, due on 20 September; it stands still from 10 September on."""
    began, asked = datetime(2026, 8, 24, 1, 0, tzinfo=UTC), datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
    open_ones(db, people, 1, received_at=began, at=began)
    granted(db, people, 1, CHANGE, began)
    assert (tally(db, people).unanswered, on_record(db, people).unanswered) == (1, 1)
    granted(db, people, 1, Ask(Move.PAUSE, "已发函", ground="征求第三方和其他机关意见"), asked)
    assert (tally(db, people), on_record(db, people)) == (Tally(), Tally())
    sheet = frozen(db, people)
    with db.writing() as session:
        one = clocks.running(session, "inquiry:1", REPLY)
        terms.resume(session, one, reason="已复函", by=SYSTEM, at=LATER)
    assert (on_record(db, people), recounted(db, sheet)) == (Tally(), ())


def test_two_clocks_of_one_matter_are_told_apart(db: Database, people: People) -> None:
    answered(db, people, 1, rule="opinion.response", told=RECEIVED)
    with db.writing() as session:
        clock(session, people, 1)
    stop_later(db, 1, ANSWERED, at=LATER)
    with db.reading() as session:
        found = then_standing(session, Question(DEFINITIONS, Q3, CUT))
    (counts,) = found.values()
    assert (counts.tallies["inquiry"].unanswered, counts.tallies["opinion"].in_time) == (1, 1)


def test_an_edited_clock_is_found(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    with db.writing() as session:
        session.execute(text("UPDATE clock SET outcome = 'merged' WHERE subject = 'inquiry:4'"))
    (found,) = recounted(db, sheet)
    assert (found.unit_id, found.kept, found.found) == (people.handler.unit_id, SPLIT, Tally(3, 0, 2, 3))


def test_the_database_refuses_to_change_or_drop_a_frozen_sheet(db: Database, people: People) -> None:
    six(db, people)
    frozen(db, people)
    for command in ("UPDATE score_sheet SET content = '{}'", "DELETE FROM score_sheet"):
        with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
            session.execute(text(command))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE score_sheet SET content = replace(content, '[3,1,2,3]', '[6,0,0,6]')", "SHA-256"),
        ("UPDATE score_sheet SET note = '改过'", "与封存内容不符"),
        ("UPDATE score_sheet SET sha256 = 'x'", "被整体替换"),
    ],
)
def test_an_edited_sheet_is_found(lite: Database, change: str, told: str) -> None:
    people = settle(lite)
    six(lite, people)
    sheet = frozen(lite, people)
    with lite.writing() as session:
        session.execute(text("DROP TRIGGER score_sheet_no_update"))
        session.execute(text(change))
    assert any(told in fault for fault in faults(lite, sheet))


def test_a_frozen_sheet_keeps_day_calendar_place_in_the_chain_and_person(
    db: Database, people: People
) -> None:
    six(db, people)
    with db.reading() as session:
        before = facts.checkpoint(session)
    sheet = frozen(db, people)
    assert (sheet.cut_off, sheet.counted_at, sheet.last_fact) == (CUT, AFTER, before.seq)
    assert (sheet.by_name, sheet.edition, len(sheet.sha256)) == (people.supervisor.name, 1, 64)
    assert sheet.calendar_version


def test_freezing_leaves_one_fact_with_the_digest(db: Database, people: People) -> None:
    sheet = frozen(db, people)
    with db.reading() as session:
        (fact,) = session.scalars(select(Fact).where(Fact.act == "score:freeze"))
    assert (fact.subject, sheet.sha256 in fact.detail) == ("score:2026-Q3/1", True)


@pytest.mark.parametrize(
    ("changes", "at", "words"),
    [
        ({}, datetime(2026, 9, 30, 15, 0, tzinfo=UTC), "还没有结束"),
        ({"cut_off_day": date(2026, 9, 30)}, datetime(2026, 9, 30, 16, 5, tzinfo=UTC), "还没有结束"),
        ({"cut_off_day": date(2026, 9, 29)}, AFTER, "截止日应在"),
        ({"cut_off_day": date(2026, 10, 12)}, AFTER, "截止日应在"),
        ({"edition": 2, "note": "更正"}, AFTER, "已封存到第0版"),
    ],
)
def test_what_cannot_be_frozen_is_refused_in_words(
    db: Database, people: People, changes: dict[str, object], at: datetime, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        frozen(db, people, at=at, **changes)


def test_ten_minutes_after_midnight_the_last_day_may_be_frozen(db: Database, people: People) -> None:
    at = datetime(2026, 9, 30, 16, 10, tzinfo=UTC)
    assert frozen(db, people, at=at, cut_off_day=date(2026, 9, 30)).cut_off == at - timedelta(minutes=10)


def test_the_same_edition_is_made_once(db: Database, people: People) -> None:
    frozen(db, people)
    with pytest.raises(Refused, match="已封存到第1版"):
        frozen(db, people)


def test_a_correction_is_another_edition_with_its_reason(db: Database, people: People) -> None:
    frozen(db, people)
    with pytest.raises(Refused, match="更正理由"):
        frozen(db, people, edition=2)
    assert frozen(db, people, edition=2, note="补录10件").edition == 2


def test_a_sheet_is_opened_in_the_words_of_its_day(db: Database, people: People) -> None:
    six(db, people)
    sheet = frozen(db, people)
    with db.writing() as session:
        session.execute(text("UPDATE unit SET short_name = '改名后'"))
    (line,) = recount.opened(sheet, {people.handler.unit_id or 0: None}).lines
    assert (line.unit.short, line.score.parts[0].tally) == ("县住建委", SPLIT)


def test_a_line_that_may_not_be_seen_is_not_opened(db: Database, people: People) -> None:
    six(db, people)
    assert recount.opened(frozen(db, people), {people.stranger.unit_id or 0: None}).lines == ()
