"""Announcements that change a year already announced."""

from datetime import date

import pytest

from sla import DayKind, WorkCalendar, published
from sla.announcements import Kind, Untrusted, apply, days_to_lay, parse_announcement
from tests.sla.announcements import (
    AMENDED_2015,
    AMENDED_2019,
    CANCELLED_2003,
    EXTENDED_2020,
    announced,
    text_of,
)

MOVED_2026 = (
    "国务院办公厅关于调整2026年国庆节假期安排的通知\n一、10月1日至6日放假调休，共6天。9月20日（周日）上班。"
)
LONGER_2026 = (
    "国务院办公厅关于延长2026年春节假期的通知\n将2026年春节假期延长{}至2月{}日，3月2日（周一）起正常上班。"
)


def year_of(year: int) -> WorkCalendar:
    plain = WorkCalendar.build({}, {year - 1}, "plain")
    return apply(parse_announcement(text_of(year, announced(year))), plain, "first")


def test_an_extension_gives_the_days_after_the_holiday() -> None:
    found = parse_announcement(EXTENDED_2020)
    assert (found.year, found.kind, found.work) == (2020, Kind.EXTENSION, ())
    assert found.off == (date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2))


def test_the_first_ordinary_day_after_an_extension_is_no_make_up_day() -> None:
    cal = apply(parse_announcement(EXTENDED_2020), year_of(2020), "second")
    assert cal.day(date(2020, 2, 3)).kind is DayKind.WORKDAY


def test_an_extension_takes_back_the_make_up_day_it_covers() -> None:
    assert parse_announcement(EXTENDED_2020, year_of(2020)).cancelled_work == (date(2020, 2, 1),)


def test_an_extension_reads_alike_when_the_calendar_holds_it_already() -> None:
    assert parse_announcement(EXTENDED_2020, published()) == parse_announcement(EXTENDED_2020, year_of(2020))


def test_a_day_of_an_extension_carries_its_source() -> None:
    cal = apply(parse_announcement(EXTENDED_2020), year_of(2020), "second")
    assert (
        cal.day(date(2020, 2, 1)).source
        == "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）"
    )


def test_the_days_an_extension_claims_to_add_are_counted() -> None:
    assert parse_announcement(LONGER_2026.format("2天", 25)).warnings == ()
    assert parse_announcement(LONGER_2026.format("3天", 25)).warnings == ("春节：写的是延长3天，按日历是2天",)


def test_an_extension_over_a_make_up_day_takes_it_back() -> None:
    assert parse_announcement(LONGER_2026.format("", 28)).cancelled_work == (date(2026, 2, 28),)


def test_an_extension_of_an_unannounced_year_names_its_last_day_and_says_so() -> None:
    found = parse_announcement(EXTENDED_2020, WorkCalendar.build({}, {2019}, "plain"))
    assert found.off == (date(2020, 2, 2),)
    assert found.warnings == ("日历里没有原来的放假安排，延长期从哪一天起无从得知，这里只列末日",)


def test_an_extension_is_not_laid_over_an_unannounced_year() -> None:
    with pytest.raises(Untrusted, match="请先录入该年的通知"):
        apply(parse_announcement(EXTENDED_2020), WorkCalendar.build({}, {2019}, "plain"), "second")


def test_an_amendment_replaces_the_holiday_it_arranges_anew() -> None:
    found = parse_announcement(AMENDED_2019)
    assert (found.year, found.kind, found.items[0].name) == (2019, Kind.AMENDMENT, "劳动节")
    assert found.off == tuple(date(2019, 5, day) for day in (1, 2, 3, 4))
    assert found.work == (date(2019, 4, 28), date(2019, 5, 5))


def test_days_that_a_new_arrangement_leaves_out_become_plain_again() -> None:
    found = parse_announcement(MOVED_2026)
    cal = apply(found, published(), "second")
    assert found.cancelled_work == (date(2026, 10, 10),)
    assert cal.day(date(2026, 10, 7)).kind is DayKind.WORKDAY
    assert cal.day(date(2026, 10, 10)).kind is DayKind.WEEKEND


def test_a_commemoration_adds_its_days() -> None:
    found = parse_announcement(AMENDED_2015)
    assert found.items[0].name == "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"
    assert found.off == tuple(date(2015, 9, day) for day in (3, 4, 5))
    assert found.work == (date(2015, 9, 6),)
    assert found.number == "国发明电〔2015〕1号"


def test_days_changed_without_a_make_up_day_are_told() -> None:
    found = parse_announcement(AMENDED_2015.replace("，9月6日（星期日）上班", ""))
    assert found.warnings == (f"{found.items[0].name}：说调休，却没有说哪一天上班",)


def test_a_text_that_cancels_a_long_holiday_is_read() -> None:
    found = parse_announcement(CANCELLED_2003)
    assert (found.year, found.items[0].name, found.work) == (2003, "劳动节", ())
    assert found.off == tuple(date(2003, 5, day) for day in (1, 2, 3, 4, 5))


def test_make_up_days_can_be_taken_back_by_name() -> None:
    text = "国务院办公厅关于调整2026年国庆节假期安排的通知\n取消10月10日（周六）上班。10月8日（周四）放假。"
    found = parse_announcement(text)
    assert (found.off, found.cancelled_work) == ((date(2026, 10, 8),), (date(2026, 10, 10),))
    changed = {day.on: day.kind for day in days_to_lay(found, published())}
    assert changed == {date(2026, 10, 8): DayKind.HOLIDAY, date(2026, 10, 10): DayKind.WEEKEND}


@pytest.mark.parametrize("order", [1, -1], ids=["yearly first", "yearly last"])
def test_a_year_and_its_extension_in_one_paste_are_one_arrangement(order: int) -> None:
    found = parse_announcement("\n".join([text_of(2020, announced(2020)), EXTENDED_2020][::order]))
    assert found.cancelled_work == (date(2020, 2, 1),)
    assert date(2020, 2, 1) not in found.work
    assert found.items[1].off == (
        *(date(2020, 1, day) for day in range(24, 32)),
        date(2020, 2, 1),
        date(2020, 2, 2),
    )


def test_a_year_and_its_amendment_in_one_paste_are_one_arrangement() -> None:
    found = parse_announcement(text_of(2019, announced(2019)) + AMENDED_2019)
    labour = next(item for item in found.items if item.name == "劳动节")
    assert (len(found.items), len(labour.off), len(labour.work)) == (7, 4, 2)


def test_the_same_text_pasted_twice_is_read_once() -> None:
    text = text_of(2026, announced(2026))
    assert parse_announcement(text + text) == parse_announcement(text)


def test_announcements_of_two_years_must_be_entered_apart() -> None:
    with pytest.raises(Untrusted, match="分开录入"):
        parse_announcement(text_of(2025, announced(2025)) + text_of(2026, announced(2026)))
