"""The moves of a task, walked: every lawful act works and leaves one fact, every other act is refused."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.facts import Fact
from core.people import Actor, Role
from duties import service
from duties.models import DutyTask
from duties.stages import MOVES, WHO, Act, IllegalMove, NotYours, Stage, acts_from, may_act
from tests.duties.scene import QUOTA, at_stage, event, perform, proof, started, task_of
from tests.people import People

PAIRS = [(stage, act) for stage in Stage for act in Act]
PRESS = {Act.LINK}  # only an event of the press has a place in the column


def staged(session: Session, people: People, stage: Stage, act: Act, at: datetime) -> DutyTask:
    """A task at this stage; an act that is only for press events finds one."""
    if act not in PRESS or stage is not Stage.OPEN:
        return at_stage(session, people, stage, at)
    task = task_of(session, QUOTA)
    service.enter_evidence(session, task, event(at.date()), by=people.handler, at=at)
    return task


def facts_of(db: Database, subject: str) -> dict[str, int]:
    with db.reading() as session:
        query = select(Fact.act, func.count()).where(Fact.subject == subject).group_by(Fact.act)
        return {act: count for act, count in session.execute(query)}


@pytest.mark.parametrize(("stage", "act"), [pair for pair in PAIRS if pair in MOVES])
def test_a_lawful_act_leads_on_and_leaves_one_fact(
    db: Database, people: People, at: datetime, stage: Stage, act: Act
) -> None:
    started(db)
    with db.writing() as session:
        task = staged(session, people, stage, act, at)
    before = facts_of(db, task.subject)
    with db.writing() as session:
        perform(session, people, task_of_id(session, task.id), act, at)
    after = facts_of(db, task.subject)
    assert {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name)} == {
        f"duty:{act}": 1
    }
    with db.reading() as session:
        assert session.get_one(DutyTask, task.id).stage is MOVES[stage, act]


def task_of_id(session: Session, task_id: int) -> DutyTask:
    task = session.get_one(DutyTask, task_id)
    session.refresh(task, ["duty"])
    return task


@pytest.mark.parametrize(("stage", "act"), [pair for pair in PAIRS if pair not in MOVES])
def test_any_other_act_is_refused(db: Database, people: People, at: datetime, stage: Stage, act: Act) -> None:
    started(db)
    with pytest.raises(IllegalMove, match=act.label), db.writing() as session:
        perform(session, people, at_stage(session, people, stage, at), act, at)


@pytest.mark.parametrize(("stage", "act"), list(MOVES))
def test_a_stranger_may_do_nothing(
    db: Database, people: People, at: datetime, stage: Stage, act: Act
) -> None:
    started(db)
    stranger = People(people.operator, people.stranger, people.stranger, people.reviewer, people.stranger)
    with db.writing() as session:
        task = staged(session, people, stage, act, at)
    with pytest.raises(NotYours), db.writing() as session:
        perform(session, stranger, task_of_id(session, task.id), act, at)


def test_every_act_has_its_roles() -> None:
    assert set(WHO) == set(Act)


def test_every_act_leads_somewhere() -> None:
    assert {act for _stage, act in MOVES} == set(Act)


@pytest.mark.parametrize("stage", [Stage.SIGNED_OFF, Stage.RELEASED])
def test_nothing_leads_on_from_the_end(stage: Stage) -> None:
    assert [pair for pair in MOVES if pair[0] is stage] == []


# who may act: in the unit that owes the task, in a unit that leads it, in any other unit
TABLE: dict[Act, tuple[str, str, str]] = {
    Act.PROGRESS: ("odhcls", "", ""),
    Act.EVIDENCE: ("odhcls", "", ""),
    Act.LINK: ("odhcls", "", ""),
    Act.STRIKE: ("odhcls", "s", "s"),
    Act.REQUEST: ("odhcls", "", ""),
    Act.SIGN_OFF: ("s", "hls", "s"),
    Act.SEND_BACK: ("s", "hls", "s"),
    Act.RELEASE: ("s", "s", "s"),
}
LETTERS = dict(zip("odhclswrua", Role, strict=True))
OWN, LEAD, OTHER = 1, 2, 3


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("place", [OWN, LEAD, OTHER])
def test_the_table_of_who_may_act(act: Act, place: int) -> None:
    allowed = {LETTERS[letter] for letter in TABLE[act][place - 1]}
    found = {
        role
        for role in Role
        if may_act(Actor(1, "", place, roles=frozenset({role})), act, unit_id=OWN, lead_ids={LEAD})
    }
    assert found == allowed


def test_a_page_offers_the_lawful_acts_in_order(people: People) -> None:
    unit_id = people.handler.unit_id or 0
    offered = acts_from(Stage.OPEN, people.handler, unit_id=unit_id, lead_ids=())
    assert offered == (Act.PROGRESS, Act.EVIDENCE, Act.LINK, Act.STRIKE, Act.REQUEST)


def test_the_proofs_of_the_scene_are_lawful(at: datetime) -> None:
    assert proof().happened_on <= at.date()
