"""Acts on an inquiry: 六(二) and 七(三) of the task list. The clock runs from the contact to the answer."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import Database
from core.facts import Fact
from core.people import Unit
from escalation.models import Clock, Outcome
from inquiries import service
from inquiries.models import Inquiry, Reply
from inquiries.service import Refused
from inquiries.stages import IllegalMove, NotYours, Stage
from inquiries.words import DeclineGround, ReplyKind, ReturnGround
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


SOON = date(2026, 10, 20)


def interim(
    db: Database, people: People, at: datetime, told_at: datetime, promised_on: date = SOON
) -> Inquiry:
    """An interim answer of the housing handler on a call received on 22 September, due on the 30th."""
    with db.writing() as session:
        inquiry = signed(session, people, at)
        service.interim(
            session, inquiry, told(told_at), promised_on=promised_on, by=people.handler, at=told_at
        )
        return inquiry


def test_an_interim_answer_neither_stops_nor_moves_the_clock(
    db: Database, people: People, at: datetime
) -> None:
    inquiry = interim(db, people, at, at)
    clock = clock_of(db, inquiry)
    assert (clock.due_on.isoformat(), clock.rev, clock.stopped_at) == ("2026-09-30", 1, None)
    assert (clock.next_at is not None, inquiry.stage) == (True, Stage.HANDLING)


def test_an_interim_answer_keeps_the_promised_day(db: Database, people: People, at: datetime) -> None:
    interim(db, people, at, at)
    with db.reading() as session:
        kept = session.scalars(select(Reply)).one()
    assert (kept.kind, kept.promised_on) == (ReplyKind.INTERIM, SOON)


def test_the_fact_of_an_interim_answer_proves_its_words(db: Database, people: People, at: datetime) -> None:
    interim(db, people, at, at)
    with db.reading() as session:
        detail = session.scalars(select(Fact.detail).where(Fact.act == "inquiry:interim")).one()
    after = json.loads(detail)["after"]
    assert {"way", "told_at", "promised_on", "text_mac"} <= set(after)
    assert after["promised_on"] == "2026-10-20"


LAST = datetime(2026, 9, 30, 16, tzinfo=UTC)  # 24:00 of the due day in Shanghai


def test_the_last_moment_of_the_limit_is_still_inside_it(db: Database, people: People, at: datetime) -> None:
    assert interim(db, people, at, LAST).stage is Stage.HANDLING


def test_past_the_limit_there_is_no_interim_answer(db: Database, people: People, at: datetime) -> None:
    with pytest.raises(Refused, match="已过时限") as refused:
        interim(db, people, at, LAST + timedelta(seconds=1))
    assert refused.value.field == "told_at"


@pytest.mark.parametrize("promised_on", [date(2026, 9, 22), date(2020, 1, 1), date(2026, 11, 22), date.max])
def test_a_promise_is_for_a_day_within_sixty(
    db: Database, people: People, at: datetime, promised_on: date
) -> None:
    with pytest.raises(Refused, match="承诺日期") as refused:
        interim(db, people, at, at, promised_on)
    assert refused.value.field == "promised_on"


@pytest.mark.parametrize("promised_on", [date(2026, 9, 23), date(2026, 11, 21)])
def test_a_promise_may_be_for_the_next_day_or_the_sixtieth(
    db: Database, people: People, at: datetime, promised_on: date
) -> None:
    assert interim(db, people, at, at, promised_on).stage is Stage.HANDLING
