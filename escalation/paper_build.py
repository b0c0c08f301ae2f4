"""From the record to what stands on the paper: every id becomes a word, every instant a day in Shanghai."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Person, Unit
from escalation.models import Clock
from escalation.paper_facts import Case, Lines, Matter, PaperFacts, Talk
from escalation.paper_kinds import Ground, PaperKind
from escalation.paper_models import Paper, PaperCase, PaperTalk
from escalation.paper_settings import PaperSettings, paper_settings
from escalation.paper_text import CIRCULARS, day_cn, due_cn, lateness, moment_words, reply_words
from escalation.ruler import Ruler, day_words
from escalation.rules import limit_for
from escalation.standing import original_due, ruler_of
from sla import SHANGHAI, local_date

UNSIGNED = "　　　　"
NOTICE_NUMBER = re.compile(r"（([^（）]*号)）")


@dataclass(frozen=True)
class Issuer:
    """The installation: its county, and the folder of its own templates."""

    county: str
    templates: Path | None = None


def facts_of(session: Session, paper: Paper, issuer: Issuer, *, at: datetime) -> PaperFacts:
    """What stands on the paper at `at`; once it is issued, the kept facts are what counts."""
    settings = paper_settings()
    unit = session.get_one(Unit, paper.unit_id)
    clock = session.get(Clock, paper.clock_id) if paper.clock_id else None
    day = local_date(paper.issued_at or at)
    ruler = ruler_of(session, clock, at) if clock else None
    return PaperFacts(
        kind=paper.kind.value,
        red_head=settings.head_in(issuer.county, paper.kind),
        office=settings.name_in(issuer.county),
        number=paper.number or f"{settings.words[paper.kind]}〔{day.year}〕　号",
        signer=_signer(session, paper),
        title=paper.title,
        to=settings.office.circular_to if paper.kind in CIRCULARS else unit.name,
        unit=unit.name,
        day=day_cn(day),
        contact=settings.office.contact,
        reply_to=settings.office.reply_to,
        copies=paper.copies_to,
        reply_due=reply_words(paper.reply_due),
        grounds="、".join(ground_words(paper)),
        matter=matter_of(clock, paper.times, at) if clock else None,
        ruler=ruler.simple if ruler else None,
        ruler_note=ruler_note(ruler) if ruler else "",
        earlier=earlier_of(session, paper),
        basis=_lines(paper.basis),
        body=_lines(paper.body),
        requirements=_lines(paper.requirements),
        cases=tuple(_case(case, at) for case in cases_of(session, paper)),
        statement=_statement(paper),
        decision=_lines(paper.decision),
        talk=_talk(session.get(PaperTalk, paper.id)),
        openness=_openness(paper, settings),
    )


def matter_of(clock: Clock, times: int, at: datetime) -> Matter:
    """The clock in words; a moved limit names its first day as well."""
    limit, due, first = limit_for(clock.rule, clock.started_at), due_cn(clock), original_due(clock).on
    moved = f"（原{day_words(first)}）" if first != clock.due_on else ""
    return Matter(
        label=clock.label,
        limit=f"{limit.name}{_term(clock)}",
        received=day_cn(local_date(clock.started_at)),
        due=f"{due}{moved}",
        standing=standing(clock, at),
        times=f"第{times}次",
    )


def standing(clock: Clock, at: datetime) -> str:
    """已逾期3个工作日, and what stopped it if something did."""
    late = lateness(clock, at)
    words = [f"已逾期{late}"] if late else [] if clock.outcome else ["未到期"]
    return "，".join(words + ([clock.outcome.label] if clock.outcome else []))


def _term(clock: Clock) -> str:
    limit = limit_for(clock.rule, clock.started_at)
    for number, word in ((limit.workdays, "个工作日"), (limit.days, "日"), (limit.hours, "小时")):
        if number:
            return f"（{number}{word}）"
    return ""


def ruler_note(ruler: Ruler) -> str:
    """收到当日为第0日；9月20日调休上班计入，中秋放假不计。依据国办发明电〔2025〕7号。"""
    made_up = [day_words(day.on) for day in ruler.days if day.tag]
    offs = [piece.label for piece in ruler.simple.segments if piece.kind == "run" and piece.label != "周末"]
    parts = ([f"{'、'.join(made_up)}调休上班计入"] if made_up else []) + (
        [f"{'、'.join(dict.fromkeys(offs))}放假不计"] if offs else ["周末不计"]
    )
    if ruler.paused:
        parts.append("暂停期间不计")
    numbers = [found[1] if (found := NOTICE_NUMBER.search(source)) else source for source in ruler.sources]
    basis = f"依据{'、'.join(numbers)}。" if numbers else ""
    return f"收到当日为第0日；{'，'.join(parts)}。{basis}"


def earlier_of(session: Session, paper: Paper) -> Lines:
    """The papers of the same matter that were served before this one, each with what became of it."""
    if paper.clock_id is None:
        return ()
    served = select(Paper).where(Paper.clock_id == paper.clock_id, Paper.serial.is_not(None))
    rows = session.scalars(served.where(Paper.id != paper.id).order_by(Paper.issued_at, Paper.id))
    before = [one for one in rows if paper.issued_at is None or _issued(one) <= paper.issued_at]
    return tuple(served_line(one) for one in before)


def _issued(paper: Paper) -> datetime:
    return paper.issued_at or paper.drafted_at


def served_line(paper: Paper) -> str:
    """云政办催〔2026〕43号，9月28日发出，当日10:20签收，未反馈。"""
    issued = local_date(_issued(paper))
    parts = [paper.number, f"{day_words(issued)}发出"]
    parts.append(f"{_moment_after(paper.signed_at, issued)}签收" if paper.signed_at else "未签收")
    if paper.kind is not PaperKind.COMMENDATION:
        parts.append(f"{_moment_after(paper.feedback_at, issued)}反馈" if paper.feedback_at else "未反馈")
    return "，".join(parts)


def _moment_after(moment: datetime, issued: date) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{'当日' if local.date() == issued else day_words(local.date())}{local:%H:%M}"


def cases_of(session: Session, paper: Paper) -> Sequence[Clock]:
    """The clocks in the table of a circular, the oldest first."""
    rows = select(Clock).join(PaperCase, PaperCase.clock_id == Clock.id).where(PaperCase.paper_id == paper.id)
    return session.scalars(rows.order_by(Clock.due_at, Clock.id)).all()


def _case(clock: Clock, at: datetime) -> Case:
    received, due = local_date(clock.started_at), clock.due_on
    return Case(clock.label, _dotted(received), _dotted(due), standing(clock, at))


def _dotted(on: date) -> str:
    return f"{on.year}.{on.month}.{on.day}"


def ground_words(paper: Paper) -> Iterator[str]:
    return (Ground(code).label for code in paper.grounds.split(",") if code)


def _signer(session: Session, paper: Paper) -> str:
    """The name of who signed; free room for the pen in a draft."""
    person = session.get(Person, paper.issued_by_id) if paper.issued_by_id else None
    return person.name if person else UNSIGNED


def _statement(paper: Paper) -> Lines:
    if paper.statement:
        return _lines(paper.statement)
    if paper.statement_at and paper.statement_due:
        return (f"已限期{day_cn(paper.statement_due)}前提交申辩意见，该单位逾期未提交。",)
    return ("（待征求）",)


def _talk(talk: PaperTalk | None) -> Talk:
    if talk is None:
        return Talk()
    time = moment_words(talk.held_at) if talk.held_at else ""
    return Talk(talk.object, time, talk.place, talk.talkers, talk.materials)


def _openness(paper: Paper, settings: PaperSettings) -> str:
    return settings.office.openness if paper.kind in CIRCULARS else ""


def _lines(text: str) -> Lines:
    return tuple(line.strip() for line in text.split("\n") if line.strip())
