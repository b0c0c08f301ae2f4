"""What an act demands: two persons, evidence, the right day; and what it does to the clock."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from core.db import Database
from core.files import File
from duties import service
from duties.models import Evidence, SignOff
from duties.service import Proof, Upload
from duties.stages import Stage
from duties.words import Refused
from escalation.models import Outcome
from tests.duties.scene import (
    PERIOD,
    PLAIN,
    QUOTA,
    at_stage,
    clocks_of,
    entered,
    event,
    on,
    proof,
    somebody,
    started,
    task_of,
)
from tests.people import People

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def refused(db: Database, people: People, given: Proof, at: datetime, clause: str = PLAIN) -> str:
    """The field beside which an entry is refused."""
    with pytest.raises(Refused) as fault, db.writing() as session:
        service.enter_evidence(session, task_of(session, clause), given, by=people.handler, at=at)
    return fault.value.field


def test_a_proof_needs_a_file_or_a_link(db: Database, people: People, at: datetime) -> None:
    started(db)
    assert refused(db, people, proof(link=""), at) == "link"


def test_a_proof_cannot_be_of_tomorrow(db: Database, people: People, at: datetime) -> None:
    started(db)
    assert refused(db, people, proof(at.date() + timedelta(days=1)), at) == "happened_on"


def test_a_proof_may_be_of_today(db: Database, people: People, at: datetime) -> None:
    started(db)
    assert entered(db, people, proof(at.date()), clause=PLAIN, at=at)


@pytest.mark.parametrize("clause", [QUOTA, "14.1.1"])
def test_an_event_of_another_year_does_not_count(
    db: Database, people: People, at: datetime, clause: str
) -> None:
    started(db)
    unit = "housing" if clause == QUOTA else "county_office"
    with pytest.raises(Refused, match="当年"):
        entered(db, people, event(date(2025, 12, 31)), clause=clause, unit=unit, at=at)


@pytest.mark.parametrize(("change", "field"), [({"form": None}, "form"), ({"speaker": ""}, "speaker")])
def test_a_press_event_says_its_form_and_who_spoke(
    db: Database, people: People, at: datetime, change: dict[str, object], field: str
) -> None:
    started(db)
    assert refused(db, people, event(date(2026, 3, 1), **change), at, QUOTA) == field


def test_a_plain_proof_keeps_no_speaker(db: Database, people: People, at: datetime) -> None:
    started(db)
    (kept,) = entered(db, people, event(date(2026, 3, 1), leader=True), clause=PLAIN, at=at)
    with db.reading() as session:
        row = session.get_one(Evidence, kept)
    assert (row.form, row.speaker, row.by_leader, row.column_link) == (None, "", False, "")


def test_a_file_is_kept_with_its_proof(db: Database, people: People, at: datetime) -> None:
    started(db)
    (kept,) = entered(db, people, proof(link="", upload=Upload("解读.pdf", PDF)), clause=PLAIN, at=at)
    with db.reading() as session:
        row = session.get_one(Evidence, kept)
        assert (row.file_name, session.get_one(File, row.file_id).size) == ("解读.pdf", len(PDF))


def test_a_file_that_is_none_of_the_kinds_is_refused_beside_its_field(
    db: Database, people: People, at: datetime
) -> None:
    started(db)
    assert refused(db, people, proof(upload=Upload("a.exe", b"MZ\x90")), at) == "file"


def test_sign_off_needs_evidence(db: Database, people: People, at: datetime) -> None:
    started(db)
    with pytest.raises(Refused, match="佐证"), db.writing() as session:
        service.request_sign_off(session, task_of(session, PLAIN), "完成", by=people.handler, at=at)


def test_struck_evidence_does_not_serve(db: Database, people: People, at: datetime) -> None:
    started(db)
    (kept,) = entered(db, people, proof(), clause=PLAIN, at=at)
    with pytest.raises(Refused, match="佐证"), db.writing() as session:
        task, row = task_of(session, PLAIN), session.get_one(Evidence, kept)
        service.strike(session, task, row, "放错了", by=people.handler, at=at)
        service.request_sign_off(session, task, "完成", by=people.handler, at=at)


def test_a_struck_proof_cannot_be_struck_again(db: Database, people: People, at: datetime) -> None:
    started(db)
    (kept,) = entered(db, people, proof(), clause=PLAIN, at=at)
    with pytest.raises(Refused, match="已经撤销"), db.writing() as session:
        task, row = task_of(session, PLAIN), session.get_one(Evidence, kept)
        service.strike(session, task, row, "放错了", by=people.handler, at=at)
        service.strike(session, task, row, "放错了", by=people.handler, at=at)


@pytest.mark.parametrize("granted", [True, False])
def test_nobody_rules_on_their_own_request(db: Database, people: People, at: datetime, granted: bool) -> None:
    started(db)
    with pytest.raises(Refused, match="同一个人"), db.writing() as session:
        task = task_of(session, "14.2", "county_office")
        service.enter_evidence(session, task, proof(), by=people.supervisor, at=at)
        service.request_sign_off(session, task, "完成", by=people.supervisor, at=at)
        ruling = {"granted": granted, "ruling": "属实", "by": people.supervisor, "at": at}
        service.rule_on_sign_off(session, task, **ruling)


def test_a_lead_unit_checks_what_it_leads(db: Database, people: People, at: datetime) -> None:
    started(db)
    with db.writing() as session:
        task, by = at_stage(session, people, Stage.REPORTED, at), somebody(session, "county_office", people)
        service.rule_on_sign_off(session, task, granted=True, ruling="属实", by=by, at=at)
        assert task.stage is Stage.SIGNED_OFF


def test_a_signed_off_task_is_fulfilled_at_the_moment_of_the_request(db: Database, people: People) -> None:
    started(db)
    asked = on(date(2026, 12, 31), 23)
    with db.writing() as session:
        task = at_stage(session, people, Stage.REPORTED, asked)
        ruling = {"ruling": "属实", "by": people.supervisor, "at": asked + timedelta(days=20)}
        service.rule_on_sign_off(session, task, granted=True, **ruling)
    clock = clocks_of(db, PLAIN)["year"]
    assert (clock.outcome, clock.stopped_at) == (Outcome.FULFILLED, asked)


def test_a_task_sent_back_runs_on(db: Database, people: People, at: datetime) -> None:
    started(db)
    with db.writing() as session:
        task = at_stage(session, people, Stage.REPORTED, at)
        service.rule_on_sign_off(
            session, task, granted=False, ruling="链接打不开", by=people.supervisor, at=at
        )
    assert clocks_of(db, PLAIN)["year"].stopped_at is None


def test_a_task_sent_back_may_be_asked_for_again(db: Database, people: People, at: datetime) -> None:
    started(db)
    with db.writing() as session:
        task = at_stage(session, people, Stage.REPORTED, at)
        service.rule_on_sign_off(session, task, granted=False, ruling="补材料", by=people.supervisor, at=at)
        service.request_sign_off(session, task, "已补", by=people.handler, at=at)
        service.rule_on_sign_off(session, task, granted=True, ruling="属实", by=people.supervisor, at=at)
        asked = session.scalars(
            select(SignOff.granted).where(SignOff.task_id == task.id).order_by(SignOff.id)
        )
        assert list(asked) == [False, True]


def test_a_released_task_ends_without_a_verdict(db: Database, people: People, at: datetime) -> None:
    started(db)
    with db.writing() as session:
        at_stage(session, people, Stage.RELEASED, at)
    assert clocks_of(db, PLAIN)["year"].outcome is Outcome.CANCELLED


def test_a_release_answers_the_request_that_waits(db: Database, people: People, at: datetime) -> None:
    started(db)
    with db.writing() as session:
        task = at_stage(session, people, Stage.REPORTED, at)
        service.release(session, task, "职责已划转", by=people.supervisor, at=at)
        assert service.open_request(session, task) is None


def test_a_quota_that_is_short_is_not_signed_off(db: Database, people: People, at: datetime) -> None:
    started(db)
    entered(db, people, *[event(date(2026, 3, 1))] * 4, at=at)
    with pytest.raises(Refused, match="负责同志带头还差2次"), db.writing() as session:
        service.request_sign_off(session, task_of(session, QUOTA), "完成", by=people.handler, at=at)


def test_an_event_outside_the_column_holds_up_the_sign_off(
    db: Database, people: People, at: datetime
) -> None:
    started(db)
    entered(db, people, *[event(date(2026, 3, 1), leader=True, column_link="")] * 4, at=at)
    with pytest.raises(Refused, match="归集链接"), db.writing() as session:
        service.request_sign_off(session, task_of(session, QUOTA), "完成", by=people.handler, at=at)


def test_the_last_period_of_the_year_must_be_done_first(db: Database, people: People, at: datetime) -> None:
    started(db)
    entered(db, people, proof(at.date()), clause=PERIOD, unit="county_office", at=at)
    with pytest.raises(Refused, match="还有一期"), db.writing() as session:
        task, by = task_of(session, PERIOD, "county_office"), somebody(session, "county_office", people)
        service.request_sign_off(session, task, "完成", by=by, at=at)


def test_a_period_that_reaches_into_the_next_year_may_be_signed_off(db: Database, people: People) -> None:
    started(db)
    december = on(date(2026, 12, 1))
    entered(db, people, proof(december.date()), clause=PERIOD, unit="county_office", at=december)
    with db.writing() as session:
        task, by = task_of(session, PERIOD, "county_office"), somebody(session, "county_office", people)
        service.request_sign_off(session, task, "完成", by=by, at=december)
        assert task.stage is Stage.REPORTED


def test_of_two_events_at_once_the_second_is_refused(db: Database, people: People, at: datetime) -> None:
    started(db)
    if db.is_sqlite:
        pytest.skip("SQLite lets one writer in at a time")
    with pytest.raises(StaleDataError), db.writing() as late:
        task = task_of(late, QUOTA)
        entered(db, people, event(date(2026, 3, 1), leader=True), at=at)
        service.enter_evidence(late, task, event(date(2026, 3, 2), leader=True), by=people.handler, at=at)
