"""Pauses and extensions: worked cases and their explanations."""

from datetime import date, datetime

import pytest

from sla import SHANGHAI, DayNote, Due, Limit, Pause, UnknownDay, due_at, explain, published

CAL = published()
FIVE = Limit("reply", "答复", workdays=5)
TWENTY = Limit("disclosure", "公开", workdays=20, extension=20, extension_basis="《条例》第三十三条")
SIXTY = Limit("petition", "信访", days=60, extension=30, extension_basis="《信访工作条例》")
FIFTEEN = Limit("notify", "告知", days=15)
HOURS = Limit("opinion", "舆情", hours=48)
GROUND = "等待来信人补正"


def day(text: str) -> date:
    return date.fromisoformat(text)


def received(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def paused(*spans: str) -> list[Pause]:
    """Pauses from "2026-09-22 2026-09-24"."""
    return [Pause(*map(day, span.split()), GROUND) for span in spans]


def due(start: str, *spans: str, limit: Limit = FIVE, extra: int = 0) -> str:
    return due_at(received(start), limit, CAL, pauses=paused(*spans), extra_workdays=extra).on.isoformat()


def notes(start: str, *spans: str, limit: Limit = FIVE, extra: int = 0) -> dict[str, DayNote]:
    found = explain(received(start), limit, CAL, pauses=paused(*spans), extra_workdays=extra)
    return {f"{note.on:%m-%d}": note for note in found}


# Received Friday 2026-09-18, the fifth working day is Thursday 24; 25 to 27 and 10-01 to 10-07 are off.
@pytest.mark.parametrize(
    ("spans", "end"),
    [
        ((), "2026-09-24"),
        (("2026-09-22 2026-09-28",), "2026-10-08"),
        (("2026-09-22 2026-09-22",), "2026-09-28"),
        (("2026-09-24 2026-09-24",), "2026-09-28"),
        (("2026-09-24 2026-09-30",), "2026-10-08"),
        (("2026-09-19 2026-09-19",), "2026-09-24"),
        (("2026-09-25 2026-09-27",), "2026-09-24"),
        (("2026-09-20 2026-09-20",), "2026-09-28"),
        (("2026-09-01 2026-09-18",), "2026-09-24"),
        (("2026-09-01 2026-09-20",), "2026-09-28"),
        (("2026-09-22 2026-09-23", "2026-09-23 2026-09-28"), "2026-10-08"),
        (("2026-09-22 2026-09-28", "2026-09-22 2026-09-28"), "2026-10-08"),
        (("2026-09-22 2026-09-28", "2026-09-23 2026-09-24"), "2026-10-08"),
        (("2026-09-28 2026-09-28", "2026-09-22 2026-09-22"), "2026-09-29"),
        (("2026-09-21 2026-09-21", "2026-09-22 2026-09-22"), "2026-09-29"),
    ],
    ids=[
        "none",
        "over-mid-autumn",
        "one-day",
        "the-due-day",
        "from-the-due-day-on",
        "a-day-off",
        "after-the-due-day",
        "a-makeup-sunday",
        "before-and-on-day-zero",
        "from-before-receipt",
        "overlapping",
        "the-same-twice",
        "one-inside-another",
        "the-second-takes-what-the-first-moved-to",
        "one-after-another",
    ],
)
def test_working_days_inside_a_pause_are_given_back(spans: tuple[str, ...], end: str) -> None:
    assert due("2026-09-18 20:14", *spans) == end


def test_a_pause_across_spring_festival_gives_back_its_working_days_only() -> None:
    """Received Thursday 2026-02-12: 13 and the make-up Saturdays 14 and 28 are worked, 15 to 23 are off."""
    assert due("2026-02-12 09:00", "2026-02-13 2026-02-24") == "2026-03-02"


def test_a_pause_that_begins_after_the_due_day_changes_nothing() -> None:
    assert due("2026-09-18 20:14", "2026-09-28 2026-09-30") == "2026-09-24"


def test_the_term_of_no_days_ends_on_the_day_of_receipt_in_spite_of_a_pause() -> None:
    assert due("2026-09-18 09:00", "2026-09-18 2026-09-22", limit=Limit("x", "x", workdays=0)) == "2026-09-18"


def test_a_pause_without_an_end_in_sight_is_no_date() -> None:
    with pytest.raises(UnknownDay):
        due("2026-09-18 20:14", "2026-09-22 2999-12-31")


def test_a_pause_ends_no_earlier_than_it_began() -> None:
    with pytest.raises(ValueError, match="2026-09-21, before it began on 2026-09-22"):
        paused("2026-09-22 2026-09-21")


def test_an_extension_is_counted_on_in_working_days() -> None:
    assert due("2026-09-18 09:00", limit=TWENTY) == "2026-10-22"
    assert due("2026-09-18 09:00", limit=TWENTY, extra=20) == "2026-11-19"


def test_an_extension_and_a_pause_add_up() -> None:
    assert due("2026-09-18 09:00", "2026-11-19 2026-11-20", limit=TWENTY, extra=20) == "2026-11-23"


def test_a_term_pushed_into_an_unannounced_year_is_provisional() -> None:
    at = received("2026-12-14 09:00")
    assert not due_at(at, FIVE, CAL).provisional
    assert due_at(at, FIVE, CAL, pauses=paused("2026-12-16 2026-12-25")).provisional


def test_an_extension_is_never_negative() -> None:
    with pytest.raises(ValueError, match="cannot be negative: -1"):
        due("2026-09-18 09:00", extra=-1)


@pytest.mark.parametrize(
    "more", [{"pauses": paused("2026-09-18 2026-09-18")}, {"extra_workdays": 1}], ids=str
)
def test_hours_run_without_pause_or_extension(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="hours run without pause or extension: opinion"):
        due_at(received("2026-09-18 09:00"), HOURS, CAL, **more)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02 09:00", "2026-03-17"),
        ("2026-03-06 09:00", "2026-03-23"),
        ("2026-09-18 09:00", "2026-10-08"),
        ("2026-09-05 09:00", "2026-09-20"),
    ],
    ids=["working-day", "saturday-rolls", "national-day-rolls", "makeup-sunday-stays"],
)
def test_a_term_in_natural_days_ends_on_a_working_day(start: str, end: str) -> None:
    assert due(start, limit=FIFTEEN) == end


