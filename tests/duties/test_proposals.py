"""Proposed entries: kept once, accepted as a person confirms them, or left out with a reason."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.people import Unit
from duties import proposals
from duties.kinds import DutyKind
from duties.models import Duty, DutyTask
from duties.proposals import Accepted, Kept, named_units
from duties.record_models import DutyProposal
from duties.stages import NotYours
from duties.task_list_terms import Proposal
from duties.words import Origin, ProposalState, Refused
from escalation.models import Clock
from tests.duties.scene import on, started
from tests.people import People

NOW = on(date(2026, 3, 2))
PROPOSED = Proposal(
    clause="8.1.1",
    title="清理规范性文件",
    text="每年对规范性文件进行全面清理。",
    lead=("县司法局",),
    responsible=("县政府各部门",),
    kind=DutyKind.QUOTA,
    quota=1,
    due_on=None,
    workdays=None,
    phrase="每年",
)


def kept(db: Database, people: People, *proposed: Proposal) -> Kept:
    with db.writing() as session:
        return proposals.keep(session, 2026, proposed or [PROPOSED], "清单", by=people.supervisor, at=NOW)


def said(people: People, **changes: object) -> Accepted:
    unit = people.handler.unit_id or 0
    plain = Accepted(
        "8.1.1", "清理文件", "全面清理", "清理目录", DutyKind.QUOTA, "duty.year", 1, 0, None, (), (unit,)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def accepted(db: Database, people: People, given: Accepted) -> int:
    with db.writing() as session:
        row = session.scalars(select(DutyProposal)).one()
        return proposals.accept(session, row, given, by=people.supervisor, at=NOW).id


def test_a_list_read_twice_is_kept_once(db: Database, people: People) -> None:
    assert (kept(db, people), kept(db, people)) == (Kept(1, 0), Kept(0, 1))


def test_an_accepted_one_is_an_entry_with_a_task_and_a_clock(db: Database, people: People) -> None:
    kept(db, people)
    duty_id = accepted(db, people, said(people))
    with db.reading() as session:
        task = session.scalars(select(DutyTask).where(DutyTask.duty_id == duty_id)).one()
        clock = session.get_one(Clock, task.clock_id)
        duty = session.get_one(Duty, duty_id)
    assert (clock.due_on, duty.origin, duty.key) == (date(2026, 12, 31), Origin.PROPOSAL, "8.1.1")


def test_an_empty_lead_stays_empty(db: Database, people: People) -> None:
    kept(db, people)
    duty_id = accepted(db, people, said(people))
    with db.reading() as session:
        assert session.get_one(Duty, duty_id).lead_ids == frozenset()


def test_an_entry_with_a_day_is_due_on_it(db: Database, people: People) -> None:
    kept(db, people)
    given = said(people, kind=DutyKind.DATE, rule="duty.date", due_on=date(2026, 6, 30), quota=0)
    duty_id = accepted(db, people, given)
    with db.reading() as session:
        task = session.scalars(select(DutyTask).where(DutyTask.duty_id == duty_id)).one()
        assert session.get_one(Clock, task.clock_id).due_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"clause": "6.2.6"}, "clause"),
        ({"unit_ids": ()}, "units"),
        ({"rule": "duty.date"}, "rule"),
        ({"leaders": 2}, "leaders"),
        ({"quota": 0}, "quota"),
        ({"kind": DutyKind.DATE, "rule": "duty.date"}, "due_on"),
        ({"kind": DutyKind.DATE, "rule": "duty.date", "due_on": date(2026, 3, 1)}, "due_on"),
    ],
)
def test_what_does_not_hold_together_is_refused_beside_its_field(
    db: Database, people: People, change: dict[str, object], field: str
) -> None:
    started(db)
    kept(db, people)
    with pytest.raises(Refused) as fault:
        accepted(db, people, said(people, **change))
    assert fault.value.field == field


def test_one_is_accepted_once(db: Database, people: People) -> None:
    kept(db, people)
    accepted(db, people, said(people))
    with pytest.raises(Refused, match="已入台账"):
        accepted(db, people, said(people, clause="8.1.2"))


def test_one_left_out_makes_no_entry(db: Database, people: People) -> None:
    kept(db, people)
    with db.writing() as session:
        row = session.scalars(select(DutyProposal)).one()
        proposals.leave_out(session, row, "不是本县的事", by=people.supervisor, at=NOW)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Duty)) == 0
        assert session.scalars(select(DutyProposal.state)).one() is ProposalState.LEFT_OUT


@pytest.mark.parametrize("decision", ["accept", "leave"])
def test_only_the_supervising_office_decides(db: Database, people: People, decision: str) -> None:
    kept(db, people)
    with pytest.raises(NotYours), db.writing() as session:
        row = session.scalars(select(DutyProposal)).one()
        if decision == "accept":
            proposals.accept(session, row, said(people), by=people.handler, at=NOW)
        else:
            proposals.leave_out(session, row, "不办", by=people.handler, at=NOW)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("县住房城乡建委、县交通局", {"housing", "transport"}),
        ("县政府有关部门", set()),
        ("", set()),
        ("城市管理局", {"city_management"}),
    ],
)
def test_words_of_a_list_name_units(db: Database, people: People, words: str, codes: set[str]) -> None:
    with db.reading() as session:
        units = list(session.scalars(select(Unit)))
    found = set(named_units(units, words))
    assert {unit.code for unit in units if unit.id in found} == codes


@pytest.mark.parametrize(("words", "kind"), [("各乡镇（街道）", "township"), ("县政府各部门", "department")])
def test_words_for_a_group_name_all_of_it(db: Database, people: People, words: str, kind: str) -> None:
    with db.reading() as session:
        units = list(session.scalars(select(Unit)))
    found = set(named_units(units, words))
    assert found == {unit.id for unit in units if unit.kind == kind}


@pytest.mark.parametrize(
    ("clause", "kind", "rule"),
    [
        ("6.3.2", DutyKind.QUOTA, "duty.quarter"),
        ("7.3.1", DutyKind.PERIODIC, "duty.year"),
        ("14.3.5", DutyKind.DATE, "duty.date"),
        ("6.3.2", DutyKind.CONTINUOUS, "duty.year"),
    ],
)
def test_the_limit_of_the_catalogue_is_proposed_for_the_same_clause(
    clause: str, kind: DutyKind, rule: str
) -> None:
    assert proposals.rule_for(DutyProposal(clause=clause, kind=kind)) == rule
