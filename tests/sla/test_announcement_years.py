"""Every year since 2004, in the words of its time, gives the days of the published calendar."""

from datetime import date, timedelta

import pytest

from sla import DayKind, WorkCalendar, published
from sla.announcements import Announcement, Kind, apply, parse_announcement
from tests.sla.announcements import (
    AMENDED_2015,
    AMENDED_2019,
    EXTENDED_2020,
    announced,
    text_of,
)

YEARS = range(2004, 2027)
LATER = {2015: AMENDED_2015, 2019: AMENDED_2019, 2020: EXTENDED_2020}
ADVICE = "鼓励各单位结合带薪年休假制度，安排职工在除夕（2月9日）休息。"
PRINCIPLES = (
    "根据修订的办法，自2025年1月1日起，放假的假日增加2天。除个别情形外，春节自农历除夕起放假调休8天，国庆节自10月1日起放假调休7天，"
    "元旦、清明节、端午节、中秋节分别放假调休或连休3天（如逢周三则只在当日放假），国庆节如逢中秋节则合并放假8天。\n按照上述原则，"
)


def read(year: int) -> Announcement:
    return parse_announcement(text_of(year, announced(year)))


def laid(year: int) -> WorkCalendar:
    """The year's announcement and what followed it, over a calendar that knows nothing of the year."""
    cal = apply(read(year), WorkCalendar.build({}, {year - 1}, "plain"), "laid")
    return apply(parse_announcement(LATER[year]), cal, "amended") if year in LATER else cal


@pytest.mark.parametrize("year", YEARS)
def test_a_year_laid_over_a_plain_calendar_has_the_published_working_days(year: int) -> None:
    next_december = (
        {on for item in announced(year + 1) for on in item.off + item.work} if year < 2026 else set()
    )
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year % 4 == 0))]
    cal = laid(year)
    assert [
        on for on in days if on not in next_december and cal.is_workday(on) != published().is_workday(on)
    ] == []


def test_all_announcements_one_after_the_other_are_the_published_calendar() -> None:
    cal = WorkCalendar.build({}, {2003}, "plain")
    for year in YEARS:
        cal = apply(read(year), cal, "first")
        cal = apply(parse_announcement(LATER[year]), cal, "amended") if year in LATER else cal
    days = [date(2004, 1, 1) + timedelta(days=n) for n in range(8401)]
    assert days[-1] == date(2026, 12, 31)
    assert [on for on in days if cal.is_workday(on) != published().is_workday(on)] == []


@pytest.mark.parametrize("year", YEARS)
def test_a_year_as_announced_needs_no_second_look(year: int) -> None:
    announcement = read(year)
    assert (announcement.year, announcement.kind, announcement.warnings) == (year, Kind.YEARLY, ())


@pytest.mark.parametrize("year", YEARS)
def test_each_item_has_its_own_days(year: int) -> None:
    found = [(item.name, item.work) for item in read(year).items]
    assert found == [(holiday.name, holiday.work) for holiday in announced(year)]


@pytest.mark.parametrize("year", [year for year in YEARS if not 2014 <= year < 2020])
def test_a_range_names_its_weekends_too(year: int) -> None:
    assert read(year).off == tuple(on for holiday in announced(year) for on in holiday.off)


def test_a_weekend_that_is_only_adjoining_is_not_named() -> None:
    items = {item.name: item.off for item in read(2018).items}
    assert items["端午节"] == (date(2018, 6, 18),)


def test_the_announcement_has_its_title_and_number() -> None:
    announcement = read(2026)
    assert announcement.title == "国务院办公厅关于2026年部分节假日安排的通知"
    assert announcement.number == "国办发明电〔2025〕8号"


def test_the_text_of_an_item_is_kept_for_the_record() -> None:
    assert (
        read(2026).items[0].text == "元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
    )


def test_each_day_laid_carries_name_kind_and_source() -> None:
    day = laid(2026).day(date(2026, 1, 4))
    source = "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕8号）"
    assert (day.kind, day.name, day.source) == (DayKind.MAKEUP, "元旦", source)


def test_a_yearly_announcement_makes_its_year_announced() -> None:
    assert laid(2026).announced_years == {2025, 2026}


def test_days_of_the_december_before_are_laid_too() -> None:
    cal = laid(2019)
    assert [cal.is_workday(date(2018, 12, day)) for day in (29, 30, 31)] == [True, False, False]


def test_the_eve_that_is_only_recommended_stays_a_working_day() -> None:
    text = text_of(2024, announced(2024)).replace(
        "2月18日（星期日）上班。", f"2月18日（星期日）上班。{ADVICE}"
    )
    assert parse_announcement(text).off == read(2024).off
    assert ADVICE in parse_announcement(text).items[1].text


def test_principles_before_the_arrangement_arrange_nothing() -> None:
    text = text_of(2025, announced(2025)).replace("经批准，", f"经批准，{PRINCIPLES}")
    found, plain = parse_announcement(text), read(2025)
    assert (found.off, found.work, found.warnings) == (plain.off, plain.work, ())


def test_the_rest_days_of_2008_are_worked_though_no_clause_says_so() -> None:
    national = read(2008).items[-1]
    assert "上班" not in national.text
    assert national.work == (date(2008, 9, 27), date(2008, 9, 28))


def test_a_december_day_without_a_year_belongs_to_the_year_before() -> None:
    assert date(2005, 12, 31) in read(2006).work


def test_days_without_a_month_lie_in_the_month_that_the_range_settles() -> None:
    assert "其中，29日、30日、31日为法定节假日" in read(2006).items[1].text


def test_a_moved_rest_day_inside_the_holiday_is_not_worked() -> None:
    spring = read(2009).items[1]
    assert "1月25日（星期日）、2月1日（星期日）三个公休日调至" in spring.text
    assert spring.work == (date(2009, 1, 24), date(2009, 2, 1))
