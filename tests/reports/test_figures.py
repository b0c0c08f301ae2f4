"""What is counted: everything that fell due in the period, by the facts as they stand now."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from escalation import clocks, terms
from escalation.board import UnitFigures, groups, unit_figures
from escalation.models import Move, Outcome
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper
from escalation.terms import Ask
from reports.figures import Question, now_standing
from reports.period import Period
from reports.score import Tally
from tests.people import People
from tests.reports.scene import (
    AFTER,
    ANSWERED,
    DEFINITIONS,
    LATE,
    Q3,
    RECEIVED,
    REPLY,
    RESPONSE,
    answered,
    open_ones,
    stop_later,
    tally,
)

MICRO = timedelta(microseconds=1)
MIDNIGHT = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)  # 24:00 on 30 September


def test_an_answer_at_the_due_moment_itself_is_in_time(db: Database, people: People) -> None:
    answered(db, people, 1, told=MIDNIGHT)
    answered(db, people, 2, told=MIDNIGHT + MICRO)
    assert tally(db, people) == Tally(in_time=1, late=1, unanswered=0, by_origin=1)


def test_what_is_overdue_and_open_stands_in_the_denominator(db: Database, people: People) -> None:
    answered(db, people, 1)
    open_ones(db, people, 2)
    found = tally(db, people)
    assert (found.unanswered, found.fallen) == (1, 2)


def test_what_is_not_yet_due_is_not_counted(db: Database, people: People) -> None:
    open_ones(db, people, 1)
    assert tally(db, people, at=MIDNIGHT - MICRO) == Tally()


@pytest.mark.parametrize("outcome", [Outcome.MERGED, Outcome.WITHDRAWN])
def test_what_was_merged_or_withdrawn_is_not_counted(db: Database, people: People, outcome: Outcome) -> None:
    answered(db, people, 1, outcome=outcome)
    answered(db, people, 2, outcome=outcome, told=LATE)
    assert tally(db, people) == Tally()


def test_a_refusal_that_was_told_is_an_answer(db: Database, people: People) -> None:
    answered(db, people, 1, outcome=Outcome.REFUSED)
    assert tally(db, people).in_time == 1


def test_a_limit_that_ends_at_midnight_belongs_to_the_day_before(db: Database, people: People) -> None:
    open_ones(db, people, 1)
    with db.reading() as session:
        october = Question(DEFINITIONS, Period.of("2026-10"), AFTER)
        september = Question(DEFINITIONS, Period.of("2026-09"), AFTER)
        assert (len(now_standing(session, september)), now_standing(session, october)) == (1, {})


def test_each_clock_is_counted_under_the_indicator_of_its_purpose(db: Database, people: People) -> None:
    answered(db, people, 1, rule=RESPONSE, told=RECEIVED + timedelta(hours=3))
    assert (tally(db, people).fallen, tally(db, people, "opinion").in_time) == (0, 1)


def test_a_purpose_that_no_indicator_names_is_left_out(db: Database, people: People) -> None:
    answered(db, people, 1, rule="site.error")
    with db.reading() as session:
        assert now_standing(session, Question(DEFINITIONS, Q3, AFTER)) == {}


def test_units_that_were_not_asked_for_are_left_out(db: Database, people: People) -> None:
    open_ones(db, people, 1)
    with db.reading() as session:
        asked = Question(DEFINITIONS, Q3, AFTER, {people.stranger.unit_id or 0})
        assert now_standing(session, asked) == {}


def test_the_first_limit_is_the_other_figure(db: Database, people: People) -> None:
    """Changed openly to twenty working days and answered on the sixth: in time by the approved limit alone."""
    open_ones(db, people, 1)
    wish = Ask(Move.LIMIT, "实为依申请公开", rule="disclosure.reply")
    with db.writing() as session:
        one = clocks.running(session, "inquiry:1", REPLY)
        request = terms.ask(session, one, wish, by=people.handler, at=ANSWERED)
        terms.rule_on(session, request, granted=True, ruling="同意", by=people.supervisor, at=ANSWERED)
    stop_later(db, 1, LATE)
    with db.reading() as session:
        found = now_standing(session, Question(DEFINITIONS, Period.of("2026-Q4"), AFTER + timedelta(days=60)))
    assert found[people.handler.unit_id or 0].tallies["inquiry"] == Tally(in_time=1, by_origin=0)


def desk_line(db: Database, people: People, at: datetime) -> UnitFigures:
    with db.reading() as session:
        (line,) = unit_figures(session, people.supervisor, groups(session, people.supervisor, at), at)
        return line


def test_the_desk_counts_by_the_same_definition(db: Database, people: People) -> None:
    early = {
        "received_at": datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
    }  # due on Sunday 20 September, a working day
    answered(db, people, 1, 2, told=datetime(2026, 9, 18, 2, 0, tzinfo=UTC), **early)
    answered(db, people, 3, **early)
    open_ones(db, people, 4, 5, **early)
    at = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
    desk, found = desk_line(db, people, at), tally(db, people, at=at)
    assert found == Tally(in_time=2, late=1, unanswered=2, by_origin=2)
    assert (desk.on_time, desk.late, desk.unanswered) == (found.in_time, found.late, found.unanswered)


def test_the_desk_of_a_new_quarter_leaves_out_what_ended_at_its_first_midnight(
    db: Database, people: People
) -> None:
    open_ones(db, people, 1)
    assert desk_line(db, people, LATE).fallen_due == 0


def draft(session: Session, people: People, kind: PaperKind, issued_at: datetime | None) -> None:
    paper = Paper(
        kind=kind, unit_id=people.handler.unit_id or 0, title="", drafted_at=AFTER, issued_at=issued_at
    )
    session.add(paper)


def test_papers_are_counted_when_they_were_issued(db: Database, people: People) -> None:
    with db.writing() as session:
        for kind in (PaperKind.REMINDER, PaperKind.REMINDER, PaperKind.CRITICISM):
            draft(session, people, kind, AFTER)
    with db.reading() as session:
        found = now_standing(session, Question(DEFINITIONS, Period.of("2026-10"), AFTER + timedelta(days=2)))
    (counts,) = found.values()
    assert counts.served == {"reminder_notice": 2, "criticism_circular": 1}


@pytest.mark.parametrize("issued_at", [None, AFTER + timedelta(days=5)])
def test_a_draft_or_a_later_paper_was_served_to_nobody(
    db: Database, people: People, issued_at: datetime | None
) -> None:
    with db.writing() as session:
        draft(session, people, PaperKind.CRITICISM, issued_at)
    with db.reading() as session:
        question = Question(DEFINITIONS, Period.of("2026-10"), AFTER + timedelta(days=2))
        assert now_standing(session, question) == {}
