"""A machine clock that jumps is held until a person vouches for it (measured scenarios of clocks that lie)."""

from datetime import UTC, datetime, timedelta

import pytest

from core.db import Database
from core.people import SYSTEM
from escalation import guard
from escalation.guard import Instant, doubt

START = Instant(datetime(2026, 9, 22, 2, tzinfo=UTC), "boot-1", 1000.0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def later(wall: timedelta, real: timedelta | None = None, boot: str = "boot-1") -> Instant:
    """The wall clock shows `wall` more while `real` has passed; another boot begins its own count."""
    passed = wall if real is None else real
    return Instant(
        START.wall + wall, boot, START.since_boot + passed.total_seconds() if boot == "boot-1" else 60.0
    )


@pytest.mark.parametrize("gap", [timedelta(seconds=30), HOUR, 3 * DAY, 40 * DAY])
def test_running_stopped_or_asleep_is_no_jump(gap: timedelta) -> None:
    assert doubt(START, later(gap)) == ""


@pytest.mark.parametrize("jump", [-2 * DAY, -HOUR, 3 * DAY, 400 * DAY])
def test_a_jump_inside_one_boot_is_held(jump: timedelta) -> None:
    assert doubt(START, later(jump + HOUR, real=HOUR))


@pytest.mark.parametrize("off", [timedelta(minutes=2), 3 * DAY, 10 * DAY])
def test_a_server_that_was_off_for_days_goes_on(off: timedelta) -> None:
    assert doubt(START, later(off, boot="boot-2")) == ""


@pytest.mark.parametrize("wrong", [-HOUR, -40 * DAY, 400 * DAY])
def test_a_dead_battery_after_a_restart_is_held(wrong: timedelta) -> None:
    assert doubt(START, later(wrong, boot="boot-2"))


def test_the_first_sweep_of_a_host_is_believed() -> None:
    assert doubt(None, START) == ""


def test_a_doubt_stays_until_it_is_confirmed(db: Database) -> None:
    wrong = later(400 * DAY, real=HOUR)
    with db.writing() as session:
        guard.check(session, "a", START)
        first, again = guard.check(session, "a", wrong), guard.check(session, "a", later(HOUR))
    assert first == again != ""


def test_a_confirmed_clock_goes_on(db: Database) -> None:
    wrong = later(400 * DAY, real=HOUR)
    with db.writing() as session:
        guard.check(session, "a", START)
        guard.check(session, "a", wrong)
        guard.confirm(session, "a", wrong, by=SYSTEM, at=wrong.wall)
    with db.writing() as session:
        assert guard.check(session, "a", later(400 * DAY + HOUR, real=2 * HOUR)) == ""


def test_another_host_is_judged_by_its_own_mark(db: Database) -> None:
    with db.writing() as session:
        guard.check(session, "a", START)
        guard.check(session, "a", later(400 * DAY, real=HOUR))
        assert guard.check(session, "b", later(HOUR)) == ""
