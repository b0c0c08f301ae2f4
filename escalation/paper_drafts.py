"""What is done to a paper before it leaves the office: draft, change, hear the unit, approve, drop.

Verbs check, change and write one fact; the caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import facts
from core.db import vault_of
from core.people import Actor, Role, Unit
from escalation import clocks
from escalation.audience import Audience
from escalation.models import Clock, Notice, Outcome
from escalation.notices import notify
from escalation.paper_kinds import PaperKind
from escalation.paper_models import WAITING, Paper, PaperCase, PaperTalk
from escalation.paper_settings import paper_settings
from escalation.paper_stages import NotYourPaper, PaperAct, PaperStage, may_act, step
from escalation.paper_text import About, Wording, day_cn, proposed
from sla import local_date

STATEMENT = "paper.statement"
OWN_CLOCKS = "paper."  # rules of the clocks that papers start themselves: no paper is written about those
MOST_CASES = 20


class PaperRefused(ValueError):
    """The act is not possible so; says why in Chinese. `field` is the form field to show it beside."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Call:
    """What calls for a paper: a clock or a unit alone, the rung's notice, the words of the person who urges."""

    kind: PaperKind
    unit_id: int
    clock: Clock | None = None
    notice: Notice | None = None
    own: str = ""
    reply_due: date | None = None


@dataclass(frozen=True)
class TalkPlan:
    """约谈: whom, when, where, by whom, with which papers."""

    object: str
    held_at: datetime | None
    place: str
    talkers: str
    materials: str


def draft(session: Session, call: Call, *, by: Actor, at: datetime) -> Paper:
    """A new draft with the proposed words. It has no number, and the unit does not see it."""
    unit, cases = session.get_one(Unit, call.unit_id), _cases(session, call, at)
    served = served_before(session, call.clock) if call.clock else []
    about = About(unit.name, call.clock, at, len(cases), bool(served), call.own, call.reply_due)
    paper = Paper(kind=call.kind, stage=PaperStage.DRAFTED, unit_id=unit.id)
    paper.clock_id = call.clock.id if call.clock else None
    paper.notice_id = call.notice.id if call.notice else None
    paper.times = 1 + sum(kind is call.kind for kind in served)
    paper.drafter_id, paper.drafted_at = by.id, at
    _put(paper, proposed(call.kind, about, paper_settings().office))
    session.add(paper)
    session.flush()
    session.add_all([PaperCase(paper_id=paper.id, clock_id=case.id) for case in cases])
    if call.kind is PaperKind.TALK:
        session.add(PaperTalk(paper_id=paper.id, object=f"{unit.name}主要负责人"))
    after = {"kind": paper.kind, "unit": unit.name, "clock": paper.clock_id, "notice": paper.notice_id}
    facts.record(session, facts.Entry("paper:draft", paper.subject, by, at, after=after))
    return paper


def served_before(session: Session, clock: Clock) -> list[PaperKind]:
    """The kinds of the papers that were issued about this clock."""
    return list(
        session.scalars(select(Paper.kind).where(Paper.clock_id == clock.id, Paper.serial.is_not(None)))
    )


def _cases(session: Session, call: Call, at: datetime) -> Sequence[Clock]:
    """What a 通报批评 lists: its matter, or whatever of the unit is overdue, the oldest first."""
    if call.kind is not PaperKind.CRITICISM:
        return ()
    if call.clock:
        return (call.clock,)
    late = select(Clock).where(Clock.unit_id == call.unit_id, Clock.stopped_at.is_(None), Clock.due_at < at)
    late = late.where(Clock.paused_since.is_(None), Clock.rule.not_like(f"{OWN_CLOCKS}%"))
    return session.scalars(late.order_by(Clock.due_at, Clock.id).limit(MOST_CASES)).all()


def _put(paper: Paper, wording: Wording) -> list[str]:
    """Write the words into the record; the names of those that changed."""
    changed = []
    for field in fields(Wording):
        value: Any = getattr(wording, field.name)
        value = ",".join(value) if field.name == "grounds" else value
        if getattr(paper, field.name) != value:
            changed.append(field.name)
            setattr(paper, field.name, value)
    return changed


