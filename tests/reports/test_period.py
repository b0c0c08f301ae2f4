"""Months, quarters and years: read, named, bounded at midnight in Shanghai."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.period import Period, PeriodKind, recent
from sla import local_date

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(PeriodKind)


@given(DAYS, KINDS)
def test_a_day_lies_in_its_period(day: date, kind: PeriodKind) -> None:
    period = Period.holding(day, kind)
    assert period.first_day <= day <= period.last_day


@given(DAYS, KINDS)
def test_periods_follow_each_other_without_a_gap(day: date, kind: PeriodKind) -> None:
    period = Period.holding(day, kind)
    assert period.next.since == period.until
    assert period.next.before == period


@given(DAYS, KINDS)
def test_a_key_is_read_back(day: date, kind: PeriodKind) -> None:
    period = Period.holding(day, kind)
    assert Period.of(period.key) == period


@pytest.mark.parametrize(
    ("key", "words", "first", "last"),
    [
        ("2026", "2026年", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", "2026年第四季度", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", "2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", "2026年12月", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_by_hand(key: str, words: str, first: date, last: date) -> None:
    period = Period.of(key)
    assert (period.words, period.first_day, period.last_day, period.key) == (words, first, last, key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "26",
        "2026-Q5",
        "2026-Q0",
        "2026-13",
        "2026-1",
        "1999",
        "2101",
        "9999999",
        "2026\0",
        "２０２６",
        "2026-q3",
    ],
)
def test_anything_else_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="期间应如"):
        Period.of(key)


def test_a_quarter_ends_at_midnight_in_shanghai() -> None:
    assert Period.of("2026-Q3").until == datetime(2026, 9, 30, 16, 0, tzinfo=UTC)


def test_the_present_period_comes_first_and_none_is_in_the_future() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for kind, periods in recent(at).items():
        assert periods[0] == Period.holding(local_date(at), kind)
        assert all(a.since - b.since > timedelta() for a, b in zip(periods, periods[1:], strict=False))
