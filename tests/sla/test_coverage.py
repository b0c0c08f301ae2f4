from datetime import date

import pytest

from sla import WorkCalendar, certain_until, certain_workdays_left, published

GAP = WorkCalendar.build({}, [2025, 2027], "gap")


def test_the_last_certain_day_is_the_24th_of_december_of_the_last_announced_year() -> None:
    assert certain_until(published()) == date(2026, 12, 24)


def test_announcing_a_year_moves_the_last_certain_day_on() -> None:
    assert certain_until(published().with_days([], "2026-1", [2027])) == date(2027, 12, 24)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 12, 18), 4),
        (date(2026, 12, 23), 1),
        (date(2026, 12, 24), 0),
        (date(2026, 12, 25), 0),
        (date(2027, 3, 1), 0),
        (date(2026, 11, 1), 39),
        (date(2024, 12, 24), 496),
        (date(2025, 12, 24), 248),
        (date(2003, 12, 31), 0),
    ],
    ids=str,
)
def test_certain_working_days_are_counted_after_today(today: date, left: int) -> None:
    assert certain_workdays_left(published(), today) == left


def test_certainty_ends_at_the_first_gap() -> None:
    assert certain_workdays_left(GAP, date(2025, 12, 19)) == 3


def test_a_year_after_a_gap_has_certain_days_of_its_own() -> None:
    assert certain_workdays_left(GAP, date(2027, 12, 22)) == 2
