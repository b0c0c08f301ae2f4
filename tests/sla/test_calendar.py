from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from sla import Day, DayKind, UnknownDay, WorkCalendar, announcement, published
from sla.calendar import HORIZON, LATE_DECEMBER


@pytest.mark.parametrize("kind", DayKind)
def test_only_workdays_and_makeup_days_count(kind: DayKind) -> None:
    assert Day(date(2026, 1, 5), kind).counts is (kind.label in ("工作日", "调休上班"))


def test_zero_working_days_after_a_day_off_is_that_day_itself() -> None:
    assert published().add_workdays(date(2026, 10, 4), 0) == date(2026, 10, 4)


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="^a term cannot be negative: -1 working days$"):
        published().add_workdays(date(2026, 10, 4), -1)


BEFORE = "日历自2004-01-01起，没有2003-12-31的数据"
AFTER = "日历只推算到2100年，没有2101年的数据"


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda cal: cal.is_workday(date(2003, 12, 31)), BEFORE),
        (lambda cal: cal.day(date(2003, 12, 31)), BEFORE),
        (lambda cal: cal.workdays_between(date(2003, 12, 31), date(2004, 1, 5)), BEFORE),
        (lambda cal: cal.shift(date(2004, 1, 5), -5), "日历自2004-01-01起，不能推算到更早的日期"),
        (lambda cal: cal.shift(date(2004, 1, 1), -1), "日历自2004-01-01起，不能推算到更早的日期"),
        (lambda cal: cal.is_workday(date(HORIZON + 1, 1, 1)), AFTER),
        (lambda cal: cal.day(date(HORIZON + 1, 1, 1)), AFTER),
        (lambda cal: cal.add_workdays(date(2026, 1, 1), 999_999), AFTER),
    ],
    ids=[
        "worked-before",
        "day-before",
        "count-before",
        "shift-before",
        "shift-before-the-first-day",
        "worked-after",
        "day-after",
        "term-after",
    ],
)
def test_outside_the_calendar_there_is_no_answer_but_a_reason(
    ask: Callable[[WorkCalendar], object], reason: str
) -> None:
    with pytest.raises(UnknownDay, match=f"^{reason}$"):
        ask(published())


def test_the_first_and_the_last_day_of_the_calendar_have_an_answer() -> None:
    cal = published()
    assert (cal.first_day, cal.is_workday(cal.first_day)) == (date(2004, 1, 1), False)
    assert cal.day(date(HORIZON, 12, 31)).kind is DayKind.WORKDAY
    assert cal.shift(date(2004, 1, 5), -1) == date(2004, 1, 2)


def test_nothing_was_worked_before_the_first_day_of_a_calendar() -> None:
    with pytest.raises(UnknownDay, match="日历自2026-01-01起，不能推算到更早的日期"):
        WorkCalendar.build({}, [2026], "alone").shift(date(2026, 1, 1), -1)


def test_a_term_may_end_in_the_last_year_of_the_calendar() -> None:
    cal = WorkCalendar.build({}, [HORIZON - 1], "late")
    assert cal.add_workdays(date(HORIZON - 1, 12, 31), 5) == date(HORIZON, 1, 8)


def test_an_instant_is_not_taken_for_a_date() -> None:
    with pytest.raises(TypeError, match=r"^a calendar is asked for dates: use local_date\(instant\)$"):
        published().is_workday(datetime(2026, 3, 11, 17, tzinfo=UTC))


def test_a_calendar_without_an_announced_year_is_refused() -> None:
    with pytest.raises(ValueError, match="^a calendar needs at least one announced year$"):
        WorkCalendar.build({}, [], "empty")


def test_the_year_after_the_last_announcement_is_provisional() -> None:
    assert all(published().is_provisional(on) for on in (date(2027, 1, 1), date(2027, 12, 31)))


@pytest.mark.parametrize(
    ("on", "provisional"),
    [
        (date(2026, 12, 24), False),
        (date(2026, 12, 25), True),
        (date(2026, 12, 31), True),
        (date(2025, 12, 25), False),
        (date(2026, 11, 30), False),
        (date(2026, 1, 31), False),
    ],
    ids=str,
)
def test_late_december_waits_for_the_announcement_of_the_next_year(on: date, provisional: bool) -> None:
    assert (published().is_provisional(on), published().day(on).provisional) == (provisional, provisional)


def test_a_holiday_in_late_december_waits_for_the_announcement_of_the_next_year() -> None:
    cal = published().with_days([Day(date(2026, 12, 31), DayKind.HOLIDAY, "本地停办")], "local")
    assert cal.day(date(2026, 12, 31)).provisional


