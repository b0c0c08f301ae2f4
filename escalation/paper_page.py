"""What the page of one paper shows; a template computes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor, Person, Role, Unit
from escalation.models import Clock
from escalation.notice_words import due_text, light_of
from escalation.paper_build import cases_of, earlier_of, ground_words, matter_of
from escalation.paper_facts import Case, Lines, Matter
from escalation.paper_forms import BODY_NAMES, FORMS, PaperForm
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper, PaperFile, PaperTalk
from escalation.paper_settings import paper_settings
from escalation.paper_stages import ENDED, PaperAct, PaperStage, acts_from
from escalation.paper_text import CIRCULARS, day_cn, feedback_day, moment_words, reply_words
from escalation.paper_words import Step, history, moment
from escalation.papers import find_clock
from escalation.ruler import LightWords, day_words
from sla import local_date

FOLDED = frozenset({PaperAct.DROP, PaperAct.SEND_BACK, PaperAct.LIFT, PaperAct.RECORD_TALK})
OWN_PAGES = frozenset({PaperAct.EDIT, PaperAct.STATE})


@dataclass(frozen=True)
class Stage:
    """A step of the paper's life: `state` is "done", "now" or "todo"."""

    name: str
    who: str
    when: str
    state: str


@dataclass(frozen=True)
class Running:
    """One of the paper's own clocks."""

    name: str
    due: str
    light: LightWords


@dataclass(frozen=True)
class Panel:
    """An act that is lawful now, with its form; `open` when it was sent back."""

    act: PaperAct
    form: PaperForm
    open: bool


@dataclass(frozen=True)
class Sent:
    """A form that comes back to its page."""

    act: PaperAct | None = None
    form: PaperForm | None = None


NOTHING_SENT = Sent()


@dataclass(frozen=True)
class PaperPage:
    """`sections` are (heading, paragraphs); `facts` (name, value); `clock_id` is set where a further paper
    may be drafted about the matter. `why_not` says what issuing still waits for.

    `stale` says what became of the matter since a draft was made.
    """

    id: int
    version: int
    kind: str
    number: str
    title: str
    stage: str
    unit: str
    office: bool
    ended: bool
    may_edit: bool
    stages: tuple[Stage, ...]
    facts: tuple[tuple[str, str], ...]
    matter: Matter | None
    href: str
    clock_id: int | None
    sections: tuple[tuple[str, Lines], ...]
    cases: tuple[Case, ...]
    earlier: Lines
    clocks: tuple[Running, ...]
    sha256: str
    main: tuple[Panel, ...]
    more: tuple[Panel, ...]
    why_not: str
    stale: str
    steps: tuple[Step, ...]

    def offers(self, act: PaperAct | None) -> bool:
        """Whether the form of this act stands on the page."""
        return act in [panel.act for panel in (*self.main, *self.more)]


def build(
    session: Session, paper: Paper, person: Actor, *, at: datetime, sent: Sent = NOTHING_SENT
) -> PaperPage:
    """The whole page of a paper that `find_paper` gave out."""
    office, names = person.has(Role.SUPERVISOR, Role.WATCH), _names(session, paper)
    unit, talk = session.get_one(Unit, paper.unit_id), session.get(PaperTalk, paper.id)
    clock = find_clock(session, paper.clock_id, person) if paper.clock_id else None
    acts = acts_from(paper.stage, person, kind=paper.kind, unit_id=paper.unit_id)
    shown = [
        act for act in acts if act not in OWN_PAGES and (act is sent.act or _useful(paper, act, person, at))
    ]
    panels = tuple(_panel(paper, act, at, sent) for act in shown)
    return PaperPage(
        id=paper.id,
        version=paper.version,
        kind=paper.kind.label,
        number=paper.number,
        title=paper.title,
        stage=paper.stage.label,
        unit=unit.name,
        office=office,
        ended=paper.stage in ENDED,
        may_edit=PaperAct.EDIT in acts,
        stages=tuple(_stages(paper, names)),
        facts=tuple(_facts(paper, unit, names)),
        matter=matter_of(clock, paper.times, at) if clock else None,
        href=clock.link if clock else "",
        clock_id=clock.id if clock and clock.stopped_at is None and person.has(Role.SUPERVISOR) else None,
        sections=tuple(_sections(paper, talk)),
        cases=tuple(_listed(session, paper, at)),
        earlier=earlier_of(session, paper),
        clocks=_clocks(session, paper, at),
        sha256=session.scalar(select(PaperFile.sha256).where(PaperFile.paper_id == paper.id)) or "",
        main=tuple(panel for panel in panels if panel.act not in FOLDED),
        more=tuple(panel for panel in panels if panel.act in FOLDED),
        why_not=_why_not(paper) if PaperAct.ISSUE in acts else "",
        stale=_stale(paper, clock, at),
        steps=history(session, paper, office=office),
    )


