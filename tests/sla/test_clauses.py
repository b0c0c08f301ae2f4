"""Every worked case: 民法典 arts. 201 and 203, make-up days, amendments, local closures."""

from datetime import date, datetime, timedelta, tzinfo

import pytest

from sla import (
    SHANGHAI,
    Day,
    DayKind,
    Limit,
    UnknownDay,
    WorkCalendar,
    due_at,
    explain,
    local_date,
    published,
    read,
)
from tests.sla.cases import ANSWERS, DUE, TERMS, AnswerCase, DueCase

FIVE = Limit("reply", "答复", workdays=5)
due_cases = pytest.mark.parametrize("case", DUE, ids=[case.id for case in DUE])
answer_cases = pytest.mark.parametrize("case", ANSWERS, ids=[case.id for case in ANSWERS])


def instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def dates(text: str) -> list[date]:
    return [date.fromisoformat(word) for word in text.split()]


def calendar_of(case: DueCase) -> WorkCalendar:
    off = [Day(on, DayKind.HOLIDAY, "本地停办") for on in dates(case.off)]
    work = [Day(on, DayKind.MAKEUP) for on in dates(case.work)]
    return published().with_days(off + work, "case")


def limit_of(case: DueCase) -> Limit:
    return Limit("case", "时限", workdays=len(dates(case.counted)))


@due_cases
def test_a_term_ends_on_the_last_counted_day(case: DueCase) -> None:
    due = due_at(instant(case.received), limit_of(case), calendar_of(case))
    assert due.on == dates(case.counted)[-1]


@due_cases
def test_a_term_ends_at_24_00_in_shanghai(case: DueCase) -> None:
    due = due_at(instant(case.received), limit_of(case), calendar_of(case))
    midnight = dates(case.counted)[-1] + timedelta(days=1)
    assert due.at == datetime(midnight.year, midnight.month, midnight.day, tzinfo=SHANGHAI)


@due_cases
def test_exactly_the_working_days_after_receipt_are_counted(case: DueCase) -> None:
    notes = explain(instant(case.received), limit_of(case), calendar_of(case))
    assert [note.on for note in notes if note.counted] == dates(case.counted)


@due_cases
def test_a_published_due_day_is_not_provisional(case: DueCase) -> None:
    assert not due_at(instant(case.received), limit_of(case), calendar_of(case)).provisional


@due_cases
def test_the_day_of_receipt_is_known_as_worked_or_off(case: DueCase) -> None:
    assert calendar_of(case).is_workday(local_date(instant(case.received))) is case.received_is_workday


@answer_cases
def test_an_answer_is_on_time_until_24_00_of_the_due_day(case: AnswerCase) -> None:
    due = due_at(instant(case.received), FIVE, published())
    assert due.on == date.fromisoformat(case.due)
    assert (instant(case.answered) <= due.at) is case.on_time


@answer_cases
def test_overdue_is_the_same_verdict_as_on_time(case: AnswerCase) -> None:
    due = due_at(instant(case.received), FIVE, published())
    assert read(due, instant(case.answered), FIVE, published()).overdue is not case.on_time


@answer_cases
def test_working_days_used_are_counted_after_the_day_of_receipt(case: AnswerCase) -> None:
    received, answered = local_date(instant(case.received)), local_date(instant(case.answered))
    assert published().workdays_between(received, answered) == case.used


@answer_cases
def test_working_days_left_are_counted_after_the_day_of_the_answer(case: AnswerCase) -> None:
    due = due_at(instant(case.received), FIVE, published())
    assert read(due, instant(case.answered), FIVE, published()).workdays_left == case.left


@pytest.mark.parametrize(
    ("received", "worked", "five", "ten", "twenty"), TERMS, ids=[row[0] for row in TERMS]
)
def test_five_ten_and_twenty_working_days_end_on_the_published_day(
    received: str, worked: bool, five: str | None, ten: str | None, twenty: str | None
) -> None:
    start, cal = date.fromisoformat(received), published()
    found = [cal.add_workdays(start, n) for n in (5, 10, 20)]
    announced = [on.isoformat() if on.year in cal.announced_years else None for on in found]
    assert announced == [five, ten, twenty]
    assert cal.is_workday(start) is worked


@pytest.mark.parametrize(
    ("a", "b", "count"),
    [("2026-03-13", "2026-03-13", 0), ("2025-12-31", "2026-12-31", 248)],
    ids=["same-day", "year-2026"],
)
def test_working_days_are_counted_after_a_up_to_b(a: str, b: str, count: int) -> None:
    assert published().workdays_between(date.fromisoformat(a), date.fromisoformat(b)) == count


def test_a_term_reaching_an_unannounced_year_is_provisional_and_skips_its_new_year() -> None:
    due = due_at(instant("2026-12-28 09:00"), FIVE, published())
    assert (due.on, due.provisional) == (date(2027, 1, 5), True)


def test_a_receipt_before_the_data_is_refused() -> None:
    with pytest.raises(UnknownDay, match="2004-01-01"):
        due_at(instant("2003-12-29 09:00"), FIVE, published())


@pytest.mark.parametrize(
    ("utc", "local"),
    [
        ("1988-07-01T15:30:00Z", "1988-07-02"),
        ("1991-09-14T17:00:00Z", "1991-09-15"),
        ("2026-03-11T15:59:59Z", "2026-03-11"),
        ("2026-03-11T16:00:00Z", "2026-03-12"),
        ("2026-12-31T16:00:00Z", "2027-01-01"),
    ],
    ids=["summer-time-1988", "summer-time-ends-1991", "last-second", "midnight", "new-year"],
)
def test_an_instant_has_the_date_on_the_wall_in_shanghai(utc: str, local: str) -> None:
    assert local_date(datetime.fromisoformat(utc)) == date.fromisoformat(local)


def test_a_zone_that_knows_no_offset_makes_no_instant() -> None:
    class Nowhere(tzinfo):
        def utcoffset(self, _moment: datetime | None) -> None:
            return None

    with pytest.raises(ValueError, match="an instant needs a time zone: 2026-03-11T09:00:00"):
        local_date(datetime(2026, 3, 11, 9, tzinfo=Nowhere()))


def test_a_naive_time_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 3, 11, 9))  # noqa: DTZ001 - the naive time is the point
