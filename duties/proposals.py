"""Entries that the reader of a published list proposes: kept once, then accepted, changed or left out by a person."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor, Unit, UnitKind
from duties.catalogue import YEAR_RULE, catalogue
from duties.clauses import position_of
from duties.entries import DAY_RULE, Owed, flush_or_refuse, make_duty, make_tasks
from duties.kinds import DutyKind
from duties.models import Duty
from duties.record_models import DutyProposal
from duties.stages import OFFICE, NotYours
from duties.task_list_terms import Proposal
from duties.terms import PERIOD_RULE, QUARTER_RULE, start_terms
from duties.words import Origin, ProposalState, Refused
from sla import local_date

RULES = {
    YEAR_RULE: "年底为限",
    QUARTER_RULE: "按季度计次（新闻发布）",
    PERIOD_RULE: "每45日一期",
    DAY_RULE: "限期",
}
LAWFUL = {
    DutyKind.CONTINUOUS: {YEAR_RULE},
    DutyKind.QUOTA: {YEAR_RULE, QUARTER_RULE},
    DutyKind.PERIODIC: {YEAR_RULE, PERIOD_RULE},
    DutyKind.DATE: {DAY_RULE},
}
GROUPS = (
    (re.compile("各?乡镇"), UnitKind.TOWNSHIP),
    (re.compile("各部门"), UnitKind.DEPARTMENT),
)


@dataclass(frozen=True)
class Kept:
    """How many proposals are new, and how many were there already."""

    new: int
    known: int


@dataclass(frozen=True)
class Accepted:
    """What a person made of a proposal."""

    clause: str
    title: str
    owed: str
    evidence_wanted: str
    kind: DutyKind
    rule: str
    quota: int
    leaders: int
    due_on: date | None
    lead_ids: tuple[int, ...]
    unit_ids: tuple[int, ...]


def keep(
    session: Session, year: int, proposed: Iterable[Proposal], source: str, *, by: Actor, at: datetime
) -> Kept:
    """Put the proposals of a list on record; a clause that was proposed for this year before stays as it is."""
    known = set(session.scalars(select(DutyProposal.clause).where(DutyProposal.year == year)))
    listed = list(proposed)
    rows = [_row(year, one, source, at) for one in listed if one.clause not in known]
    session.add_all(rows)
    if rows:
        after = {"proposals": len(rows)}
        facts.record(session, facts.Entry("duty:propose", f"duty_year:{year}", by, at, after=after))
    return Kept(len(rows), len(listed) - len(rows))


def _row(year: int, one: Proposal, source: str, at: datetime) -> DutyProposal:
    return DutyProposal(
        year=year,
        clause=one.clause,
        position=position_of(one.clause),
        title=one.title,
        owed=one.text,
        lead="、".join(one.lead),
        responsible="、".join(one.responsible),
        kind=one.kind,
        quota=one.quota or 0,
        workdays=one.workdays or 0,
        due_on=one.due_on,
        phrase=one.phrase,
        source=source,
        state=ProposalState.WAITING,
        imported_at=at,
    )


def known_clauses(session: Session, year: int) -> set[str]:
    """The published clauses that the ledger of a year holds already."""
    query = select(Duty.key).where(Duty.year == year, Duty.key.is_not(None))
    return {key for key in session.scalars(query) if key}


def rule_for(proposal: DutyProposal) -> str:
    """The limit to propose: that of the catalogue for the same clause and kind, else the plain one of its kind."""
    for entry in catalogue().entries:
        if entry.clause == proposal.clause and entry.kind is proposal.kind:
            return entry.rule if entry.rule in RULES else DAY_RULE
    return DAY_RULE if proposal.kind is DutyKind.DATE else YEAR_RULE


def named_units(units: Sequence[Unit], words: str) -> list[int]:
    """The units that the words of a list name; "有关部门" names none, a person must choose."""
    found: list[int] = []
    for name in re.split("[、，,;；\\s]+", words):
        kinds = {kind for pattern, kind in GROUPS if pattern.search(name)}
        found += [u.id for u in units if u.kind in kinds or _same(name, u.name) or _same(name, u.short_name)]
    return list(dict.fromkeys(found))


def _same(one: str, other: str) -> bool:
    return bool(one) and one.removeprefix("县") == other.removeprefix("县")


def accept(session: Session, proposal: DutyProposal, said: Accepted, *, by: Actor, at: datetime) -> Duty:
    """Enter it as it was confirmed. Raises Refused, NotYours."""
    _waiting(session, proposal, by)
    _check(session, proposal, said, at)
    owed = Owed(
        year=proposal.year,
        clause=said.clause,
        title=said.title,
        owed=said.owed,
        kind=said.kind,
        evidence_wanted=said.evidence_wanted,
        rule=said.rule,
        quota=said.quota if said.kind is DutyKind.QUOTA else 0,
        leaders=said.leaders if said.kind is DutyKind.QUOTA else 0,
        due_on=said.due_on if said.kind is DutyKind.DATE else None,
        words=proposal.responsible,
        source=proposal.source,
        origin=Origin.PROPOSAL,
    )
    duty = make_duty(session, owed, said.lead_ids, by=by, at=at)
    tasks = make_tasks(duty, [(unit_id, said.rule) for unit_id in said.unit_ids])
    session.add_all(tasks)
    flush_or_refuse(session, f"刚刚有人把{said.clause}列入了台账，请刷新后再看", "clause")
    start_terms(session, tasks, by=by, at=at)
    _decide(proposal, ProposalState.ACCEPTED, by, at)
    proposal.duty_id = duty.id
    after = {"clause": said.clause, "tasks": len(tasks)}
    facts.record(session, facts.Entry("duty:accept", duty.subject, by, at, after=after))
    return duty


def _check(session: Session, proposal: DutyProposal, said: Accepted, at: datetime) -> None:
    if said.clause in known_clauses(session, proposal.year):
        raise Refused(f"{proposal.year}年的台账里已有{said.clause}这一条，请改条号或略去", "clause")
    if not said.unit_ids:
        raise Refused("请至少选一个责任单位", "units")
    if said.rule not in LAWFUL[said.kind]:
        raise Refused(f"“{said.kind.label}”的任务不能用“{RULES[said.rule]}”", "rule")
    if said.kind is DutyKind.QUOTA and not 0 <= said.leaders <= said.quota:
        raise Refused("负责同志带头的次数不能多于总次数", "leaders")
    if said.kind is DutyKind.QUOTA and said.quota < 1:
        raise Refused("年度次数的任务须填写次数", "quota")
    if said.kind is DutyKind.DATE and (said.due_on is None or said.due_on < local_date(at)):
        raise Refused("限期的任务须填写今天或以后的日期", "due_on")


def leave_out(session: Session, proposal: DutyProposal, reason: str, *, by: Actor, at: datetime) -> None:
    """略去: it is no duty of ours, or stands in the ledger already. Raises Refused, NotYours."""
    _waiting(session, proposal, by)
    _decide(proposal, ProposalState.LEFT_OUT, by, at)
    proposal.reason = reason
    subject, after = f"duty_proposal:{proposal.id}", {"clause": proposal.clause}
    facts.record(session, facts.Entry("duty:leave_out", subject, by, at, after=after, note=reason))


def _waiting(session: Session, proposal: DutyProposal, by: Actor) -> None:
    if not by.has(*OFFICE):
        raise NotYours("只有督办员可以确认")
    session.refresh(proposal, with_for_update=True)  # of two at once the second sees the first
    if proposal.state is not ProposalState.WAITING:
        raise Refused(f"这一条{proposal.state.label}，请刷新后再看")


def _decide(proposal: DutyProposal, state: ProposalState, by: Actor, at: datetime) -> None:
    proposal.state, proposal.decided_by_name, proposal.decided_at = state, by.name, at
