"""A year started from the catalogue: who owes what, by when; again and again without a second row."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.facts import Fact
from core.people import SYSTEM, Unit, UnitKind
from core.people_service import add_unit
from duties import entries, service, starting
from duties.models import Duty, DutyTask
from duties.stages import NotYours, Stage
from duties.words import Refused
from escalation.models import Clock
from tests.duties.scene import PLAIN, QUOTA, STARTED, YEAR, clocks_of, on, started, task_of
from tests.people import People

LATER = on(date(2026, 6, 1))


def owing(db: Database, clause: str, *, year: int = YEAR) -> set[str]:
    """The units that owe a clause."""
    query = select(Unit.code).join(DutyTask, DutyTask.unit_id == Unit.id).join(Duty)
    query = query.where(Duty.key == clause, Duty.year == year, DutyTask.stage != Stage.RELEASED)
    with db.reading() as session:
        return set(session.scalars(query))


def test_every_entry_of_the_catalogue_is_made(db: Database, people: People) -> None:
    assert started(db).duties == 56


def test_every_task_has_a_clock(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(DutyTask.clock_id.is_(None))) == 0


def test_a_second_start_makes_nothing(db: Database, people: People) -> None:
    started(db)
    assert started(db, at=LATER) == starting.Made()


def test_a_second_start_leaves_no_fact(db: Database, people: People) -> None:
    started(db)
    started(db, at=LATER)
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Fact.act == "duty:start")) == 1


def test_a_group_is_every_unit_of_its_kind(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        kinds = (UnitKind.DEPARTMENT, UnitKind.TOWNSHIP)
        units = set(session.scalars(select(Unit.code).where(Unit.kind.in_(kinds))))
    assert owing(db, "6.2.6") == units


def test_an_entry_without_a_lead_has_none(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        assert task_of(session, "7.1.7", "press_office").duty.lead_ids == frozenset()


def test_an_entry_with_three_leads_has_three(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        assert len(task_of(session, "6.2.6").duty.lead_ids) == 3


def test_a_continuous_duty_is_due_at_the_years_end(db: Database, people: People) -> None:
    started(db)
    assert {name: clock.due_on for name, clock in clocks_of(db, PLAIN).items()} == {
        "year": date(2026, 12, 31)
    }


def test_a_code_that_no_unit_has_is_told(db: Database, people: People) -> None:
    with db.writing() as session:
        session.scalars(select(Unit).where(Unit.code == "org_department")).one().active = False
    assert started(db).unknown == {"org_department"}


def test_a_new_unit_gets_its_tasks_at_the_next_start(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        more = {"short_name": "", "kind": UnitKind.TOWNSHIP, "by": SYSTEM, "at": LATER}
        add_unit(session, code="renhe", name="人和街道", **more)
    made = started(db, at=LATER)
    assert "renhe" in owing(db, "6.2.6") and made.duties == 0


def test_a_released_unit_is_not_given_the_duty_again(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        service.release(session, task_of(session, PLAIN), "已划转", by=people.supervisor, at=LATER)
    started(db, at=LATER)
    assert "housing" not in owing(db, PLAIN)


@pytest.mark.parametrize("year", [2020, 2100, -1, 10**9])
def test_a_year_outside_the_list_is_refused(db: Database, people: People, year: int) -> None:
    with pytest.raises(Refused, match="年份"):
        started(db, year=year)


def test_a_unit_is_added_to_the_quota_list(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "police")).one()
        duty = task_of(session, QUOTA).duty
        entries.assign(session, duty, unit, "社会关注多", by=people.supervisor, at=LATER)
    assert sorted(clocks_of(db, QUOTA, "police")) == ["q2", "q3", "q4"]


def test_a_unit_that_owes_it_is_not_added_twice(db: Database, people: People) -> None:
    started(db)
    with pytest.raises(Refused, match="已经承担"), db.writing() as session:
        task = task_of(session, QUOTA)
        unit = session.get_one(Unit, task.unit_id)
        entries.assign(session, task.duty, unit, "重复", by=people.supervisor, at=LATER)


def test_a_released_unit_may_be_added_again(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        task = task_of(session, QUOTA)
        service.release(session, task, "误列", by=people.supervisor, at=STARTED)
        unit = session.get_one(Unit, task.unit_id)
        entries.assign(session, task.duty, unit, "恢复", by=people.supervisor, at=LATER)
    assert "housing" in owing(db, QUOTA)


def test_only_the_supervising_office_adds_a_unit(db: Database, people: People) -> None:
    started(db)
    with pytest.raises(NotYours), db.writing() as session:
        task = task_of(session, QUOTA)
        unit = session.get_one(Unit, people.stranger.unit_id)
        entries.assign(session, task.duty, unit, "想加", by=people.handler, at=LATER)


def test_a_clock_says_what_it_is_about_and_leads_to_its_task(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        task = task_of(session, QUOTA)
        clock = session.get_one(Clock, task.clock_id)
    assert (clock.label, clock.link, clock.unit_id) == (
        "6.3.2 新闻发布解读每年不少于4次（第一季度）",
        f"/duties/{task.id}",
        people.handler.unit_id,
    )
