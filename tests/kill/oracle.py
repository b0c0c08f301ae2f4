"""What must be there, worked out day by day; of the product it uses only whether a day is worked."""

from datetime import date, datetime, time, timedelta

from sla import SHANGHAI, published

TERM = 5
OFFSETS = {"remind": -2, "warn": -1, "due": 0, "reminder_notice": 1, "supervision_order": 3, "circular": 5}


def _walk(day: date, steps: int) -> date:
    """The steps-th working day after (or before) a day."""
    one = timedelta(days=1 if steps > 0 else -1)
    while steps:
        day += one
        if published().is_workday(day):
            steps -= 1 if steps > 0 else -1
    return day


def rungs(received: datetime, at: datetime) -> set[str]:
    """The rungs that must have been issued by `at` for a call received then."""
    due = _walk(received.astimezone(SHANGHAI).date(), TERM)
    nine = {name: datetime.combine(_walk(due, steps), time(9), SHANGHAI) for name, steps in OFFSETS.items()}
    return {name for name, moment in nine.items() if moment <= at}
