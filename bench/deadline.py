"""One due day: ours against the libraries that could have done it, all in one run on the same dates."""

import importlib
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import ModuleType

import chinese_calendar

from bench.show import median_of, say
from sla import due_at, limits, published, read

DATES, SEED, TERM, ROUNDS = 2000, 20260930, 5, 7
FIRST, SPAN = date(2016, 1, 4), 365 * 10
Act = Callable[[], object]


def _days() -> list[date]:
    dice = random.Random(SEED)
    return [FIRST + timedelta(days=dice.randrange(SPAN)) for _ in range(DATES)]


def deadline() -> None:
    """The fifth working day of 2,000 random dates: the time for one date and its ratio to ours."""
    days = _days()
    acts: dict[str, Act | None] = {
        "sla: the day (add_workdays)": lambda: [published().add_workdays(day, TERM) for day in days],
        "sla: due moment with reading": _ours(days),
        "chinese_calendar.find_workday": lambda: [chinese_calendar.find_workday(TERM, day) for day in days],
        "python-holidays, day by day": _holidays(days),
        "numpy.busday_offset, one by one": _numpy(days),
    }
    base = 0.0
    for name, act in acts.items():
        if act is None:
            say(f"deadline: {name:<34} not installed (requirements-bench.txt)")
            continue
        act()  # caches are filled outside the measure
        each = median_of(act, rounds=ROUNDS) / DATES
        base = base or each
        say(f"deadline: {name:<34} {each * 1e6:8.2f} µs {each / base:8.1f}x")


def _ours(days: list[date]) -> Act:
    received = [datetime.combine(day, time(2), UTC) for day in days]
    limit, cal = limits().at("inquiry.reply", date(2026, 1, 1)), published()

    def run() -> None:
        for moment in received:
            read(due_at(moment, limit, cal), moment, limit, cal)

    return run


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _holidays(days: list[date]) -> Act | None:
    module = _module("holidays")
    if module is None:
        return None
    china = module.country_holidays("CN", years=range(2016, 2027))

    return lambda: [china.get_nth_working_day(day, TERM) for day in days]


def _numpy(days: list[date]) -> Act | None:
    numpy = _module("numpy")
    if numpy is None:
        return None
    every = [FIRST + timedelta(days=n) for n in range(SPAN + 60)]
    closed = [day for day in every if day.weekday() < 5 and not published().is_workday(day)]
    # busdaycalendar knows no worked weekend: near a make-up day its answers are wrong, its speed is shown
    known = numpy.busdaycalendar(holidays=closed)
    return lambda: [numpy.busday_offset(day, TERM, roll="backward", busdaycal=known) for day in days]
