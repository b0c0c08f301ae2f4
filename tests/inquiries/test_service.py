"""Acts on an inquiry: 六(二) and 七(三) of the task list. The clock runs from the contact to the answer."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import Database
from core.people import Unit
from escalation.models import Clock, Outcome
from inquiries import service
from inquiries.models import Inquiry
from inquiries.service import Refused
from inquiries.stages import IllegalMove, NotYours, Stage
from inquiries.words import DeclineGround, ReturnGround
from tests.builders import CALL, RECEIVED, a_call, dispatched, signed, told
from tests.people import People


def clock_of(db: Database, inquiry: Inquiry) -> Clock:
    with db.reading() as session:
        return session.get_one(Clock, inquiry.clock_id)


def test_a_call_is_due_on_the_fifth_working_day(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at)
    assert clock_of(db, inquiry).due_on.isoformat() == "2026-09-30"


def test_a_late_entry_does_not_move_the_start(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at + timedelta(days=3))
    assert clock_of(db, inquiry).started_at == RECEIVED


def test_the_same_form_twice_is_one_case(db: Database, people: People, at: datetime) -> None:
    for _ in range(2):
        with db.writing() as session:
            a_call(session, people.operator, at, client_key="form-1")
    with db.reading() as session:
        assert len(session.scalars(select(Inquiry)).all()) == 1


def test_dispatch_signing_and_return_never_move_the_due_moment(
    db: Database, people: People, at: datetime
) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        due = inquiry.clock.due_at if inquiry.clock else None
        ask = {"ground": ReturnGround.OTHER_UNIT, "reason": "属县城市管理局职责"}
        service.request_return(session, inquiry, **ask, by=people.handler, at=at)
        service.rule_on_return(session, inquiry, granted=True, ruling="同意", by=people.supervisor, at=at)
    clock = clock_of(db, inquiry)
    assert (clock.due_at, clock.stopped_at, inquiry.stage) == (due, None, Stage.REGISTERED)


def test_the_answer_to_the_citizen_stops_the_clock(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        service.reply(session, inquiry, told(at), by=people.handler, at=at)
    clock = clock_of(db, inquiry)
    assert (clock.stopped_at, clock.outcome, clock.next_at) == (at, Outcome.ANSWERED, None)


def test_a_told_refusal_stops_the_clock(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at)
        service.decline(
            session, inquiry, told(at), ground=DeclineGround.LEGAL_ROUTE, by=people.supervisor, at=at
        )
    assert clock_of(db, inquiry).outcome is Outcome.REFUSED


def test_a_report_is_never_dispatched_to_the_accused_unit(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        housing = session.scalars(select(Unit).where(Unit.code == "housing")).one()
        with pytest.raises(Refused, match="被反映"):
            dispatched(session, people, at, accused_unit_id=housing.id)


def test_after_a_refused_return_the_unit_may_not_ask_again(
    db: Database, people: People, at: datetime
) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        ask = {"ground": ReturnGround.OTHER_UNIT, "reason": "不属我委"}
        service.request_return(session, inquiry, **ask, by=people.handler, at=at)
        service.rule_on_return(
            session, inquiry, granted=False, ruling="由你单位办理", by=people.supervisor, at=at
        )
        with pytest.raises(Refused, match="不能再次"):
            service.request_return(session, inquiry, **ask, by=people.handler, at=at)


def test_a_case_merges_only_into_an_earlier_one(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        first = a_call(session, people.operator, at)
        second = a_call(session, people.operator, at, received_at=RECEIVED + timedelta(hours=1))
        with pytest.raises(Refused, match="先收到的"):
            service.merge(session, first, target=second, by=people.supervisor, at=at)
        service.merge(session, second, target=first, by=people.supervisor, at=at)
    assert second.merged_into_id == first.id


def test_a_handler_cannot_enter_yesterdays_answer(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        with pytest.raises(Refused, match="当日"):
            service.reply(session, inquiry, told(at), by=people.handler, at=at + timedelta(days=1))


def test_a_supervisor_enters_an_earlier_answer_only_with_a_reason(
    db: Database, people: People, at: datetime
) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        late = at + timedelta(days=1)
        with pytest.raises(Refused, match="理由"):
            service.reply(session, inquiry, told(at), by=people.supervisor, at=late)
        service.reply(session, inquiry, told(at, late_reason="有通话录音"), by=people.supervisor, at=late)
    assert clock_of(db, inquiry).stopped_at == at


def test_a_stranger_cannot_answer(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        with pytest.raises(NotYours):
            service.reply(session, inquiry, told(at), by=people.stranger, at=at)


def test_an_answered_case_cannot_be_answered_again(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        service.reply(session, inquiry, told(at), by=people.handler, at=at)
        with pytest.raises(IllegalMove):
            service.reply(session, inquiry, told(at), by=people.handler, at=at)


def test_a_confidential_requester_is_hidden_from_the_unit(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at, confidential=True)
        with pytest.raises(NotYours):
            service.reveal(session, inquiry, reason="回电", by=people.handler, at=at)


def test_the_requester_is_sealed_at_rest(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at)
        stored = inquiry.requester.phone_sealed
    assert CALL.requester.phone.encode() not in stored
