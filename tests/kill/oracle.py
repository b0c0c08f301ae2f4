"""What must be there, worked out day by day; of the product it uses only whether a day is worked."""

from datetime import date, datetime, time, timedelta

from sla import SHANGHAI, published

TERM = 5
OFFSETS = {"remind": -2, "warn": -1, "due": 0, "reminder_notice": 1, "supervision_order": 3, "circular": 5}
OPENS, CLOSES = time(9), time(18)
LAST_SECOND = time(17, 59, 59)


def _walk(day: date, steps: int) -> date:
    """The steps-th working day after (or before) a day."""
    one = timedelta(days=1 if steps > 0 else -1)
    while steps:
        day += one
        if published().is_workday(day):
            steps -= 1 if steps > 0 else -1
    return day


def moments(received: datetime) -> dict[str, datetime]:
    """When each rung of a call received then falls."""
    due = _walk(received.astimezone(SHANGHAI).date(), TERM)
    return {name: datetime.combine(_walk(due, steps), OPENS, SHANGHAI) for name, steps in OFFSETS.items()}


def rungs(received: datetime, at: datetime) -> set[str]:
    """The rungs that must have been issued by `at`, an office hour, for a call received then."""
    return {name for name, moment in moments(received).items() if moment <= at}


def office_hour(at: datetime) -> datetime:
    """`at` itself, or the last second at which the office was open before it: notices come only then."""
    day, clock = at.astimezone(SHANGHAI).date(), at.astimezone(SHANGHAI).time()
    if published().is_workday(day) and OPENS <= clock < CLOSES:
        return at
    if not published().is_workday(day) or clock < OPENS:
        day = _walk(day, -1)
    return datetime.combine(day, LAST_SECOND, SHANGHAI)
