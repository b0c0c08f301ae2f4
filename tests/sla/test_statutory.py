"""The days of 全国年节及纪念日放假办法 against festivals known for 27 years."""

from datetime import date, timedelta

import pytest

from sla import published
from sla.statutory import lunar_date, qingming, statutory_days

# Year: Spring Festival, Qingming, Dragon Boat, Mid-Autumn, as month-day.
FESTIVALS = """
2004 01-22 04-04 06-22 09-28
2005 02-09 04-05 06-11 09-18
2006 01-29 04-05 05-31 10-06
2007 02-18 04-05 06-19 09-25
2008 02-07 04-04 06-08 09-14
2009 01-26 04-04 05-28 10-03
2010 02-14 04-05 06-16 09-22
2011 02-03 04-05 06-06 09-12
2012 01-23 04-04 06-23 09-30
2013 02-10 04-04 06-12 09-19
2014 01-31 04-05 06-02 09-08
2015 02-19 04-05 06-20 09-27
2016 02-08 04-04 06-09 09-15
2017 01-28 04-04 05-30 10-04
2018 02-16 04-05 06-18 09-24
2019 02-05 04-05 06-07 09-13
2020 01-25 04-04 06-25 10-01
2021 02-12 04-04 06-14 09-21
2022 02-01 04-05 06-03 09-10
2023 01-22 04-05 06-22 09-29
2024 02-10 04-04 06-10 09-17
2025 01-29 04-04 05-31 10-06
2026 02-17 04-05 06-19 09-25
2027 02-06 04-05 06-09 09-15
2028 01-26 04-04 05-28 10-03
2029 02-13 04-04 06-16 09-22
2030 02-03 04-05 06-05 09-12
"""
ROWS = [line.split() for line in FESTIVALS.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_lunar_festivals_fall_on_their_known_days(row: list[str]) -> None:
    year = int(row[0])
    found = lunar_date(year, 1, 1), qingming(year), lunar_date(year, 5, 5), lunar_date(year, 8, 15)
    assert [f"{on:%m-%d}" for on in found] == row[1:]


@pytest.mark.parametrize("year", range(2025, 2061))
def test_thirteen_weekdays_are_off_every_year(year: int) -> None:
    off = statutory_days(year)
    assert len(off) == 13
    assert all(on.year == year and on.weekday() < 5 for on in off)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_announcement_gives_every_statutory_day_off(year: int) -> None:
    assert [on for on in statutory_days(year) if published().is_workday(on)] == []


def test_the_statutory_days_of_2027() -> None:
    days = "01-01 02-05 02-08 02-09 02-10 04-05 05-03 05-04 06-09 09-15 10-01 10-04 10-05"
    assert [f"{on:%m-%d}" for on in statutory_days(2027)] == days.split()


def test_every_statutory_day_carries_the_name_of_its_festival() -> None:
    """2029: Dragon Boat and Mid-Autumn fall on Saturdays and are made up on Mondays."""
    assert [f"{on:%m-%d} {name}" for on, name in statutory_days(2029).items()] == [
        "01-01 元旦",
        "02-12 春节",
        "02-13 春节",
        "02-14 春节",
        "02-15 春节",
        "04-04 清明节",
        "05-01 劳动节",
        "05-02 劳动节",
        "06-18 端午节",
        "09-24 中秋节",
        "10-01 国庆节",
        "10-02 国庆节",
        "10-03 国庆节",
    ]


def test_a_festival_keeps_its_own_weekday_before_others_are_moved_there() -> None:
    """2044: 1 and 2 October are a weekend, Mid-Autumn is Wednesday the 5th."""
    october = {on.day: name for on, name in statutory_days(2044).items() if on.month == 10}
    assert october == {3: "国庆节", 4: "国庆节", 5: "中秋节", 6: "国庆节"}


def test_new_years_eve_of_the_lunar_year_is_off() -> None:
    assert statutory_days(2029)[lunar_date(2029, 1, 1) - timedelta(days=1)] == "春节"


def test_mid_autumn_inside_national_day_moves_to_the_next_free_weekday() -> None:
    october = [on for on in statutory_days(2028) if on.month == 10]
    assert october == [date(2028, 10, day) for day in (2, 3, 4, 5)]