def test_an_extension_of_natural_days_is_counted_in_natural_days() -> None:
    assert due("2026-03-02 09:00", limit=SIXTY) == "2026-05-06"
    assert due("2026-03-02 09:00", limit=SIXTY, extra=30) == "2026-06-01"


def test_natural_days_inside_a_pause_are_given_back_worked_or_not() -> None:
    assert due("2026-03-02 09:00", "2026-03-07 2026-03-08", limit=FIFTEEN) == "2026-03-19"


def test_a_last_day_does_not_roll_onto_a_paused_day() -> None:
    assert due("2026-03-06 09:00", "2026-03-23 2026-03-24", limit=FIFTEEN) == "2026-03-25"


@pytest.mark.parametrize(
    ("start", "provisional"),
    [
        ("2026-12-09 09:00", False),
        ("2026-12-10 09:00", True),
        ("2026-12-18 09:00", True),
    ],
    ids=["ends-on-24-december", "ends-on-25-december", "rolls-in-2027"],
)
def test_a_term_in_natural_days_rests_only_on_its_last_day(start: str, provisional: bool) -> None:
    assert due_at(received(start), FIFTEEN, CAL).provisional is provisional


def test_a_term_in_natural_days_shows_the_close_of_business_and_ends_at_midnight() -> None:
    end = due_at(received("2026-03-02 09:00"), FIFTEEN, CAL)
    assert end == Due(
        day("2026-03-17"), received("2026-03-18 00:00"), received("2026-03-17 18:00"), provisional=False
    )


def test_a_paused_working_day_is_not_counted_and_keeps_its_kind() -> None:
    note = notes("2026-09-18 20:14", "2026-09-22 2026-09-28")["09-22"]
    assert (note.counted, note.number, note.kind.label, note.paused) == (False, None, "工作日", GROUND)
    assert note.why == "工作日，但计时已暂停：等待来信人补正。不计入。"


