"""The table of moves, walked: every lawful act works and leaves one fact, every other act is refused."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.facts import Fact
from core.people import Unit
from inquiries import intake, service
from inquiries.models import Inquiry
from inquiries.stages import ENDED, MOVES, WHO, Act, IllegalMove, Stage, acts_from
from inquiries.words import DeclineGround, ReturnGround, Way
from tests.builders import CALL, a_call, dispatched, signed, told
from tests.people import People

PAIRS = [(stage, act) for stage in Stage for act in Act]
ASK = {"ground": ReturnGround.OTHER_UNIT, "reason": "属县城市管理局职责"}


def at_stage(session: Session, people: People, stage: Stage, at: datetime) -> Inquiry:
    """A case that reached this stage by lawful acts only."""
    if stage is Stage.REGISTERED:
        return a_call(session, people.operator, at)
    if stage is Stage.INSTANT:
        return intake.answer_at_once(session, CALL, text="窗口可办", way=Way.PHONE, by=people.operator, at=at)
    if stage is Stage.DISPATCHED:
        return dispatched(session, people, at)
    inquiry = signed(session, people, at)
    if stage is Stage.RETURN_REQUESTED:
        service.request_return(session, inquiry, **ASK, by=people.handler, at=at)
    elif stage is not Stage.HANDLING:
        ends = {
            Stage.REPLIED: Act.REPLY,
            Stage.DECLINED: Act.DECLINE,
            Stage.MERGED: Act.MERGE,
            Stage.WITHDRAWN: Act.WITHDRAW,
        }
        perform(session, people, inquiry, ends[stage], at)
    return inquiry


def perform(session: Session, people: People, inquiry: Inquiry, act: Act, at: datetime) -> None:
    """The act by a person who may do it."""
    office, unit = people.supervisor, people.handler
    housing = session.scalars(select(Unit).where(Unit.code == "housing")).one()

    def other() -> Inquiry:
        return a_call(session, people.operator, at)

    soon = at.date() + timedelta(days=9)
    ruling = {"ruling": "请核对职责", "by": office, "at": at}
    decline = {"ground": DeclineGround.UNCLEAR, "by": office, "at": at}
    verbs = {
        Act.DISPATCH: lambda: service.dispatch(session, inquiry, unit=housing, by=office, at=at),
        Act.SIGN: lambda: service.sign(session, inquiry, by=unit, at=at),
        Act.REPLY: lambda: service.reply(session, inquiry, told(at), by=office, at=at),
        Act.INTERIM: lambda: service.interim(session, inquiry, told(at), promised_on=soon, by=unit, at=at),
        Act.ATTEMPT: lambda: service.log_attempt(session, inquiry, told(at), by=office, at=at),
        Act.REQUEST_RETURN: lambda: service.request_return(session, inquiry, **ASK, by=unit, at=at),
        Act.GRANT_RETURN: lambda: service.rule_on_return(session, inquiry, granted=True, **ruling),
        Act.REFUSE_RETURN: lambda: service.rule_on_return(session, inquiry, granted=False, **ruling),
        Act.DECLINE: lambda: service.decline(session, inquiry, told(at), **decline),
        Act.MERGE: lambda: service.merge(session, inquiry, target=other(), by=office, at=at),
        Act.WITHDRAW: lambda: service.withdraw(session, inquiry, reason="本人来电撤回", by=office, at=at),
    }
    verbs[act]()


def facts_of(db: Database, subject: str) -> dict[str, int]:
    with db.reading() as session:
        query = select(Fact.act, func.count()).where(Fact.subject == subject).group_by(Fact.act)
        return {act: count for act, count in session.execute(query) if act.startswith("inquiry:")}


@pytest.mark.parametrize(("stage", "act"), [pair for pair in PAIRS if pair in MOVES])
def test_a_lawful_act_leads_on_and_leaves_one_fact(
    db: Database, people: People, at: datetime, stage: Stage, act: Act
) -> None:
    with db.writing() as session:
        inquiry = at_stage(session, people, stage, at)
    before = facts_of(db, inquiry.subject)
    with db.writing() as session:
        inquiry = session.get_one(Inquiry, inquiry.id)
        session.refresh(inquiry, ["clock"])
        perform(session, people, inquiry, act, at)
    after = facts_of(db, inquiry.subject)
    assert inquiry.stage is MOVES[stage, act]
    assert after == before | {f"inquiry:{act}": before.get(f"inquiry:{act}", 0) + 1}


@pytest.mark.parametrize(("stage", "act"), [pair for pair in PAIRS if pair not in MOVES])
def test_any_other_act_is_refused(db: Database, people: People, at: datetime, stage: Stage, act: Act) -> None:
    with db.writing() as session:
        inquiry = at_stage(session, people, stage, at)
        with pytest.raises(IllegalMove):
            perform(session, people, inquiry, act, at)


@pytest.mark.parametrize("stage", sorted(ENDED))
def test_nothing_leads_out_of_an_end(people: People, stage: Stage) -> None:
    assert acts_from(stage, people.supervisor, lead_unit_id=people.handler.unit_id) == ()


def test_every_act_has_somebody_who_may_do_it() -> None:
    assert all(WHO[act] for act in Act)
