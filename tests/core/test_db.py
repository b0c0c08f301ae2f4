"""Transactions, instants and gapless numbers on both databases."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, StatementError

from core import counters
from core.db import Database, journal_mode, put_rows
from core.people import Attempt, Counter
from tests.core.together import at_once


def test_a_reading_session_cannot_write(db: Database) -> None:
    with pytest.raises(DBAPIError), db.reading() as session:
        session.add(Counter(name="x", value=1))
        session.commit()


def test_a_writing_block_that_raises_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        session.add(Counter(name="x", value=1))
        session.flush()
        raise ZeroDivisionError
    with db.reading() as session:
        assert session.get(Counter, "x") is None


def test_one_reading_session_sees_one_state(db: Database) -> None:
    with db.reading() as reading:
        reading.scalars(select(Counter)).all()
        with db.writing() as writing:
            writing.add(Counter(name="x", value=1))
        assert reading.scalars(select(Counter)).all() == []


def test_a_reader_does_not_wait_for_a_writer(db: Database) -> None:
    with db.writing() as writing:
        writing.add(Counter(name="x", value=1))
        writing.flush()
        with db.reading() as reading:
            assert reading.scalars(select(Counter)).all() == []


def test_writers_queue_and_lose_no_addition(db: Database) -> None:
    with db.writing() as session:
        session.add(Counter(name="x", value=0))

    def add(_number: int) -> None:
        for _ in range(10):
            with db.writing() as session:
                counter = session.get_one(Counter, "x", with_for_update=True)
                counter.value += 1

    at_once(8, add)
    with db.reading() as session:
        assert session.get_one(Counter, "x").value == 80


def test_a_writer_waits_for_the_one_before_and_then_goes_on(lite: Database) -> None:
    order: list[str] = []

    def act(number: int) -> None:
        time.sleep(0.05 * number)
        with lite.writing():
            order.append(f"in {number}")
            time.sleep(0.1)
            order.append(f"out {number}")

    at_once(2, act)
    assert order == ["in 0", "out 0", "in 1", "out 1"]


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 0), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_wal_is_used_only_where_its_fault_is_mended(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


def test_sqlite_waits_for_the_disk_and_overwrites_what_is_deleted(lite: Database) -> None:
    names = ("synchronous", "foreign_keys", "secure_delete", "trusted_schema")
    with lite.writing() as session:
        connection = session.connection()
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names] == [2, 1, 1, 0]


def test_a_naive_datetime_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="not an instant"), db.writing() as session:
        session.add(Attempt(kind="x", key=b"x", at=datetime(2026, 9, 22)))  # noqa: DTZ001  # the fault itself


def test_an_instant_comes_back_in_utc_to_the_microsecond(db: Database) -> None:
    there = datetime(2026, 9, 22, 10, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with db.writing() as session:
        session.add(Attempt(kind="x", key=b"x", at=there))
    with db.reading() as session:
        back = session.scalars(select(Attempt.at)).one()
    assert (back, back.tzinfo) == (there, UTC)


def tries(db: Database, *moments: datetime) -> None:
    with db.writing() as session:
        put_rows(session, Attempt, [{"kind": "甲", "key": b"\x00\xff", "at": at} for at in moments])


def test_rows_put_at_the_speed_of_the_driver_read_back_as_they_were(db: Database) -> None:
    there = datetime(2026, 9, 22, 10, 30, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    tries(db, there, there + timedelta(days=1))
    with db.reading() as session:
        found = session.scalars(select(Attempt).order_by(Attempt.at)).all()
    assert [(row.kind, row.key, row.at) for row in found] == [
        ("甲", b"\x00\xff", there + timedelta(days=n)) for n in range(2)
    ]


def test_no_rows_are_no_statement(db: Database) -> None:
    tries(db)
    with db.reading() as session:
        assert session.scalars(select(Attempt)).all() == []


def test_a_naive_instant_is_refused_in_many_rows_too(db: Database) -> None:
    with pytest.raises(ValueError, match="not an instant"):
        tries(db, datetime(2026, 9, 22))  # noqa: DTZ001  # that is the point


def take(db: Database) -> int:
    with db.writing() as session:
        return counters.take(session, "register/2026")


def test_numbers_run_from_one_without_gap(db: Database) -> None:
    assert [take(db) for _ in range(3)] == [1, 2, 3]


def test_a_rolled_back_act_gives_its_number_back(db: Database) -> None:
    take(db)
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        counters.take(session, "register/2026")
        raise ZeroDivisionError
    assert take(db) == 2


def test_takers_at_once_get_each_number_once_from_the_first_on(db: Database) -> None:
    taken: list[int] = []
    at_once(8, lambda _number: taken.extend(take(db) for _ in range(5)))
    assert sorted(taken) == list(range(1, 41))
