"""The announced days, taken from the library afresh: `published()` itself is built once per process."""

from datetime import date

import chinese_calendar
import pytest

from sla import DayKind, WorkCalendar, announcement, published

NOTICE_2026 = "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"
PARADE = "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知"
LABOUR_2019 = "国务院办公厅关于调整2019年劳动节假期安排的通知"
SPRING_2020 = "国务院办公厅关于延长2020年春节假期的通知"


@pytest.fixture
def built() -> WorkCalendar:
    cal: WorkCalendar = published.__wrapped__()
    return cal


def test_the_version_names_the_library_and_its_release(built: WorkCalendar) -> None:
    assert built.version == "library-1.11.0"


def test_the_announced_years_are_those_of_the_library(built: WorkCalendar) -> None:
    assert built.announced_years == frozenset(range(2004, 2027))


def test_a_new_year_alone_announces_no_year(built: WorkCalendar, monkeypatch: pytest.MonkeyPatch) -> None:
    """The announcement for a year may give its next New Year away: 2027 is not announced by that."""
    days = {**chinese_calendar.holidays, date(2027, 1, 1): "New Year's Day"}
    monkeypatch.setattr(chinese_calendar, "holidays", days)
    assert published.__wrapped__().announced_years == built.announced_years


@pytest.mark.parametrize(
    ("on", "kind", "name"),
    [
        (date(2026, 9, 18), DayKind.WORKDAY, ""),
        (date(2026, 9, 19), DayKind.WEEKEND, ""),
        (date(2026, 9, 20), DayKind.MAKEUP, "国庆节"),
        (date(2026, 9, 25), DayKind.HOLIDAY, "中秋节"),
        (date(2026, 2, 15), DayKind.HOLIDAY, "春节"),
        (date(2026, 2, 14), DayKind.MAKEUP, "春节"),
        (date(2015, 9, 3), DayKind.HOLIDAY, "抗战胜利70周年纪念日"),
        (date(2005, 12, 31), DayKind.MAKEUP, "元旦"),
    ],
    ids=str,
)
def test_a_published_day_has_its_kind_and_festival(
    built: WorkCalendar, on: date, kind: DayKind, name: str
) -> None:
    day = built.day(on)
    assert (day.on, day.kind, day.name, day.provisional) == (on, kind, name, False)


def test_every_special_day_of_the_library_is_taken_over(built: WorkCalendar) -> None:
    special = {on for on, day in built._specials.items() if day.kind is DayKind.HOLIDAY}
    worked = {on for on, day in built._specials.items() if day.kind is DayKind.MAKEUP}
    assert special == set(chinese_calendar.holidays)
    assert worked == set(chinese_calendar.workdays) | {date(2005, 12, 31)}


def test_every_festival_is_named_in_chinese(built: WorkCalendar) -> None:
    assert all(day.name and not day.name.isascii() for day in built._specials.values())


@pytest.mark.parametrize(
    ("on", "source"),
    [
        (date(2026, 9, 20), NOTICE_2026),
        (date(2026, 1, 1), NOTICE_2026),
        (date(2026, 10, 1), NOTICE_2026),
        (date(2018, 12, 29), "国务院办公厅关于2019年部分节假日安排的通知"),
        (date(2018, 12, 31), "国务院办公厅关于2019年部分节假日安排的通知"),
        (date(2005, 12, 31), "国务院办公厅关于2006年部分节假日安排的通知"),
        (date(2012, 1, 1), "国务院办公厅关于2012年部分节假日安排的通知"),
        (date(2020, 1, 30), "国务院办公厅关于2020年部分节假日安排的通知"),
        (date(2020, 1, 31), SPRING_2020),
        (date(2020, 2, 2), SPRING_2020),
        (date(2019, 4, 28), LABOUR_2019),
        (date(2019, 5, 5), LABOUR_2019),
        (date(2015, 9, 3), PARADE),
        (date(2015, 9, 6), PARADE),
        (date(2015, 10, 1), "国务院办公厅关于2015年部分节假日安排的通知"),
    ],
    ids=str,
)
def test_a_special_day_names_the_announcement_it_rests_on(built: WorkCalendar, on: date, source: str) -> None:
    assert built.day(on).source == source


def test_the_number_of_an_announcement_is_given_only_where_it_is_known() -> None:
    assert announcement(2024) == "国务院办公厅关于2024年部分节假日安排的通知"
    assert announcement(2026) == NOTICE_2026