def _names(session: Session, paper: Paper) -> dict[int | None, str]:
    ids = {paper.drafter_id, paper.issued_by_id, paper.signed_by_id, paper.feedback_by_id, paper.lifted_by_id}
    ids |= {paper.approved_by_id, paper.statement_by_id}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids - {None})))
    return {person_id: name for person_id, name in rows} | {None: "系统"}


def _stages(paper: Paper, names: dict[int | None, str]) -> Iterator[Stage]:
    """拟稿, 签发, 签收, 反馈, 办结: the first that has no moment is the present one."""
    done: list[tuple[str, datetime | None, int | None]] = [("拟稿", paper.drafted_at, paper.drafter_id)]
    done.append(("签发", paper.issued_at, paper.issued_by_id))
    done.append(("签收", paper.signed_at, paper.signed_by_id))
    if paper.kind is not PaperKind.COMMENDATION:
        answered = paper.feedback_at if paper.stage is not PaperStage.SIGNED else None
        done.append(("反馈", answered, paper.feedback_by_id))
    last = "作废" if paper.stage is PaperStage.DROPPED else "办结"
    done.append((last, paper.lifted_at, paper.lifted_by_id))
    now_seen = paper.stage in ENDED
    for name, when, who in done:
        state = "done" if when else "todo" if now_seen else "now"
        now_seen = now_seen or when is None
        yield Stage(name, names.get(who, "") if when else "", moment(when) if when else "", state)


def _facts(paper: Paper, unit: Unit, names: dict[int | None, str]) -> Iterator[tuple[str, str]]:
    yield "发往单位", unit.name
    yield "文号", paper.number or "签发后编号"
    if paper.times > 1:
        yield "次数", f"第{paper.times}次{paper.kind.label}"
    if paper.grounds:
        yield f"{paper.kind.label[:2]}事由", "、".join(ground_words(paper))
    if paper.reply_due:
        yield "反馈时限", f"{reply_words(paper.reply_due)}前"
    if paper.copies_to:
        yield "抄送", paper.copies_to
    if paper.approved_at:
        yield "审批", f"{names.get(paper.approved_by_id, '')}，{moment(paper.approved_at)}"
    if paper.kind in CIRCULARS:
        yield "主送", paper_settings().office.circular_to


def _sections(paper: Paper, talk: PaperTalk | None) -> Iterator[tuple[str, Lines]]:
    """The words of the paper under their headings; empty ones are left out."""
    named: list[tuple[str, str]] = [(BODY_NAMES[paper.kind], paper.body), ("依据", paper.basis)]
    named += _plan(talk) if talk else []
    named += [("要求", paper.requirements), ("处理决定", paper.decision)]
    named.append(("单位申辩意见", paper.statement))
    named.append((f"反馈（第{paper.round}轮）" if paper.round > 1 else "反馈", paper.feedback))
    named += _record(talk) if talk and talk.recorded_at else []
    named.append(("审核意见", paper.ruling))
    yield from ((name, tuple(text.split("\n"))) for name, text in named if text.strip())


