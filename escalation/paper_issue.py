"""Issuing: number, file, clocks and notice in one transaction. An issuing that fails takes none of them."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import counters
from core.people import Actor, Role
from escalation import clocks
from escalation.audience import Audience
from escalation.models import Clock
from escalation.notices import notify
from escalation.paper_build import Issuer, facts_of
from escalation.paper_docx import BadTemplate, digest, render
from escalation.paper_drafts import OWN_CLOCKS, Call, PaperRefused, draft, record
from escalation.paper_facts import to_json
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper, PaperFile, PaperTalk
from escalation.paper_settings import paper_settings
from escalation.paper_stages import MAY_URGE, NotYourPaper, PaperAct, may_act, step
from escalation.paper_text import day_cn
from sla import local_date

SIGN, REPLY = "paper.sign", "paper.reply"
TOLD = {kind: (Role.CONTACT, Role.LEADER) for kind in PaperKind}
TOLD[PaperKind.REMINDER] = (Role.HANDLER, Role.CONTACT)
NEEDS_REPLY = frozenset({PaperKind.REMINDER, PaperKind.SUPERVISION, PaperKind.RECTIFICATION})


def issue(
    session: Session,
    paper: Paper,
    issuer: Issuer,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """签发 by a named person of the supervising office; a 催办单 of the ladder goes out by itself.

    Raises PaperRefused, NotYourPaper, IllegalPaperMove.
    """
    if not may_issue(paper, by):
        raise NotYourPaper(PaperAct.ISSUE)
    stage = step(paper.stage, PaperAct.ISSUE)
    _check_words(paper, at)
    _check_talk(session, paper, at)
    _check_heard(paper, by)
    paper.stage, paper.issued_by_id, paper.issued_at = stage, by.id, at
    paper.times = 1 + _issued_before(session, paper)
    _number(session, paper, at)
    session.flush()
    sha256 = _keep_file(session, paper, issuer, at)
    _start_clocks(session, paper, by, at)
    _tell(session, paper, by, at)
    record(session, paper, PaperAct.ISSUE, by, at, after={"number": paper.number, "sha256": sha256})


def urge(
    session: Session,
    clock: Clock,
    issuer: Issuer,
    *,
    words: str,
    reply_due: date,
    by: Actor,
    at: datetime,
) -> Paper:
    """催办 by hand: a 催办单 in one's own words, drafted and issued at once."""
    if by.roles.isdisjoint(MAY_URGE):
        raise NotYourPaper(PaperAct.ISSUE)
    if clock.stopped_at is not None:
        raise PaperRefused("此件已停止计时，不用再催")
    if clock.rule.startswith(OWN_CLOCKS):
        raise PaperRefused("督办文书的签收和反馈不另发催办单")
    call = Call(PaperKind.REMINDER, clock.unit_id, clock, own=words, reply_due=reply_due)
    paper = draft(session, call, by=by, at=at)
    issue(session, paper, issuer, by=by, at=at)
    return paper


def may_issue(paper: Paper, by: Actor) -> bool:
    """A person of the supervising office; the system and the watch office only a 催办单 of their own making."""
    if may_act(by, PaperAct.ISSUE, kind=paper.kind, unit_id=paper.unit_id):
        return True
    own = paper.kind is PaperKind.REMINDER and paper.drafter_id == by.id
    return own and (by.id is None or not by.roles.isdisjoint(MAY_URGE))


def _check_words(paper: Paper, at: datetime) -> None:
    """What must stand on the paper before it may leave."""
    if not paper.title.strip():
        raise PaperRefused("请填写标题", "title")
    if not paper.body.strip():
        raise PaperRefused("请写明事由，再签发", "body")
    if paper.kind is PaperKind.SUPERVISION and not paper.grounds:
        raise PaperRefused("请选择督办事由", "grounds")
    if paper.kind in NEEDS_REPLY and paper.reply_due is None:
        raise PaperRefused("请填写反馈时限", "reply_due")
    if paper.reply_due and paper.reply_due < local_date(at):
        raise PaperRefused("反馈时限已经过了，请修改后再签发", "reply_due")


def _check_talk(session: Session, paper: Paper, at: datetime) -> None:
    if paper.kind is not PaperKind.TALK:
        return
    talk = session.get_one(PaperTalk, paper.id)
    if talk.held_at is None or not (talk.place and talk.talkers and talk.object):
        raise PaperRefused("请填写约谈对象、时间、地点和约谈人，再签发", "held_at")
    if talk.held_at <= at:
        raise PaperRefused("约谈时间已经过了，请修改后再签发", "held_at")


def _check_heard(paper: Paper, by: Actor) -> None:
    """通报批评 leaves only after the unit was heard and a second person agreed."""
    if paper.kind is not PaperKind.CRITICISM:
        return
    if paper.statement_at is None:
        raise PaperRefused("须先征求单位的申辩意见；逾期未提交的，先记录限期未提交")
    if paper.approved_by_id is None:
        raise PaperRefused("须由另一名督办员审批同意后签发")
    if paper.approved_by_id == by.id:
        raise PaperRefused("审批人不能签发自己审批的通报，请由另一名督办员签发")


def _issued_before(session: Session, paper: Paper) -> int:
    """How many papers of this kind went out about the same clock: the next is 第N次."""
    if paper.clock_id is None:
        return 0
    same = (Paper.clock_id == paper.clock_id, Paper.kind == paper.kind, Paper.serial.is_not(None))
    return session.scalar(select(func.count()).where(*same)) or 0


def _number(session: Session, paper: Paper, at: datetime) -> None:
    """The next number of the register of this code word and year."""
    word, year = paper_settings().words[paper.kind], local_date(at).year
    paper.word, paper.year = word, year
    paper.serial = counters.take(session, f"paper:{word}:{year}")


def _keep_file(session: Session, paper: Paper, issuer: Issuer, at: datetime) -> str:
    facts = facts_of(session, paper, issuer, at=at)
    try:
        content = render(paper.kind, facts, own=issuer.templates)
    except BadTemplate as fault:
        raise PaperRefused(str(fault)) from fault
    kept = PaperFile(paper_id=paper.id, sha256=digest(content), facts=to_json(facts), content=content)
    session.add(kept)
    return kept.sha256


def _start_clocks(session: Session, paper: Paper, by: Actor, at: datetime) -> None:
    begin(session, paper, SIGN, "签收", by, at)
    if paper.reply_due:
        begin(session, paper, REPLY, "反馈", by, at)


def begin(session: Session, paper: Paper, rule: str, verb: str, by: Actor, at: datetime) -> Clock:
    """One of the paper's own clocks, held by the addressee."""
    return clocks.start(
        session,
        paper.subject if rule == SIGN else paper.clock_subject,
        rule,
        received_at=at,
        unit_id=paper.unit_id,
        label=f"{verb}{paper.kind.label} {paper.number}",
        link=paper.link,
        by=by,
        at=at,
        due_on=paper.reply_due if rule == REPLY else None,
    )


def _tell(session: Session, paper: Paper, by: Actor, at: datetime) -> None:
    """Into the inboxes of the unit's people, and outside."""
    clock = clocks.running(session, paper.subject, SIGN)
    due = f"，并于{day_cn(paper.reply_due)}前反馈办理情况" if paper.reply_due else ""
    text = f"{paper.title}。请登录签收{due}。"
    to = Audience(session, local_date(at)).of(paper.unit_id, TOLD[paper.kind])
    title = f"{paper.kind.label} {paper.number}"
    notify(session, clock, "issued", title=title, text=text, to=to, by=by, at=at)
