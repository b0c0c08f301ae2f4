"""The list and its sums: who sees which rows, filters, pages by key, figures that add up."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.people import Actor, Role
from duties import ledger, ledger_rows, review, summary
from duties.ledger import Cursor, Filters, Scope
from duties.models import DutyTask
from duties.stages import Stage
from duties.visibility import find_task, tasks_visible_to
from sla import Light
from tests.duties.scene import PLAIN, QUOTA, at_stage, entered, event, on, started, task_of
from tests.people import People

NOW = on(date(2026, 9, 22))
ALL = Filters(2026, Scope.ALL)


def every(db: Database, person: Actor, filters: Filters = ALL, at: datetime = NOW) -> list[DutyTask]:
    with db.reading() as session:
        return ledger.every_row(session, person, filters, at=at, most=10_000)


def total(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(DutyTask)) or 0


def test_the_supervising_office_sees_every_row(db: Database, people: People) -> None:
    started(db)
    assert len(every(db, people.supervisor)) == total(db)


def test_the_watch_office_sees_every_row(db: Database, people: People) -> None:
    started(db)
    watch = Actor(99, "值守", people.stranger.unit_id, roles=frozenset({Role.WATCH}))
    assert len(every(db, watch)) == total(db)


def test_a_unit_sees_its_own_rows_alone(db: Database, people: People) -> None:
    started(db)
    assert {task.unit_id for task in every(db, people.handler)} == {people.handler.unit_id}


def test_a_lead_unit_sees_the_rows_it_leads(db: Database, people: People) -> None:
    started(db)
    # the reviewer is of the county office, which leads row 6.1 and not row 6.3
    found = every(db, people.reviewer)
    clauses = {task.duty.clause for task in found if task.unit_id == people.handler.unit_id}
    assert PLAIN in clauses and QUOTA not in clauses


def test_a_row_of_another_unit_does_not_exist(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        assert find_task(session, task_of(session, PLAIN).id, people.stranger) is None


def test_the_list_and_the_page_ask_the_same_question(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        seen = set(session.scalars(select(DutyTask.id).where(tasks_visible_to(people.reviewer))))
        listed = {task.id for task in every(db, people.reviewer)}
    assert seen == listed


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"clause": "6.3.2"}, 1),
        ({"section": "7"}, 5),
        ({"section": "G"}, 4),
        ({"clause": "9.9.9"}, 0),
    ],
)
def test_filters_narrow_the_rows(db: Database, people: People, change: dict[str, str], expected: int) -> None:
    started(db)
    assert len(every(db, people.handler, Filters(2026, Scope.ALL, **change))) == expected


def test_the_unit_filter_keeps_one_unit(db: Database, people: People) -> None:
    started(db)
    found = every(db, people.supervisor, Filters(2026, Scope.ALL, unit_id=people.handler.unit_id))
    assert {task.unit_id for task in found} == {people.handler.unit_id}


def test_another_year_has_rows_of_its_own(db: Database, people: People) -> None:
    started(db)
    assert every(db, people.supervisor, Filters(2025, Scope.ALL)) == []


def test_a_quota_behind_is_overdue(db: Database, people: People) -> None:
    started(db)
    found = every(db, people.handler, Filters(2026, Scope.OVERDUE), at=on(date(2026, 4, 1)))
    assert [task.duty.clause for task in found] == [QUOTA]


@pytest.mark.parametrize(
    ("today", "light"),
    [
        (date(2026, 3, 26), Light.GREEN),
        (date(2026, 3, 27), Light.BLUE),
        (date(2026, 3, 30), Light.AMBER),
        (date(2026, 3, 31), Light.AMBER),
        (date(2026, 4, 1), Light.RED),
    ],
)
def test_the_light_of_the_list_is_that_of_the_row(
    db: Database, people: People, today: date, light: Light
) -> None:
    started(db)
    with db.reading() as session:
        tasks = ledger.page(
            session, people.handler, Filters(2026, light=light, clause=QUOTA), at=on(today)
        ).rows
        (row,) = ledger_rows.build(session, tasks, at=on(today))
    assert row.light.c == light


def test_pages_by_key_hold_every_row_once(db: Database, people: People) -> None:
    started(db)
    seen: list[int] = []
    cursor: Cursor | None = None
    with db.reading() as session:
        while True:
            page = ledger.page(session, people.supervisor, ALL, at=NOW, cursor=cursor)
            seen += [task.id for task in page.rows]
            if page.after is None:
                break
            cursor = Cursor.read(str(page.after), back=False)
    assert (len(seen), len(set(seen))) == (total(db), total(db))


def test_a_page_back_is_the_page_before(db: Database, people: People) -> None:
    started(db)
    running = Filters(2026)
    with db.reading() as session:
        first = ledger.page(session, people.supervisor, running, at=NOW)
        second = ledger.page(session, people.supervisor, running, at=NOW, cursor=first.after)
        assert second.before is not None
        back = Cursor.read(str(second.before), back=True)
        again = ledger.page(session, people.supervisor, running, at=NOW, cursor=back)
    assert [task.id for task in again.rows] == [task.id for task in first.rows]


@pytest.mark.parametrize(
    "text", ["", "1", "-1", "1-", "1-2-3", "a-1", "1-99999999999", "9" * 30 + "-1", "１-2"]
)
def test_a_cursor_that_no_page_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        Cursor.read(text, back=False)


def test_the_sums_of_units_and_clauses_are_the_whole(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        at_stage(session, people, Stage.SIGNED_OFF, NOW)
        at_stage(session, people, Stage.REPORTED, NOW, clause="6.1.2")
    with db.reading() as session:
        whole = summary.whole(session, people.supervisor, 2026, at=NOW)
        units = summary.by_unit(session, people.supervisor, 2026, at=NOW)
        clauses = summary.by_clause(session, people.supervisor, 2026, at=NOW)
    figures = [(line.total, line.signed_off, line.reported, line.red) for line in [*units, *clauses]]
    assert [sum(column) for column in zip(*figures, strict=True)] == [
        2 * whole.total,
        2 * whole.signed_off,
        2 * whole.reported,
        2 * whole.red,
    ]
    assert (whole.signed_off, whole.reported) == (1, 1)


def test_the_sums_say_what_the_lists_show(db: Database, people: People) -> None:
    started(db)
    with db.reading() as session:
        whole = summary.whole(session, people.supervisor, 2026, at=NOW)
        for light in Light:
            listed = ledger.count(session, people.supervisor, Filters(2026, light=light), at=NOW)
            assert whole.counts[light.value] == listed


def test_a_year_without_rows_has_no_share(db: Database, people: People) -> None:
    with db.reading() as session:
        assert summary.whole(session, people.supervisor, 2026, at=NOW).share is None


def missed(db: Database, people: People, at: datetime, year: int = 2026) -> int:
    with db.reading() as session:
        return review.count(session, people.supervisor, year, at=at)


def test_nothing_is_missed_before_its_last_day_has_passed(db: Database, people: People) -> None:
    started(db)
    assert missed(db, people, on(date(2026, 12, 31), 23)) == 0


def test_what_was_not_signed_off_is_missed_with_the_new_year(db: Database, people: People) -> None:
    started(db)
    with db.writing() as session:
        at_stage(session, people, Stage.SIGNED_OFF, NOW)
    dated = 1 + 14 + 1  # the reports of January and March are not due yet
    assert missed(db, people, on(date(2027, 1, 1), 0)) == total(db) - dated - 1


def test_a_report_is_missed_from_the_day_after_its_own(db: Database, people: People) -> None:
    started(db)
    before = missed(db, people, on(date(2027, 1, 15)))
    assert missed(db, people, on(date(2027, 1, 16))) == before + 1


def test_an_entry_made_after_its_end_shows_as_not_done(db: Database, people: People) -> None:
    started(db, year=2025, at=NOW)
    with db.reading() as session:
        tasks = ledger.page(session, people.handler, Filters(2025, clause=PLAIN), at=NOW).rows
        (row,) = ledger_rows.build(session, tasks, at=NOW)
    assert (row.light.c, row.light.w) == ("red", "未完成")


def test_the_look_back_pages_over_every_row_once(db: Database, people: People) -> None:
    started(db, year=2025, at=NOW)
    seen: list[int] = []
    after: tuple[int, int] | None = None
    with db.reading() as session:
        while True:
            found = review.build(session, people.supervisor, 2025, after=after, at=NOW)
            seen += [one.row.id for one in found.rows]
            after = found.after
            if after is None:
                break
    assert len(seen) == len(set(seen)) == missed(db, people, NOW, 2025)


def test_a_row_tells_its_count(db: Database, people: People) -> None:
    started(db)
    entered(db, people, event(date(2026, 3, 1), leader=True), event(date(2026, 4, 1)), at=NOW)
    with db.reading() as session:
        tasks = ledger.page(session, people.handler, Filters(2026, clause=QUOTA), at=NOW).rows
        (row,) = ledger_rows.build(session, tasks, at=NOW)
    assert (row.counted, row.evidence) == ("2/4次，带头1/2", 2)
