"""Who may issue what, what must have happened before, and what the paper's own clocks do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.facts import Fact
from core.people import SYSTEM, Actor, Role
from escalation import paper_drafts, paper_issue, paper_replies
from escalation.models import Clock, Notice, NoticeCopy, Outcome
from escalation.paper_drafts import Call, PaperRefused
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper, PaperCase
from escalation.paper_stages import NotYourPaper, PaperStage
from sla import end_of_day
from tests.escalation.paper_scene import (
    ISSUER,
    LATER,
    OVERDUE,
    REPLY_DUE,
    STATEMENT_DUE,
    TALKED,
    WORDING,
    a_clock,
    at_stage,
    drafted,
    heard,
    issued,
    second_supervisor,
)
from tests.people import People

Prepare = Callable[[Session, People, Paper], None]


def own_clocks(session: Session, paper: Paper) -> dict[str, Clock]:
    query = select(Clock).where(Clock.subject.in_({paper.subject, paper.clock_subject}))
    return {clock.purpose: clock for clock in session.scalars(query.order_by(Clock.id))}


@pytest.mark.parametrize("who", ["handler", "operator", "reviewer", "stranger"])
def test_only_the_supervising_office_issues(db: Database, people: People, who: str) -> None:
    with db.writing() as session:
        paper = drafted(session, people)
        with pytest.raises(NotYourPaper):
            paper_issue.issue(session, paper, ISSUER, by=getattr(people, who), at=OVERDUE)


@pytest.mark.parametrize("kind", sorted(set(PaperKind) - {PaperKind.REMINDER}))
def test_the_system_issues_nothing_but_reminders(db: Database, people: People, kind: PaperKind) -> None:
    with db.writing() as session:
        clock = a_clock(session, people)
        paper = paper_drafts.draft(session, Call(kind, clock.unit_id, clock), by=SYSTEM, at=OVERDUE)
        with pytest.raises(NotYourPaper):
            paper_issue.issue(session, paper, ISSUER, by=SYSTEM, at=OVERDUE)


@pytest.mark.parametrize("field", ["body", "title", "grounds"])
def test_an_empty_order_is_not_issued(db: Database, people: People, field: str) -> None:
    with db.writing() as session:
        paper = drafted(session, people)
        setattr(paper, field, "")
        with pytest.raises(PaperRefused) as refusal:
            paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)
    assert refusal.value.field == field


def test_a_day_for_feedback_that_is_past_is_refused(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people)
        with pytest.raises(PaperRefused, match="已经过了"):
            paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=LATER)


def test_a_talk_needs_its_place_and_time(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = a_clock(session, people)
        call = Call(PaperKind.TALK, clock.unit_id, clock)
        paper = paper_drafts.draft(session, call, by=people.supervisor, at=OVERDUE)
        with pytest.raises(PaperRefused, match="约谈对象、时间、地点"):
            paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)


def _nothing(_session: Session, _people: People, _paper: Paper) -> None:
    pass


def _asked(session: Session, people: People, paper: Paper) -> None:
    paper_drafts.ask_statement(session, paper, due=STATEMENT_DUE, by=people.supervisor, at=OVERDUE)


def _stated(session: Session, people: People, paper: Paper) -> None:
    _asked(session, people, paper)
    paper_drafts.state(session, paper, text="正在核实。", by=people.handler, at=OVERDUE)


def _approved_then_edited(session: Session, people: People, paper: Paper) -> None:
    heard(session, people, paper, second_supervisor(session))
    paper_drafts.edit(session, paper, replace(WORDING, body="改过的事由"), by=people.supervisor, at=OVERDUE)


@pytest.mark.parametrize(
    ("prepare", "words"),
    [(_nothing, "征求"), (_asked, "征求"), (_stated, "审批同意"), (_approved_then_edited, "审批同意")],
)
def test_a_criticism_is_not_issued_before_it_was_heard_and_approved(
    db: Database, people: People, prepare: Prepare, words: str
) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        prepare(session, people, paper)
        with pytest.raises(PaperRefused, match=words):
            paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)


def test_nobody_approves_a_draft_of_their_own(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        _stated(session, people, paper)
        with pytest.raises(PaperRefused, match="另一名督办员"):
            paper_drafts.approve(session, paper, by=people.supervisor, at=OVERDUE)


def test_nobody_issues_an_approval_of_their_own(db: Database, people: People) -> None:
    with db.writing() as session:
        paper, second = drafted(session, people, PaperKind.CRITICISM), second_supervisor(session)
        heard(session, people, paper, second)
        with pytest.raises(PaperRefused, match="审批人不能签发"):
            paper_issue.issue(session, paper, ISSUER, by=second, at=OVERDUE)


def test_silence_is_put_on_record_only_after_the_day(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        _asked(session, people, paper)
        with pytest.raises(PaperRefused, match="还没有过"):
            paper_drafts.no_statement(session, paper, by=people.supervisor, at=OVERDUE)
        paper_drafts.no_statement(session, paper, by=people.supervisor, at=LATER)
    assert (paper.statement, paper.statement_at) == ("", LATER)


def test_the_unit_is_told_that_it_may_state_its_case(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        _asked(session, people, paper)
        told = session.scalars(select(NoticeCopy.person_id).join(Notice, Notice.id == NoticeCopy.notice_id))
        clock = own_clocks(session, paper)["paper.statement"]
        assert list(told) == [people.handler.id]
    assert (clock.due_on, clock.link) == (STATEMENT_DUE, f"/papers/{paper.id}/statement")


def test_a_unit_states_its_case_once(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        _stated(session, people, paper)
        with pytest.raises(PaperRefused):
            paper_drafts.state(session, paper, text="再说一次", by=people.handler, at=OVERDUE)


def test_issuing_starts_the_clocks_of_signing_and_answering(db: Database, people: People) -> None:
    with db.writing() as session:
        clocks = own_clocks(session, issued(session, people))
    dues = {rule: clock.due_at for rule, clock in clocks.items()}
    next_workday = REPLY_DUE.replace(day=14)
    assert dues == {"paper.sign": end_of_day(next_workday), "paper.reply": end_of_day(REPLY_DUE)}


def test_a_commendation_asks_for_no_answer(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.COMMENDATION)
        paper.reply_due = None
        paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)
        assert set(own_clocks(session, paper)) == {"paper.sign"}


def test_issuing_tells_the_unit_in_its_inbox(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = issued(session, people)
        notice = session.scalars(select(Notice)).one()
        copies = list(session.scalars(select(NoticeCopy.person_id)))
    assert (notice.title, copies) == (f"督办单 {paper.number}", [people.handler.id])


def test_signing_and_answering_stop_their_clocks(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = at_stage(session, people, PaperStage.FEEDBACK, PaperKind.SUPERVISION)
        outcomes = {clock.outcome for clock in own_clocks(session, paper).values()}
    assert outcomes == {Outcome.FULFILLED}


def test_an_answer_that_does_not_do_runs_again_to_a_new_day(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = at_stage(session, people, PaperStage.FEEDBACK, PaperKind.SUPERVISION)
        more = {"reason": "请补充", "reply_due": STATEMENT_DUE}
        paper_replies.send_back(session, paper, **more, by=people.supervisor, at=OVERDUE)
        clock = own_clocks(session, paper)["paper.reply"]
    assert (paper.stage, clock.due_on, clock.stopped_at) == (PaperStage.SIGNED, STATEMENT_DUE, None)


def test_lifting_stops_what_was_never_met(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = issued(session, people)
        paper_replies.lift(session, paper, ruling="误发", by=people.supervisor, at=OVERDUE)
        outcomes = {clock.outcome for clock in own_clocks(session, paper).values()}
    assert outcomes == {Outcome.CANCELLED}


def test_a_talk_is_recorded_before_it_is_lifted(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = at_stage(session, people, PaperStage.SIGNED, PaperKind.TALK)
        with pytest.raises(PaperRefused, match="先记录约谈"):
            paper_replies.lift(session, paper, ruling="已谈", by=people.supervisor, at=LATER)


def test_a_talk_is_not_recorded_before_it_was_held(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = at_stage(session, people, PaperStage.SIGNED, PaperKind.TALK)
        with pytest.raises(PaperRefused, match="还没有进行"):
            paper_replies.record_talk(session, paper, TALKED, by=people.supervisor, at=OVERDUE)


@pytest.mark.parametrize("verb", ["sign", "feed_back"])
def test_another_unit_neither_signs_nor_answers(db: Database, people: People, verb: str) -> None:
    with db.writing() as session:
        stage = PaperStage.ISSUED if verb == "sign" else PaperStage.SIGNED
        paper = at_stage(session, people, stage, PaperKind.SUPERVISION)
        more = {} if verb == "sign" else {"text": "已答复"}
        with pytest.raises(NotYourPaper):
            getattr(paper_replies, verb)(session, paper, **more, by=people.stranger, at=OVERDUE)


def test_the_watch_office_urges(db: Database, people: People) -> None:
    watch = Actor(people.operator.id, "值守", people.operator.unit_id, roles=frozenset({Role.WATCH}))
    with db.writing() as session:
        more = {"words": "请速办。", "reply_due": REPLY_DUE}
        paper = paper_issue.urge(session, a_clock(session, people), ISSUER, **more, by=watch, at=OVERDUE)
    assert (paper.stage, paper.body, paper.number) == (PaperStage.ISSUED, "请速办。", "云政办催〔2026〕1号")


def test_a_unit_does_not_urge(db: Database, people: People) -> None:
    with db.writing() as session, pytest.raises(NotYourPaper):
        more = {"words": "请速办。", "reply_due": REPLY_DUE, "by": people.handler, "at": OVERDUE}
        paper_issue.urge(session, a_clock(session, people), ISSUER, **more)


def test_a_stopped_clock_is_not_urged(db: Database, people: People) -> None:
    with db.writing() as session:
        clock = a_clock(session, people)
        clock.stopped_at = OVERDUE - timedelta(days=1)
        more = {"words": "请速办。", "reply_due": REPLY_DUE, "by": people.supervisor, "at": OVERDUE}
        with pytest.raises(PaperRefused, match="已停止计时"):
            paper_issue.urge(session, clock, ISSUER, **more)


def test_a_circular_about_a_unit_lists_what_is_overdue_there(db: Database, people: People) -> None:
    with db.writing() as session:
        late = a_clock(session, people)
        a_clock(session, people, "inquiry:2", received_at=OVERDUE)
        issued(session, people)
        call = Call(PaperKind.CRITICISM, late.unit_id)
        paper = paper_drafts.draft(session, call, by=people.supervisor, at=LATER)
        listed = session.scalars(select(PaperCase.clock_id).where(PaperCase.paper_id == paper.id)).all()
        second = session.scalars(select(Clock).where(Clock.subject == "inquiry:2")).one()
    assert set(listed) == {late.id, second.id}


def test_an_editor_takes_a_case_out_of_the_table(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        paper_drafts.edit(session, paper, WORDING, cases=[], by=people.supervisor, at=OVERDUE)
        assert session.scalars(select(PaperCase)).all() == []


def test_no_fact_holds_the_words_of_an_answer(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = at_stage(session, people, PaperStage.SIGNED, PaperKind.SUPERVISION)
        text = "来电人张三电话13800001234，已答复。"
        paper_replies.feed_back(session, paper, text=text, by=people.handler, at=OVERDUE)
    with db.reading() as session:
        assert not any("13800001234" in fact.detail for fact in session.scalars(select(Fact)))
