"""The table of moves of a paper, walked: a lawful act works and leaves one fact, any other is refused."""

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from core.people import Actor
from escalation import paper_drafts
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper
from escalation.paper_stages import (
    ENDED,
    KINDS,
    MOVES,
    WHO,
    IllegalPaperMove,
    NotYourPaper,
    PaperAct,
    PaperStage,
    acts_from,
)
from tests.escalation.paper_scene import (
    OVERDUE,
    STATEMENT_DUE,
    acts_of,
    at_stage,
    perform,
    second_supervisor,
)
from tests.people import People

PAIRS = [(stage, act) for stage in PaperStage for act in PaperAct]
ONLY_CRITICISM = {act for act in PaperAct if KINDS[act] == {PaperKind.CRITICISM}}


def kind_for(act: PaperAct) -> PaperKind:
    """A kind that knows the act."""
    if act is PaperAct.RECORD_TALK:
        return PaperKind.TALK
    return PaperKind.CRITICISM if act in ONLY_CRITICISM else PaperKind.SUPERVISION


def ready(session: Session, people: People, paper: Paper, act: PaperAct, second: Actor) -> None:
    """What the act itself asks for besides the stage."""
    if act in (PaperAct.STATE, PaperAct.NO_STATEMENT, PaperAct.APPROVE):
        paper_drafts.ask_statement(session, paper, due=STATEMENT_DUE, by=people.supervisor, at=OVERDUE)
    if act is PaperAct.APPROVE:
        paper_drafts.state(session, paper, text="正在核实。", by=people.handler, at=OVERDUE)


@pytest.mark.parametrize(("stage", "act"), [pair for pair in PAIRS if pair in MOVES])
def test_a_lawful_act_leads_on_and_leaves_one_fact(
    db: Database, people: People, stage: PaperStage, act: PaperAct
) -> None:
    with db.writing() as session:
        paper, second = at_stage(session, people, stage, kind_for(act)), second_supervisor(session)
        ready(session, people, paper, act, second)
    before = acts_of(db, paper)
    with db.writing() as session:
        paper = session.get_one(Paper, paper.id)
        perform(session, people, paper, act, second)
    assert paper.stage is MOVES[stage, act]
    assert acts_of(db, paper) == before | {f"paper:{act}": before.get(f"paper:{act}", 0) + 1}


@pytest.mark.parametrize(("stage", "act"), [pair for pair in PAIRS if pair not in MOVES])
def test_any_other_act_is_refused(db: Database, people: People, stage: PaperStage, act: PaperAct) -> None:
    kind = PaperKind.SUPERVISION if act not in (PaperAct.RECORD_TALK,) else PaperKind.TALK
    if act in ONLY_CRITICISM:
        kind = PaperKind.CRITICISM
    with db.writing() as session:
        paper = at_stage(session, people, stage, kind)
        with pytest.raises(IllegalPaperMove):
            perform(session, people, paper, act, people.supervisor)


@pytest.mark.parametrize("stage", sorted(ENDED))
def test_nothing_leads_out_of_an_end(people: People, stage: PaperStage) -> None:
    unit = people.handler.unit_id
    assert unit is not None
    assert acts_from(stage, people.supervisor, kind=PaperKind.SUPERVISION, unit_id=unit) == ()


def test_every_act_has_somebody_who_may_do_it_and_a_kind_that_knows_it() -> None:
    assert all(WHO[act] and KINDS[act] for act in PaperAct)


@pytest.mark.parametrize("act", [PaperAct.SIGN, PaperAct.FEED_BACK, PaperAct.STATE])
def test_another_unit_never_acts_for_the_addressee(people: People, act: PaperAct) -> None:
    with pytest.raises(NotYourPaper):
        paper_drafts.allowed(
            Paper(kind=PaperKind.CRITICISM, stage=PaperStage.ISSUED, unit_id=people.handler.unit_id),
            act,
            people.stranger,
        )
