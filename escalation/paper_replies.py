"""What happens to a paper outside: signed for, answered, sent back, a talk recorded, lifted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import SYSTEM, Actor
from escalation.audience import Audience
from escalation.clocks import halt
from escalation.models import Clock, Outcome
from escalation.notices import notify
from escalation.paper_drafts import PaperRefused, allowed, record, text_mac
from escalation.paper_issue import REPLY, SIGN, TOLD, begin
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper, PaperTalk
from escalation.paper_stages import PaperAct, step
from escalation.paper_text import day_cn
from sla import local_date

SETTLED = "所催事项已办结"


@dataclass(frozen=True)
class TalkRecord:
    """约谈记录: what was pointed out, what was promised, by when, who signed."""

    problem: str
    attitude: str
    rectify_by: date | None
    signers: str


def sign(session: Session, paper: Paper, *, by: Actor, at: datetime) -> None:
    """签收: who and when are what 'I never got it' is answered with."""
    paper.stage = allowed(paper, PaperAct.SIGN, by)
    paper.signed_by_id, paper.signed_at = by.id, at
    _stop(session, paper, (SIGN,), Outcome.FULFILLED, by, at)
    record(session, paper, PaperAct.SIGN, by, at)


def feed_back(session: Session, paper: Paper, *, text: str, by: Actor, at: datetime) -> None:
    """The unit's answer; its clock stops now, whatever the office thinks of the answer."""
    paper.stage = allowed(paper, PaperAct.FEED_BACK, by)
    paper.feedback, paper.feedback_by_id, paper.feedback_at = text, by.id, at
    _stop(session, paper, (REPLY,), Outcome.FULFILLED, by, at)
    after = {"text_mac": text_mac(session, text), "round": paper.round}
    record(session, paper, PaperAct.FEED_BACK, by, at, after=after)


def send_back(
    session: Session,
    paper: Paper,
    *,
    reason: str,
    reply_due: date,
    by: Actor,
    at: datetime,
) -> None:
    """继续督办: the answer does not do; a new day, a new clock, the same paper."""
    stage = allowed(paper, PaperAct.SEND_BACK, by)
    if reply_due < local_date(at):
        raise PaperRefused("反馈时限不能早于今天", "reply_due")
    paper.stage, paper.ruling, paper.reply_due, paper.round = stage, reason, reply_due, paper.round + 1
    clock = begin(session, paper, REPLY, "再次反馈", by, at)
    text = f"反馈未通过：{reason}请于{day_cn(reply_due)}前重新反馈。"
    to = Audience(session, local_date(at)).of(paper.unit_id, TOLD[paper.kind])
    title = f"{paper.kind.label} {paper.number} 继续督办"
    notify(session, clock, "sent_back", title=title, text=text, to=to, by=by, at=at)
    after = {"round": paper.round, "due_on": reply_due}
    record(session, paper, PaperAct.SEND_BACK, by, at, after=after, note=reason)


def record_talk(session: Session, paper: Paper, talked: TalkRecord, *, by: Actor, at: datetime) -> None:
    """约谈记录 by the office, after the talk was held."""
    allowed(paper, PaperAct.RECORD_TALK, by)
    talk = session.get_one(PaperTalk, paper.id)
    if talk.held_at and talk.held_at > at:
        raise PaperRefused("约谈还没有进行，不能记录", "problem")
    talk.problem, talk.attitude, talk.signers = talked.problem, talked.attitude, talked.signers
    talk.rectify_by, talk.recorded_by_id, talk.recorded_at = talked.rectify_by, by.id, at
    after = {"due_on": talked.rectify_by, "text_mac": text_mac(session, talked.problem + talked.attitude)}
    paper.stage = step(paper.stage, PaperAct.RECORD_TALK)
    record(session, paper, PaperAct.RECORD_TALK, by, at, after=after)


def lift(session: Session, paper: Paper, *, ruling: str, by: Actor, at: datetime) -> None:
    """办结 by the office that issued it; what still ran stops without having been met."""
    stage = allowed(paper, PaperAct.LIFT, by)
    if paper.kind is PaperKind.TALK and session.get_one(PaperTalk, paper.id).recorded_at is None:
        raise PaperRefused("请先记录约谈情况，再办结", "ruling")
    paper.stage, paper.ruling, paper.lifted_by_id, paper.lifted_at = stage, ruling, by.id, at
    _stop(session, paper, (SIGN, REPLY), Outcome.CANCELLED, by, at)
    record(session, paper, PaperAct.LIFT, by, at, note=ruling)


def settle(session: Session, paper: Paper, *, at: datetime) -> None:
    """The matter of a 催办单 was answered: the reminder has done its work and nags nobody any longer."""
    paper.stage, paper.ruling, paper.lifted_at = step(paper.stage, PaperAct.LIFT), SETTLED, at
    _stop(session, paper, (SIGN, REPLY), Outcome.CANCELLED, SYSTEM, at)
    record(session, paper, PaperAct.LIFT, SYSTEM, at, note=SETTLED)


def _stop(
    session: Session, paper: Paper, rules: Sequence[str], outcome: Outcome, by: Actor, at: datetime
) -> None:
    """Those of the paper's own clocks that still run."""
    own = select(Clock).where(
        Clock.subject.in_({paper.subject, paper.clock_subject}), Clock.stopped_at.is_(None)
    )
    for clock in session.scalars(own.where(Clock.purpose.in_(rules))):
        halt(session, clock, outcome=outcome, stopped_at=at, by=by, at=at)
