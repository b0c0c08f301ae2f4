from datetime import UTC, date, datetime, timedelta

import pytest

from sla import SHANGHAI, Due, Light, Limit, due_at, limits, published, read, rung_moments, would_be_late

CAL = published()
REPLY = limits().at("inquiry.reply", date(2026, 9, 18))
FIRST_WORD = limits().at("opinion.first_word", date(2026, 9, 18))
RESPONSE = limits().at("opinion.response", date(2026, 9, 18))
INSTANT = timedelta(microseconds=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# Thursday 2026-09-24 is the fifth working day; 25 to 27 are off, Monday 28 is worked, 10-01 to 10-07 are off.
DUE = due_at(shanghai("2026-09-18 16:00"), REPLY, CAL)
INCIDENT = shanghai("2026-10-01 20:00")


def test_a_working_day_limit_shows_the_close_of_business_and_ends_at_midnight() -> None:
    assert DUE.shown_at == shanghai("2026-09-24 18:00")
    assert DUE.at == shanghai("2026-09-25 00:00")


def test_due_moments_are_kept_in_utc() -> None:
    assert (DUE.at.tzinfo, DUE.shown_at.tzinfo) == (UTC, UTC)


def test_an_hour_limit_runs_through_night_and_holiday_to_the_exact_moment() -> None:
    due = due_at(INCIDENT, FIRST_WORD, CAL)
    moment = shanghai("2026-10-02 01:00")
    assert due == Due(date(2026, 10, 2), moment, moment, provisional=False)


def test_the_moment_of_an_hour_limit_is_kept_in_utc_whatever_the_zone_of_the_process() -> None:
    assert due_at(INCIDENT, FIRST_WORD, CAL).at.tzinfo is UTC


def test_an_hour_limit_needs_no_announcement() -> None:
    assert not due_at(shanghai("2027-01-01 09:00"), RESPONSE, CAL).provisional


@pytest.mark.parametrize(
    ("at", "light", "left"),
    [
        ("2026-09-18 16:00", Light.GREEN, 5),
        ("2026-09-19 12:00", Light.GREEN, 5),
        ("2026-09-21 23:59:59", Light.GREEN, 3),
        ("2026-09-22 00:00", Light.BLUE, 2),
        ("2026-09-23 00:00", Light.AMBER, 1),
        ("2026-09-24 00:00", Light.AMBER, 0),
        ("2026-09-24 18:00:01", Light.AMBER, 0),
        ("2026-09-24 23:59:59", Light.AMBER, 0),
        ("2026-09-25 00:00", Light.AMBER, 0),
        ("2026-09-25 00:00:01", Light.RED, 0),
        ("2026-09-27 12:00", Light.RED, 0),
        ("2026-09-28 00:00", Light.RED, -1),
        ("2026-10-07 12:00", Light.RED, -3),
    ],
)
def test_the_light_of_a_working_day_limit_follows_the_days_left(at: str, light: Light, left: int) -> None:
    reading = read(DUE, shanghai(at), REPLY, CAL)
    assert (reading.light, reading.workdays_left) == (light, left)


@pytest.mark.parametrize(("limit", "hours"), [(FIRST_WORD, 5), (RESPONSE, 48)], ids=["5h", "48h"])
def test_the_light_of_an_hour_limit_turns_at_half_and_at_a_quarter_or_two_hours(
    limit: Limit, hours: int
) -> None:
    due = due_at(INCIDENT, limit, CAL)
    half, last = timedelta(hours=hours / 2), timedelta(hours=max(hours / 4, 2))
    moments = [due.at - half - INSTANT, due.at - half, due.at - last, due.at, due.at + INSTANT]
    lights = [read(due, at, limit, CAL).light for at in moments]
    assert lights == [Light.GREEN, Light.BLUE, Light.AMBER, Light.AMBER, Light.RED]


@pytest.mark.parametrize(
    ("at", "overdue", "days"),
    [
        ("2026-09-18 16:00", False, 0),
        ("2026-09-25 00:00", False, 0),
        ("2026-09-25 00:00:01", True, 0),
        ("2026-09-27 23:59:59", True, 0),
        ("2026-09-28 00:00", True, 1),
        ("2026-09-30 09:00", True, 3),
        ("2026-10-07 09:00", True, 3),
        ("2026-10-08 09:00", True, 4),
    ],
)
def test_overdue_begins_after_24_00_and_is_counted_in_working_days(at: str, overdue: bool, days: int) -> None:
    reading = read(DUE, shanghai(at), REPLY, CAL)
    assert (reading.overdue, reading.overdue_days) == (overdue, days)


def test_an_exact_midnight_before_a_working_day_is_still_on_time() -> None:
    due = due_at(shanghai("2026-03-10 09:00"), REPLY, CAL)
    reading = read(due, due.at, REPLY, CAL)
    assert (reading.overdue, reading.workdays_left, reading.light) == (False, 0, Light.AMBER)


def test_the_rungs_of_a_working_day_limit_fall_at_opening_on_working_days() -> None:
    moments = [moment for _, moment in rung_moments(DUE, REPLY, CAL)]
    days = ["2026-09-22", "2026-09-23", "2026-09-24", "2026-09-28", "2026-09-30", "2026-10-09"]
    assert moments == [shanghai(f"{day} 09:00") for day in days]


def test_the_rungs_of_an_hour_limit_fall_by_the_clock() -> None:
    due = due_at(INCIDENT, FIRST_WORD, CAL)
    moments = [moment - due.at for _, moment in rung_moments(due, FIRST_WORD, CAL)]
    assert moments == [timedelta(hours=rung.offset) for rung in FIRST_WORD.ladder]


@pytest.mark.parametrize(
    ("at", "reached", "next_at"),
    [
        ("2026-09-18 16:00", "", "2026-09-22 09:00"),
        ("2026-09-22 08:59:59", "", "2026-09-22 09:00"),
        ("2026-09-22 09:00", "remind", "2026-09-23 09:00"),
        ("2026-09-24 09:00", "remind warn due", "2026-09-28 09:00"),
        ("2026-09-28 09:00", "remind warn due reminder_notice", "2026-09-30 09:00"),
    ],
)
def test_the_next_moment_is_the_first_rung_strictly_later(at: str, reached: str, next_at: str) -> None:
    reading = read(DUE, shanghai(at), REPLY, CAL)
    assert [rung.key for rung in reading.reached] == reached.split()
    assert reading.next_at == shanghai(next_at)


def test_after_the_last_rung_nothing_is_next() -> None:
    reading = read(DUE, shanghai("2026-10-09 09:00"), REPLY, CAL)
    assert reading.next_at is None
    assert reading.reached == REPLY.ladder


def test_following_the_next_moments_visits_every_rung_once() -> None:
    at, visited = shanghai("2026-09-18 16:00"), []
    while (following := read(DUE, at, REPLY, CAL).next_at) is not None:
        visited.append(following)
        at = following
    assert visited == [moment for _, moment in rung_moments(DUE, REPLY, CAL)]


def test_the_rungs_of_a_due_day_in_december_reach_into_the_unannounced_year() -> None:
    due = due_at(shanghai("2026-12-24 09:00"), REPLY, CAL)
    assert due.on == date(2026, 12, 31)
    assert rung_moments(due, REPLY, CAL)[3][1] == shanghai("2027-01-04 09:00")


@pytest.mark.parametrize(
    ("stopped", "at", "workdays", "late"),
    [
        ("2026-09-24 23:59", "2026-12-01 09:00", 5, False),
        ("2026-09-25 00:00", "2026-12-01 09:00", 5, False),
        ("2026-09-25 00:01", "2026-12-01 09:00", 5, True),
        ("2026-09-24 23:59", "2026-12-01 09:00", 3, True),
        ("2026-09-22 09:00", "2026-12-01 09:00", 3, False),
        (None, "2026-09-22 23:00", 3, False),
        (None, "2026-09-23 00:01", 3, True),
    ],
)
def test_a_thing_is_measured_against_another_term(
    stopped: str | None, at: str, workdays: int, late: bool
) -> None:
    end = shanghai(stopped) if stopped else None
    assert would_be_late(shanghai("2026-09-18 16:00"), end, shanghai(at), workdays, CAL) is late


def test_the_rungs_of_a_term_in_natural_days_fall_on_working_days() -> None:
    limit = Limit("notify", "告知", days=15, ladder=REPLY.ladder)
    due = due_at(shanghai("2026-09-19 09:00"), limit, CAL)
    days = [f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}" for _, moment in rung_moments(due, limit, CAL)]
    assert days == [f"{day} 09:00" for day in ("09-29", "09-30", "10-08", "10-09", "10-12", "10-14")]


def test_the_light_of_a_term_in_natural_days_follows_the_working_days_left() -> None:
    limit = Limit("notify", "告知", days=15)
    due = due_at(shanghai("2026-09-19 09:00"), limit, CAL)
    reading = read(due, shanghai("2026-09-29 09:00"), limit, CAL)
    assert (reading.light, reading.workdays_left) == (Light.BLUE, 2)


def test_every_light_has_a_word() -> None:
    assert [light.label for light in Light] == ["绿灯", "蓝灯", "黄灯", "红灯"]
