"""Each rung once, at its moment, to the people it names."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from core import facts
from core.db import Database
from core.facts import Fact
from core.people import Person
from escalation import clocks
from escalation.models import Clock, Heartbeat, Outcome
from escalation.sweep import Counts, sweep
from sla import SHANGHAI
from tests.escalation.scene import (
    LAST,
    MOMENTS,
    RECEIVED,
    RULE,
    SECOND,
    ids,
    notices,
    rungs,
    started,
    told,
    unit_id,
)
from tests.people import People


@pytest.mark.parametrize("rung", MOMENTS)
def test_a_rung_is_issued_at_its_moment(db: Database, people: People, rung: str) -> None:
    started(db, people)
    sweep(db, at=MOMENTS[rung])
    assert rungs(db)[-1] == rung


@pytest.mark.parametrize("rung", MOMENTS)
def test_a_rung_is_not_issued_a_second_early(db: Database, people: People, rung: str) -> None:
    started(db, people)
    sweep(db, at=MOMENTS[rung] - SECOND)
    assert rung not in rungs(db)


def test_the_notice_keeps_the_moment_it_should_have_come(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["remind"] + timedelta(minutes=7))
    assert notices(db)[0].moment.astimezone(SHANGHAI) == MOMENTS["remind"]


def test_a_ladder_walked_in_time_supersedes_nothing(db: Database, people: People) -> None:
    started(db, people)
    for moment in MOMENTS.values():
        sweep(db, at=moment)
    assert [(notice.rung, notice.superseded) for notice in notices(db)] == [(rung, False) for rung in MOMENTS]


def test_a_repeated_sweep_adds_nothing(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=LAST)
    assert sweep(db, at=LAST) == Counts()


def test_a_clock_after_its_last_rung_is_not_asked_again(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=LAST)
    with db.reading() as session:
        assert session.scalars(select(Clock.next_at)).all() == [None]


def test_a_sweep_after_an_outage_records_every_rung(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["supervision_order"])
    assert rungs(db) == list(MOMENTS)[:5]


def test_a_sweep_after_an_outage_sends_only_the_highest(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["supervision_order"])
    assert [notice.rung for notice in notices(db) if not notice.superseded] == ["supervision_order"]


def test_a_superseded_notice_is_in_no_inbox(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["due"])
    assert told(db, "remind") | told(db, "warn") == set()


def test_a_stopped_clock_is_silent(db: Database, people: People) -> None:
    started(db, people)
    with db.writing() as session:
        end = {"outcome": Outcome.ANSWERED, "stopped_at": RECEIVED, "by": people.handler, "at": RECEIVED}
        clocks.stop(session, "inquiry:1", RULE, **end)
    assert sweep(db, at=LAST) == Counts()


def test_a_clock_handed_over_speaks_to_the_new_unit(db: Database, people: People) -> None:
    started(db, people)
    with db.writing() as session:
        clocks.hand_over(session, "inquiry:1", RULE, unit_id=unit_id(session, "transport"), at=RECEIVED)
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == ids(people.stranger)


def test_the_reminder_goes_to_the_handler_alone(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == ids(people.handler)


def test_a_person_of_two_roles_hears_a_rung_once(db: Database, people: People) -> None:
    started(db, people)
    assert sweep(db, at=MOMENTS["remind"]).copies + sweep(db, at=MOMENTS["warn"]).copies == 2


def test_an_overdue_case_is_told_to_the_supervising_office(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["reminder_notice"])
    assert told(db, "reminder_notice") == ids(people.handler, people.supervisor)


def test_a_unit_without_people_is_told_to_the_supervising_office(db: Database, people: People) -> None:
    with db.reading() as session:
        nobody = unit_id(session, "health")
    started(db, people, unit_id=nobody)
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == ids(people.supervisor)


def test_a_person_who_left_is_told_nothing(db: Database, people: People) -> None:
    started(db, people)
    with db.writing() as session:
        session.get_one(Person, people.handler.id).active = False
    sweep(db, at=MOMENTS["remind"])
    assert told(db, "remind") == ids(people.supervisor)


@pytest.mark.parametrize("poison", [{"rule": "no.such.rule"}, {"due_on": date(1900, 1, 1)}])
def test_a_clock_that_cannot_be_read_does_not_stop_the_others(
    db: Database, people: People, poison: dict[str, object]
) -> None:
    started(db, people, "inquiry:1", "inquiry:2")
    with db.writing() as session:
        session.execute(update(Clock).where(Clock.subject == "inquiry:1").values(**poison))
    counts = sweep(db, at=MOMENTS["remind"])
    assert (counts.faulty, counts.notices) == (1, 1)


def test_a_clock_that_cannot_be_read_is_looked_at_again_in_an_hour(db: Database, people: People) -> None:
    started(db, people)
    with db.writing() as session:
        session.execute(update(Clock).values(rule="no.such.rule"))
    sweep(db, at=MOMENTS["remind"])
    with db.writing() as session:
        session.execute(update(Clock).values(rule=RULE))
    sweep(db, at=MOMENTS["remind"] + timedelta(hours=1))
    assert rungs(db) == ["remind"]


def test_a_moved_deadline_has_a_ladder_of_its_own(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    with db.writing() as session:
        session.execute(update(Clock).values(rev=2, next_at=MOMENTS["remind"]))
    sweep(db, at=MOMENTS["remind"])
    assert [(notice.rev, notice.rung) for notice in notices(db)] == [(1, "remind"), (2, "remind")]


def test_every_notice_has_one_fact(db: Database, people: People) -> None:
    started(db, people, "inquiry:1", "inquiry:2")
    sweep(db, at=LAST)
    with db.reading() as session:
        written = session.scalar(select(func.count()).where(Fact.act == "notice:issue"))
    assert written == len(notices(db)) == 12


def test_a_sweep_for_an_earlier_instant_leaves_the_chain_whole(db: Database, people: People) -> None:
    started(db, people, at=LAST)
    sweep(db, at=MOMENTS["remind"])
    with db.reading() as session:
        assert list(facts.verify(session)) == []


def test_more_clocks_than_one_batch_are_swept_at_once(db: Database, people: People) -> None:
    started(db, people, *(f"inquiry:{n}" for n in range(1, 602)))
    assert sweep(db, at=MOMENTS["remind"]).notices == 601


def test_a_sweep_leaves_its_heartbeat(db: Database, people: People) -> None:
    sweep(db, at=RECEIVED)
    with db.reading() as session:
        assert session.get_one(Heartbeat, "sweep").at == RECEIVED
