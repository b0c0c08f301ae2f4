"""Any pauses and any extension against a naive walk over the days."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla import SHANGHAI, Limit, Pause, due_at, explain, published
from tests.sla import oracle

CAL = published()
GROUND = "等待来信人补正"

starts = st.dates(date(2004, 1, 1), date(2025, 12, 31))
terms = st.integers(0, 30)
spans = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 20)), max_size=4)


def pauses_of(start: date, offsets: list[tuple[int, int]]) -> list[Pause]:
    firsts = [(start + timedelta(days=begin), length) for begin, length in offsets]
    return [Pause(first, first + timedelta(days=length), GROUND) for first, length in firsts]


def held(start: date, offsets: list[tuple[int, int]]) -> set[date]:
    """The days inside a pause, one by one."""
    return {start + timedelta(days=n) for begin, length in offsets for n in range(begin, begin + length + 1)}


def walked(start: date, n: int, counts: Callable[[date], bool]) -> date:
    found = oracle.walk(start, n, counts)
    assert found is not None
    return found


def at_nine(start: date) -> datetime:
    return datetime(start.year, start.month, start.day, 9, tzinfo=SHANGHAI)


@given(starts, terms, st.integers(0, 20), spans)
def test_any_pauses_and_extension_agree_with_the_walk(
    start: date, n: int, extra: int, offsets: list[tuple[int, int]]
) -> None:
    still = held(start, offsets)
    expected = walked(start, n + extra, lambda on: oracle.worked(on) and on not in still)
    limit = Limit("x", "x", workdays=n)
    found = due_at(at_nine(start), limit, CAL, pauses=pauses_of(start, offsets), extra_workdays=extra)
    assert found.on == expected


@given(starts, terms, spans)
def test_any_pauses_of_natural_days_agree_with_the_walk(
    start: date, n: int, offsets: list[tuple[int, int]]
) -> None:
    still = held(start, offsets)
    last = walked(start, n, lambda on: on not in still)
    runs = oracle.worked(last) and last not in still
    expected = last if runs else walked(last, 1, lambda on: oracle.worked(on) and on not in still)
    found = due_at(at_nine(start), Limit("x", "x", days=n), CAL, pauses=pauses_of(start, offsets))
    assert found.on == expected


@given(starts, st.integers(1, 30), st.integers(0, 20), spans)
def test_the_account_counts_every_day_once_up_to_the_due_day(
    start: date, n: int, extra: int, offsets: list[tuple[int, int]]
) -> None:
    limit, pauses = Limit("x", "x", workdays=n), pauses_of(start, offsets)
    found = explain(at_nine(start), limit, CAL, pauses=pauses, extra_workdays=extra)
    assert [note.number for note in found if note.counted] == list(range(1, n + extra + 1))
    assert found[-1].on == due_at(at_nine(start), limit, CAL, pauses=pauses, extra_workdays=extra).on
