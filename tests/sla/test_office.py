"""Office hours: when notices of limits in days may be written."""

from datetime import date, datetime

import pytest

from sla import SHANGHAI, Limit, is_open, next_opening, published

LIMIT = Limit("x", "x", workdays=5)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        ("2026-09-22 09:00", True),
        ("2026-09-22 08:59:59", False),
        ("2026-09-22 17:59:59", True),
        ("2026-09-22 18:00", False),
        ("2026-09-20 10:00", True),  # Sunday, worked
        ("2026-09-26 10:00", False),  # Saturday
        ("2026-10-01 10:00", False),  # national day
    ],
)
def test_the_office_is_open_on_working_days_between_its_hours(moment: str, works: bool) -> None:
    assert is_open(local(moment), LIMIT, published()) is works


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-09-22 03:00", "2026-09-22 09:00"),
        ("2026-09-22 12:00", "2026-09-22 12:00"),
        ("2026-09-22 18:00", "2026-09-23 09:00"),
        ("2026-09-30 23:00", "2026-10-08 09:00"),
        ("2026-10-03 10:00", "2026-10-08 09:00"),
        ("2026-09-18 19:00", "2026-09-20 09:00"),  # the Sunday is worked
    ],
)
def test_the_next_opening_is_the_first_moment_of_work(moment: str, opens: str) -> None:
    assert next_opening(local(moment), LIMIT, published()) == local(opens)


def test_a_day_is_told_in_shanghai_whatever_the_zone_of_the_instant() -> None:
    moment = datetime.fromisoformat("2026-09-22T01:00+00:00")
    assert is_open(moment, LIMIT, published()) and next_opening(moment, LIMIT, published()).date() == date(
        2026, 9, 22
    )