def edit(
    session: Session,
    paper: Paper,
    wording: Wording,
    *,
    talk: TalkPlan | None = None,
    cases: Sequence[int] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Change a draft; an approval falls with it. `cases` are the clocks that the table keeps."""
    allowed(paper, PaperAct.EDIT, by)
    if wording.reply_due and wording.reply_due < local_date(at):
        raise PaperRefused("反馈时限不能早于今天", "reply_due")
    changed = _put(paper, wording)
    changed += _put_talk(session, paper, talk) if talk else []
    changed += _keep_cases(session, paper, cases) if cases is not None else []
    paper.editor_id, paper.approved_by_id, paper.approved_at = by.id, None, None
    record(session, paper, PaperAct.EDIT, by, at, after={"changed": changed})


def _put_talk(session: Session, paper: Paper, plan: TalkPlan) -> list[str]:
    talk = session.get_one(PaperTalk, paper.id)
    changed = [field.name for field in fields(plan) if getattr(talk, field.name) != getattr(plan, field.name)]
    for name in changed:
        setattr(talk, name, getattr(plan, name))
    return changed


def _keep_cases(session: Session, paper: Paper, kept: Sequence[int]) -> list[str]:
    gone = delete(PaperCase).where(PaperCase.paper_id == paper.id, PaperCase.clock_id.not_in(kept))
    return ["cases"] if session.execute(gone).rowcount else []  # type: ignore[attr-defined]


def ask_statement(
    session: Session,
    paper: Paper,
    *,
    due: date,
    by: Actor,
    at: datetime,
) -> None:
    """Tell the unit what it is blamed for and by when it may answer, before 通报批评 is decided."""
    stage = allowed(paper, PaperAct.ASK_STATEMENT, by)
    if paper.statement_due:
        raise PaperRefused("已经征求过申辩意见")
    if due < local_date(at):
        raise PaperRefused("提交期限不能早于今天", "due")
    if not paper.body.strip():
        raise PaperRefused("请先修改文稿，写明基本情况", "due")
    paper.stage, paper.statement_due = stage, due
    more = {"label": f"就拟通报事项提交申辩意见：{paper.title}", "link": f"{paper.link}/statement"}
    clock = clocks.start(
        session,
        paper.subject,
        STATEMENT,
        received_at=at,
        unit_id=paper.unit_id,
        by=by,
        at=at,
        due_on=due,
        **more,
    )
    text = f"县政府办公室拟就有关事项通报批评，请于{day_cn(due)}前提交申辩意见；逾期不提交的，视为没有意见。"
    to = Audience(session, local_date(at)).of(paper.unit_id, (Role.CONTACT, Role.LEADER))
    title = PaperAct.ASK_STATEMENT.label
    notify(session, clock, "asked", title=title, text=text, to=to, by=by, at=at)
    record(session, paper, PaperAct.ASK_STATEMENT, by, at, after={"due_on": due})


def state(session: Session, paper: Paper, *, text: str, by: Actor, at: datetime) -> None:
    """The unit's statement, once."""
    allowed(paper, PaperAct.STATE, by)
    if paper.statement_due is None or paper.statement_at is not None:
        raise PaperRefused("现在不能提交申辩意见：没有征求，或者已经提交过、期限已过", "text")
    paper.statement, paper.statement_by_id, paper.statement_at = text, by.id, at
    _end_asking(session, paper, Outcome.FULFILLED, by, at)
    record(session, paper, PaperAct.STATE, by, at, after={"text_mac": text_mac(session, text)})


def no_statement(session: Session, paper: Paper, *, by: Actor, at: datetime) -> None:
    """Put on record that the unit let its time run out."""
    allowed(paper, PaperAct.NO_STATEMENT, by)
    if paper.statement_due is None or paper.statement_at is not None:
        raise PaperRefused("没有征求过申辩意见，或者单位已经提交")
    if local_date(at) <= paper.statement_due:
        raise PaperRefused(f"提交期限{day_cn(paper.statement_due)}还没有过")
    paper.statement_at = at
    _end_asking(session, paper, Outcome.CANCELLED, by, at)
    record(session, paper, PaperAct.NO_STATEMENT, by, at, after={"due_on": paper.statement_due})


def _end_asking(session: Session, paper: Paper, outcome: Outcome, by: Actor, at: datetime) -> None:
    clock = clocks.find(session, paper.subject, STATEMENT)
    if clock and clock.stopped_at is None:
        clocks.halt(session, clock, outcome=outcome, stopped_at=at, by=by, at=at)


def approve(session: Session, paper: Paper, *, by: Actor, at: datetime) -> None:
    """审批 by somebody who neither drafted nor last changed it."""
    allowed(paper, PaperAct.APPROVE, by)
    if paper.statement_at is None:
        raise PaperRefused("须先征求单位的申辩意见；逾期未提交的，先记录限期未提交")
    if by.id in (paper.drafter_id, paper.editor_id):
        raise PaperRefused("起草、修改文稿的人不能审批，请由另一名督办员审批")
    paper.approved_by_id, paper.approved_at = by.id, at
    record(session, paper, PaperAct.APPROVE, by, at)


def drop(session: Session, paper: Paper, *, reason: str, by: Actor, at: datetime) -> None:
    """作废 of a draft: it never had a number."""
    paper.stage = allowed(paper, PaperAct.DROP, by)
    paper.ruling, paper.lifted_by_id, paper.lifted_at = reason, by.id, at
    _end_asking(session, paper, Outcome.CANCELLED, by, at)
    record(session, paper, PaperAct.DROP, by, at, note=reason)


def allowed(paper: Paper, act: PaperAct, by: Actor) -> PaperStage:
    """Where the act leads. Raises NotYourPaper, IllegalPaperMove."""
    if not may_act(by, act, kind=paper.kind, unit_id=paper.unit_id):
        raise NotYourPaper(act)
    return step(paper.stage, act)


def record(
    session: Session,
    paper: Paper,
    act: PaperAct,
    by: Actor,
    at: datetime,
    *,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """The one fact of an act."""
    entry = facts.Entry(
        f"paper:{act}", paper.subject, by, at, after={"stage": paper.stage} | (after or {}), note=note
    )
    facts.record(session, entry)


def text_mac(session: Session, text: str) -> str:
    """A keyed fingerprint of words: it proves them, it does not tell them."""
    return vault_of(session).blind("paper", text).hex()


def drafts_waiting(session: Session) -> int:
    """How many drafts wait for a person; the number beside 督办 in the rail."""
    waiting = select(func.count()).select_from(Paper).where(WAITING)
    return session.scalar(waiting) or 0