def test_announcing_the_next_year_makes_late_december_certain() -> None:
    cal = published().with_days([], "2026-1", announced_years=[2027])
    assert not cal.is_provisional(date(2026, 12, 31))


@pytest.mark.parametrize("year", range(2008, 2027))
def test_an_announcement_changes_no_day_before_late_december(year: int) -> None:
    """The margin of LATE_DECEMBER against every special day that rests on the next announcement."""
    early = [day.on for day in published()._specials.values() if day.source == announcement(year)]
    assert min(early) >= date(year - 1, *LATE_DECEMBER)


@pytest.mark.parametrize(
    ("first", "last", "awaited"),
    [
        (date(2026, 1, 1), date(2026, 12, 24), ()),
        (date(2026, 12, 24), date(2026, 12, 25), (2027,)),
        (date(2027, 3, 1), date(2027, 12, 24), (2027,)),
        (date(2027, 12, 31), date(2027, 12, 31), (2027, 2028)),
    ],
)
def test_the_awaited_years_are_those_that_may_change_a_day(
    first: date, last: date, awaited: tuple[int, ...]
) -> None:
    assert published().awaited_years(first, last) == awaited


@pytest.mark.parametrize(
    ("a", "b", "provisional"),
    [
        (date(2026, 12, 23), date(2026, 12, 24), False),
        (date(2026, 12, 24), date(2026, 12, 25), True),
        (date(2025, 12, 24), date(2025, 12, 31), False),
        (date(2026, 12, 31), date(2026, 12, 24), False),
        (date(2026, 12, 31), date(2027, 1, 1), True),
        (date(2026, 12, 31), date(2026, 12, 31), False),
        (date(2027, 1, 1), date(2027, 1, 1), False),
        (date(2026, 1, 1), date(2030, 1, 1), True),
    ],
)
def test_an_interval_is_provisional_if_a_day_after_its_start_is(a: date, b: date, provisional: bool) -> None:
    assert published().provisional_between(a, b) is provisional


@pytest.mark.parametrize(
    ("on", "kind", "name"),
    [
        (date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
        (date(2027, 2, 5), DayKind.HOLIDAY, "春节"),
        (date(2027, 2, 6), DayKind.WEEKEND, ""),
        (date(2027, 2, 10), DayKind.HOLIDAY, "春节"),
        (date(2027, 5, 4), DayKind.HOLIDAY, "劳动节"),
        (date(2027, 10, 6), DayKind.WORKDAY, ""),
    ],
    ids=str,
)
def test_a_provisional_day_follows_the_statutory_rule(on: date, kind: DayKind, name: str) -> None:
    day = published().day(on)
    assert (day.kind, day.name, day.provisional) == (kind, name, True)


def test_announcing_a_year_replaces_its_statutory_days_and_ends_the_doubt() -> None:
    announced = [Day(date(2027, 1, 4), DayKind.HOLIDAY, "元旦", announcement(2027))]
    cal = published().with_days(announced, "2027-1", announced_years=[2027])
    assert cal.day(date(2027, 1, 1)).kind is DayKind.WORKDAY
    assert cal.day(date(2027, 1, 4)) == announced[0]
    assert not cal.is_provisional(date(2027, 1, 4))


def test_a_local_closure_in_an_unannounced_year_stays_provisional() -> None:
    cal = published().with_days([Day(date(2027, 3, 3), DayKind.HOLIDAY, "本地停办")], "local")
    assert cal.day(date(2027, 3, 3)).provisional and not cal.is_workday(date(2027, 3, 3))


def test_laying_days_over_a_calendar_leaves_the_old_one_as_it_was() -> None:
    published().with_days([Day(date(2026, 7, 15), DayKind.HOLIDAY, "本地停办")], "local")
    assert published().is_workday(date(2026, 7, 15))


@pytest.mark.parametrize("a", [date(2026, 12, 31), date(2027, 1, 1)], ids=str)
def test_an_interval_after_a_gap_is_certain(a: date) -> None:
    cal = WorkCalendar.build({}, [2025, 2027], "gap")
    assert not cal.provisional_between(a, date(2027, 12, 24))
    assert cal.provisional_between(date(2026, 12, 30), date(2027, 12, 24))


def test_a_calendar_with_days_laid_over_has_a_version_of_its_own() -> None:
    assert published().with_days([], "2026-1").version == "2026-1"


def test_a_gap_between_announced_years_is_provisional() -> None:
    cal = WorkCalendar.build({}, [2025, 2027], "gap")
    assert cal.is_provisional(date(2026, 1, 1)) and not cal.is_workday(date(2026, 1, 1))