def _plan(talk: PaperTalk) -> list[tuple[str, str]]:
    when = moment_words(talk.held_at) if talk.held_at else "待定"
    lines = [
        f"对象：{talk.object}",
        f"时间：{when}",
        f"地点：{talk.place or '待定'}",
        f"约谈人：{talk.talkers or '待定'}",
    ]
    return [("约谈安排", "\n".join(lines + ([f"携带材料：{talk.materials}"] if talk.materials else [])))]


def _record(talk: PaperTalk) -> list[tuple[str, str]]:
    due = f"整改期限：{day_cn(talk.rectify_by)}" if talk.rectify_by else ""
    signed = f"签字：{talk.signers}" if talk.signers else ""
    lines = [f"指出的问题：{talk.problem}", f"对象表态：{talk.attitude}", due, signed]
    return [("约谈记录", "\n".join(line for line in lines if line))]


def _listed(session: Session, paper: Paper, at: datetime) -> Iterator[Case]:
    for clock in cases_of(session, paper):
        matter = matter_of(clock, 1, at)
        yield Case(matter.label, matter.received, matter.due, matter.standing)


def _clocks(session: Session, paper: Paper, at: datetime) -> tuple[Running, ...]:
    own = select(Clock).where(Clock.subject.in_({paper.subject, paper.clock_subject})).order_by(Clock.id)
    found = session.scalars(own).all()
    return tuple(Running(clock.label.split(" ")[0], due_text(clock), light_of(clock, at)) for clock in found)


def _useful(paper: Paper, act: PaperAct, person: Actor, at: datetime) -> bool:
    """Whether the act would not be refused at once; what is still missing is said by `why_not`."""
    match act:
        case PaperAct.ASK_STATEMENT:
            return paper.statement_due is None
        case PaperAct.NO_STATEMENT:
            late = paper.statement_due is not None and local_date(at) > paper.statement_due
            return late and paper.statement_at is None
        case PaperAct.APPROVE:
            ready = paper.statement_at is not None and paper.approved_at is None
            return ready and person.id not in (paper.drafter_id, paper.editor_id)
        case PaperAct.ISSUE:
            return not _why_not(paper) and paper.approved_by_id != person.id
    return True


def _panel(paper: Paper, act: PaperAct, at: datetime, sent: Sent) -> Panel:
    back = sent.form if sent.act is act else None
    form = back or new_form(act, None, paper, at=at)
    return Panel(act, form, open=back is not None)


def new_form(act: PaperAct, values: Any, paper: Paper, *, at: datetime) -> PaperForm:
    """The form of an act as it is first shown, or as it was sent."""
    office = paper_settings().office
    soon, later = feedback_day(at, office), feedback_day(at, office, office.statement_workdays)
    first: dict[str, Any] = {"reply_due": soon, "rectify_by": soon, "due": later, "version": paper.version}
    form = FORMS[act](values, **first)
    form.name_ids(act)
    return form


def _stale(paper: Paper, clock: Clock | None, at: datetime) -> str:
    """A draft is about the day it was made: the matter may have ended, the days have gone on."""
    if paper.stage is not PaperStage.DRAFTED:
        return ""
    if clock and clock.stopped_at:
        ended = clock.outcome.label if clock.outcome else "已办结"
        return f"所督事项{day_words(local_date(clock.stopped_at))}{ended}，请核对是否还需签发。"
    drafted = local_date(paper.drafted_at)
    return f"文稿是{day_words(drafted)}拟的，请核对逾期天数和反馈时限。" if drafted < local_date(at) else ""


def _why_not(paper: Paper) -> str:
    """What a 通报批评 still waits for before it may be issued."""
    if paper.kind is not PaperKind.CRITICISM:
        return ""
    if paper.statement_due is None:
        return "通报批评前须征求单位的申辩意见。"
    if paper.statement_at is None:
        return f"已征求申辩意见，单位应于{day_words(paper.statement_due)}前提交。"
    return "" if paper.approved_at else "须由起草、修改人以外的另一名督办员审批同意，再由未审批的人签发。"