def test_a_paused_makeup_day_keeps_its_kind() -> None:
    note = notes("2026-09-18 20:14", "2026-09-20 2026-09-20")["09-20"]
    assert note.why == "周日调休上班（国庆节），但计时已暂停：等待来信人补正。不计入。"


def test_a_day_off_inside_a_pause_stays_a_day_off() -> None:
    note = notes("2026-09-18 20:14", "2026-09-22 2026-09-28")["09-25"]
    assert (note.why, note.paused) == ("中秋节放假，不计入。", "")


def test_the_count_goes_on_after_a_pause_where_it_stopped() -> None:
    found = notes("2026-09-18 20:14", "2026-09-22 2026-09-28")
    assert {on: note.number for on, note in found.items() if note.counted} == {
        "09-20": 1,
        "09-21": 2,
        "09-29": 3,
        "09-30": 4,
        "10-08": 5,
    }


def test_the_extension_is_explained_from_its_first_day() -> None:
    found = notes("2026-09-18 09:00", limit=TWENTY, extra=20)
    assert (found["10-22"].why, found["10-22"].basis) == ("工作日，计为第20日。", "")
    assert found["10-23"].why == "工作日，计为第21日，延长期第1日。"
    assert found["10-23"].basis == "《条例》第三十三条"
    assert found["11-19"].number == 40


def test_natural_days_are_explained_with_the_roll_of_the_last_one() -> None:
    found = notes("2026-09-19 09:00", limit=FIFTEEN)
    assert found["09-19"].number == 0
    assert found["09-20"].why == "计为第1日。"
    assert found["09-25"].why == "中秋节放假，自然日照计，计为第6日。"
    assert (found["10-04"].number, found["10-04"].why) == (15, "国庆节放假，自然日照计，计为第15日。")
    assert (found["10-05"].counted, found["10-05"].why) == (False, "国庆节放假，最后一日顺延。")
    assert found["10-08"].why == "工作日，最后一日顺延至此。到期日，当日18:00下班前答复，24:00后计为逾期。"
    assert found["10-08"].basis == "《民法典》第二百零三条"


def test_a_term_in_natural_days_that_ends_on_a_working_day_does_not_roll() -> None:
    found = notes("2026-03-02 09:00", limit=FIFTEEN)
    assert found["03-17"].why == "计为第15日。到期日，当日18:00下班前答复，24:00后计为逾期。"


def test_a_paused_natural_day_is_not_counted() -> None:
    note = notes("2026-03-02 09:00", "2026-03-07 2026-03-08", limit=FIFTEEN)["03-07"]
    assert (note.why, note.paused) == ("计时已暂停：等待来信人补正。不计入。", GROUND)


def test_the_extension_of_natural_days_is_explained() -> None:
    found = notes("2026-03-02 09:00", limit=SIXTY, extra=30)
    note = found["05-02"]
    assert (note.number, note.why) == (61, "劳动节放假，自然日照计，计为第61日，延长期第1日。")
    assert note.basis == "《信访工作条例》"
    assert (found["05-01"].number, found["05-01"].basis) == (60, CAL.day(date(2026, 5, 1)).source)
    assert (found["04-30"].number, found["04-30"].basis) == (59, "")


@pytest.mark.parametrize("limit", [Limit("x", "x", workdays=0), Limit("x", "x", days=0)], ids=str)
def test_a_term_of_no_days_is_all_extension(limit: Limit) -> None:
    assert notes("2026-09-21 09:00", limit=limit, extra=1)["09-22"].why.startswith(
        ("工作日，计为第1日，延长期第1日。", "计为第1日，延长期第1日。")
    )


def test_days_after_a_term_in_natural_days_are_overdue_in_working_days() -> None:
    found = explain(received("2026-03-02 09:00"), FIFTEEN, CAL, until=day("2026-03-23"))
    assert [(note.over, note.why) for note in found[-3:]] == [
        (None, "周六，休息日，不计入。"),
        (None, "周日，休息日，不计入。"),
        (4, "工作日，逾期第4日。"),
    ]
