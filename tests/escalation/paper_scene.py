"""An overdue clock of the housing unit, a second supervisor, and papers brought to a stage by lawful acts only."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.facts import Fact
from core.people import SYSTEM, Actor, Role, Unit
from core.people_service import add_person
from escalation import paper_drafts, paper_issue, paper_replies
from escalation.models import Clock
from escalation.paper_build import Issuer
from escalation.paper_drafts import Call, TalkPlan
from escalation.paper_kinds import Ground, PaperKind
from escalation.paper_models import Paper
from escalation.paper_replies import TalkRecord
from escalation.paper_stages import PaperAct, PaperStage
from escalation.paper_text import Wording
from tests.escalation.scene import start_clock
from tests.people import People

OVERDUE = datetime(2026, 10, 13, 1, 30, tzinfo=UTC)  # Tuesday 09:30: five working days after 30 September
REPLY_DUE = date(2026, 10, 16)
STATEMENT_DUE = date(2026, 10, 20)
LATER = datetime(2026, 10, 21, 1, 30, tzinfo=UTC)
TALK_AT = OVERDUE + timedelta(days=1)
ISSUER = Issuer("云阳县")
WORDING = Wording(
    title="关于限期办结旧楼加装电梯诉求的文书",
    grounds=(Ground.OVERDUE,),
    basis="2021年云阳县政务公开重点工作任务清单 七(三)",
    body="下列事项逾期未办结，现予督办。",
    requirements="请办结并书面反馈。",
    decision="决定予以通报。",
    copies_to="县政府分管负责人",
    reply_due=REPLY_DUE,
)
PLAN = TalkPlan("县住房城乡建委主要负责人", TALK_AT, "县政府302会议室", "督查科 陈立衡", "办理卷宗")
TALKED = TalkRecord("逾期未答复", "承诺整改", REPLY_DUE, "陈立衡、谭文静")


def second_supervisor(session: Session) -> Actor:
    """The example has one supervisor only; an approval needs another."""
    office = session.scalars(select(Unit).where(Unit.code == "county_office")).one()
    more = {"roles": (Role.SUPERVISOR,), "by": SYSTEM, "at": OVERDUE}
    person, _password = add_person(
        session, login="second", name="刘科长", title="督查科", unit=office, **more
    )
    return person.actor


def a_clock(session: Session, people: People, subject: str = "inquiry:1", **changes: Any) -> Clock:
    """Due on 30 September."""
    return start_clock(session, people, subject, **changes)


def drafted(
    session: Session, people: People, kind: PaperKind = PaperKind.SUPERVISION, *, clock: Clock | None = None
) -> Paper:
    """A complete draft by the supervisor about a clock of the housing unit."""
    clock = (
        clock or session.scalar(select(Clock).where(Clock.subject == "inquiry:1")) or a_clock(session, people)
    )
    call = Call(kind, clock.unit_id, clock)
    paper = paper_drafts.draft(session, call, by=people.supervisor, at=OVERDUE)
    plan = PLAN if kind is PaperKind.TALK else None
    paper_drafts.edit(session, paper, WORDING, talk=plan, by=people.supervisor, at=OVERDUE)
    return paper


def heard(session: Session, people: People, paper: Paper, second: Actor) -> None:
    """What a 通报批评 needs before it may be issued."""
    paper_drafts.ask_statement(session, paper, due=STATEMENT_DUE, by=people.supervisor, at=OVERDUE)
    paper_drafts.state(session, paper, text="正在核实。", by=people.handler, at=OVERDUE)
    paper_drafts.approve(session, paper, by=second, at=OVERDUE)


def issued(session: Session, people: People, kind: PaperKind = PaperKind.SUPERVISION, **more: Any) -> Paper:
    paper = drafted(session, people, kind, **more)
    if kind is PaperKind.CRITICISM:
        heard(session, people, paper, second_supervisor(session))
    paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)
    return paper


def at_stage(session: Session, people: People, stage: PaperStage, kind: PaperKind) -> Paper:
    """A paper of this kind that reached the stage."""
    if stage in (PaperStage.DRAFTED, PaperStage.DROPPED):
        paper = drafted(session, people, kind)
        if stage is PaperStage.DROPPED:
            paper_drafts.drop(session, paper, reason="重复", by=people.supervisor, at=OVERDUE)
        return paper
    paper = issued(session, people, kind)
    if stage is not PaperStage.ISSUED:
        paper_replies.sign(session, paper, by=people.handler, at=OVERDUE)
    if stage in (PaperStage.FEEDBACK, PaperStage.LIFTED) and kind is not PaperKind.COMMENDATION:
        paper_replies.feed_back(session, paper, text="已答复。", by=people.handler, at=OVERDUE)
    if stage is PaperStage.LIFTED:
        if kind is PaperKind.TALK:
            paper_replies.record_talk(session, paper, TALKED, by=people.supervisor, at=LATER)
        paper_replies.lift(session, paper, ruling="已落实", by=people.supervisor, at=LATER)
    return paper


def perform(session: Session, people: People, paper: Paper, act: PaperAct, second: Actor) -> None:
    """The act by a person who may do it."""
    office = {"by": people.supervisor, "at": OVERDUE}
    late, unit = office | {"at": LATER}, {"by": people.handler, "at": OVERDUE}
    again = {"reason": "请补充说明。", "reply_due": STATEMENT_DUE}
    verbs = {
        PaperAct.EDIT: lambda: paper_drafts.edit(session, paper, WORDING, **office),
        PaperAct.ASK_STATEMENT: lambda: paper_drafts.ask_statement(
            session, paper, due=STATEMENT_DUE, **office
        ),
        PaperAct.STATE: lambda: paper_drafts.state(session, paper, text="正在核实。", **unit),
        PaperAct.NO_STATEMENT: lambda: paper_drafts.no_statement(session, paper, **late),
        PaperAct.APPROVE: lambda: paper_drafts.approve(session, paper, by=second, at=OVERDUE),
        PaperAct.ISSUE: lambda: paper_issue.issue(session, paper, ISSUER, **office),
        PaperAct.DROP: lambda: paper_drafts.drop(session, paper, reason="重复", **office),
        PaperAct.SIGN: lambda: paper_replies.sign(session, paper, **unit),
        PaperAct.FEED_BACK: lambda: paper_replies.feed_back(session, paper, text="已答复。", **unit),
        PaperAct.SEND_BACK: lambda: paper_replies.send_back(session, paper, **again, **office),
        PaperAct.RECORD_TALK: lambda: paper_replies.record_talk(session, paper, TALKED, **late),
        PaperAct.LIFT: lambda: paper_replies.lift(session, paper, ruling="已落实", **late),
    }
    verbs[act]()


def acts_of(db: Database, paper: Paper) -> dict[str, int]:
    """How many facts of each act the paper has."""
    with db.reading() as session:
        found: dict[str, int] = {}
        for act in session.scalars(select(Fact.act).where(Fact.subject == paper.subject)):
            if act.startswith("paper:"):
                found[act] = found.get(act, 0) + 1
        return found
