"""Limits whose term is a day that was named: a promise, a report, a reply that is asked for by a day."""

from datetime import date, datetime

import pytest

from sla import SHANGHAI, Light, Limit, LimitError, Rung, due_at, explain, load_limits, published, read
from sla.reading import rung_moments

RUNGS = (Rung("warn", "预警", -1, ()), Rung("due", "到期", 0, ()), Rung("late", "催办单", 1, ()))
LIMIT = Limit("promise", "承诺", dated=True, ladder=RUNGS)
START = datetime(2026, 9, 1, 10, tzinfo=SHANGHAI)
HOLIDAY = date(2026, 10, 5)  # Monday of the national holiday; 30 September is the last working day before it


def days(on: date) -> list[date]:
    due = due_at(START, LIMIT, published(), on=on)
    return [moment.astimezone(SHANGHAI).date() for _rung, moment in rung_moments(due, LIMIT, published())]


def test_it_ends_at_midnight_of_the_day_that_was_named() -> None:
    due = due_at(START, LIMIT, published(), on=HOLIDAY)
    assert due.at.astimezone(SHANGHAI) == datetime(2026, 10, 6, tzinfo=SHANGHAI)


def test_a_day_without_an_announcement_is_not_provisional_when_it_was_named() -> None:
    assert not due_at(START, LIMIT, published(), on=date(2028, 3, 1)).provisional


def test_rungs_of_a_working_day_stand_around_it() -> None:
    assert days(date(2026, 9, 22)) == [date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23)]


def test_rungs_of_a_day_off_stand_on_the_working_days_before_and_after() -> None:
    assert days(HOLIDAY) == [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8)]


def test_the_light_counts_the_working_days_before_it() -> None:
    due = due_at(START, LIMIT, published(), on=HOLIDAY)
    at = datetime(2026, 9, 30, 10, tzinfo=SHANGHAI)
    assert read(due, at, LIMIT, published()).light is Light.AMBER


def test_it_is_late_only_after_the_day_itself() -> None:
    due = due_at(START, LIMIT, published(), on=HOLIDAY)
    assert not read(due, datetime(2026, 10, 5, 23, 59, tzinfo=SHANGHAI), LIMIT, published()).overdue
    assert read(due, datetime(2026, 10, 6, 0, 1, tzinfo=SHANGHAI), LIMIT, published()).overdue


@pytest.mark.parametrize("more", [{}, {"on": HOLIDAY, "extra_workdays": 1}])
def test_it_needs_its_day_and_admits_no_extension(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="dated"):
        due_at(START, LIMIT, published(), **more)  # type: ignore[arg-type]


def test_each_working_day_up_to_it_is_explained_with_its_number() -> None:
    notes = explain(datetime(2026, 9, 28, 9, tzinfo=SHANGHAI), LIMIT, published(), on=HOLIDAY)
    assert [note.number for note in notes] == [0, 1, 2, None, None, None, None, None]
    assert notes[-1].why == "国庆节放假。到期日，当日18:00下班前完成，24:00后计为逾期。"


FILE = """
[office]
opens = "09:00"
closes = "18:00"
[[ladder]]
key = "l"
unit = "workdays"
source = "s"
rungs = [{ key = "due", name = "到期", offset = -9, audience = ["watch"], paper = "supervision_order" }]
[[limit]]
key = "promise"
name = "承诺"
deed = "兑现"
dated = true
ladder = "l"
source = "s"
valid_from = 2021-01-01
"""


def test_the_file_names_it_with_its_deed_and_the_paper_of_a_rung() -> None:
    (limit,) = load_limits(FILE).limits
    assert (limit.dated, limit.deed, limit.ladder[0].paper) == (True, "兑现", "supervision_order")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('extension = 3\nextension_basis = "s"\n', "指定日期的时限不能延期"),
        ('pause_grounds = ["听证"]\n', "指定日期的时限不能暂停"),
    ],
)
def test_the_file_grants_a_date_no_extension_and_no_pause(more: str, words: str) -> None:
    with pytest.raises(LimitError, match=words):
        load_limits(FILE + more)


def test_the_file_says_true_or_nothing() -> None:
    with pytest.raises(LimitError, match="dated 只能写 true"):
        load_limits(FILE.replace("dated = true", "dated = 5"))
