"""Public consultations: thirty natural days or a reason, one clock to the outcome notice, evidence at the end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.db import Database
from core.people import Unit
from duties import consultations
from duties.consultations import Draft, Notice, state_of
from duties.models import Evidence
from duties.record_models import Consultation
from duties.stages import NotYours
from duties.words import ConsultationState, Refused
from escalation.models import Clock, Outcome
from tests.duties.scene import on, started, task_of
from tests.people import People

PUBLISHED = date(2026, 9, 1)
NOW = on(date(2026, 9, 22))
DRAFT = Draft(
    "城市更新专项规划", PUBLISHED, date(2026, 10, 1), date(2026, 10, 30), "政府网站 https://example.gov.cn/1"
)
NOTICE = Notice(42, 15, "采纳15条", "https://example.gov.cn/2", date(2026, 10, 20))


def entered(db: Database, people: People, draft: Draft = DRAFT) -> int:
    with db.writing() as session:
        unit = session.get_one(Unit, people.handler.unit_id)
        return consultations.enter(session, unit, draft, by=people.handler, at=NOW).id


def row_of(db: Database, row_id: int) -> Consultation:
    with db.reading() as session:
        return session.get_one(Consultation, row_id)


def concluded(db: Database, people: People, row_id: int, notice: Notice = NOTICE) -> None:
    with db.writing() as session:
        row = session.get_one(Consultation, row_id)
        consultations.publish_outcome(session, row, notice, by=people.handler, at=on(date(2026, 10, 20)))


@pytest.mark.parametrize(("days", "allowed"), [(30, True), (29, False)])
def test_thirty_days_are_counted_without_the_day_of_publication(
    db: Database, people: People, days: int, allowed: bool
) -> None:
    draft = replace(DRAFT, closes_on=PUBLISHED + timedelta(days=days))
    if allowed:
        assert entered(db, people, draft)
        return
    with pytest.raises(Refused, match="10月1日") as fault:
        entered(db, people, draft)
    assert fault.value.field == "short_reason"


def test_a_shorter_one_needs_a_reason(db: Database, people: People) -> None:
    assert entered(db, people, replace(DRAFT, closes_on=date(2026, 9, 11), short_reason="汛期临近"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"published_on": date(2026, 9, 23)}, "published_on"),
        ({"closes_on": PUBLISHED}, "closes_on"),
        ({"outcome_due_on": date(2026, 10, 1)}, "outcome_due_on"),
    ],
)
def test_days_out_of_order_are_refused_beside_their_field(
    db: Database, people: People, change: dict[str, date], field: str
) -> None:
    with pytest.raises(Refused) as fault:
        entered(db, people, replace(DRAFT, **change))
    assert fault.value.field == field


def test_a_clock_runs_to_the_outcome_notice(db: Database, people: People) -> None:
    row = row_of(db, entered(db, people))
    with db.reading() as session:
        clock = session.get_one(Clock, row.clock_id)
    assert (clock.due_on, clock.link) == (date(2026, 10, 30), f"/duties/consultations/{row.id}")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 10, 1), ConsultationState.OPEN),
        (date(2026, 10, 2), ConsultationState.WAITING),
    ],
)
def test_the_closing_day_itself_is_still_open(
    db: Database, people: People, today: date, state: ConsultationState
) -> None:
    assert state_of(row_of(db, entered(db, people)), today) is state


def test_the_outcome_ends_the_clock(db: Database, people: People) -> None:
    row_id = entered(db, people)
    concluded(db, people, row_id)
    row = row_of(db, row_id)
    assert row.clock is not None
    assert (row.clock.outcome, state_of(row, NOW.date())) == (
        Outcome.FULFILLED,
        ConsultationState.PUBLISHED,
    )


def test_the_outcome_stands_as_evidence_of_the_units_task(db: Database, people: People) -> None:
    started(db)
    concluded(db, people, entered(db, people))
    with db.reading() as session:
        task = task_of(session, consultations.CLAUSE)
        assert session.scalars(select(Evidence.link).where(Evidence.task_id == task.id)).all() == [
            NOTICE.link
        ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"published_on": date(2026, 10, 1)}, "published_on"),
        ({"published_on": date(2026, 10, 21)}, "published_on"),
        ({"adopted": 43}, "adopted"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(
    db: Database, people: People, change: dict[str, object], field: str
) -> None:
    row_id = entered(db, people)
    with pytest.raises(Refused) as fault:
        concluded(db, people, row_id, replace(NOTICE, **change))
    assert fault.value.field == field


def test_an_outcome_is_entered_once(db: Database, people: People) -> None:
    row_id = entered(db, people)
    concluded(db, people, row_id)
    with pytest.raises(Refused, match="已经结束"):
        concluded(db, people, row_id)


def test_a_withdrawn_one_ends_without_a_verdict(db: Database, people: People) -> None:
    row_id = entered(db, people)
    with db.writing() as session:
        row = session.get_one(Consultation, row_id)
        consultations.withdraw(session, row, "草案不再推进", by=people.supervisor, at=NOW)
    row = row_of(db, row_id)
    assert row.clock is not None
    assert (row.clock.outcome, state_of(row, NOW.date())) == (
        Outcome.CANCELLED,
        ConsultationState.WITHDRAWN,
    )


def test_another_unit_enters_nothing(db: Database, people: People) -> None:
    with pytest.raises(NotYours), db.writing() as session:
        unit = session.get_one(Unit, people.handler.unit_id)
        consultations.enter(session, unit, DRAFT, by=people.stranger, at=NOW)


def test_another_unit_ends_nothing(db: Database, people: People) -> None:
    row_id = entered(db, people)
    with pytest.raises(NotYours), db.writing() as session:
        row = session.get_one(Consultation, row_id)
        consultations.withdraw(session, row, "不办了", by=people.stranger, at=NOW)


def test_one_entered_after_its_end_has_no_clock(db: Database, people: People) -> None:
    draft = replace(
        DRAFT,
        published_on=date(2026, 6, 1),
        closes_on=date(2026, 7, 1),
        outcome_due_on=date(2026, 7, 20),
    )
    assert row_of(db, entered(db, people, draft)).clock_id is None
