"""The prefix sums against a naive walk: every published day, and whatever hypothesis thinks of."""

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sla import Day, DayKind, published
from tests.sla import oracle

# No deadline: the first call builds the calendar, and a busy machine is not a fault.
settings.register_profile("sla", deadline=None)
settings.load_profile("sla")

days = st.dates(oracle.FIRST, oracle.LAST)
terms = st.integers(1, 60)
EVERY_DAY = [oracle.FIRST + timedelta(days=n) for n in range((oracle.LAST - oracle.FIRST).days + 1)]


def test_every_published_day_is_worked_or_off_as_announced() -> None:
    wrong = [day for day in EVERY_DAY if published().is_workday(day) is not oracle.worked(day)]
    assert wrong == []


def test_every_term_up_to_sixty_days_from_every_day_ends_where_the_walk_ends() -> None:
    """All 8,401 days of 2004 to 2026 as the day of receipt, make-up days and days off among them."""
    cal, wrong = published(), []
    for start in EVERY_DAY:
        walked = oracle.worked_after(start, 60)
        counted = [cal.add_workdays(start, n) for n in range(1, len(walked) + 1)]
        wrong += [(start, n, due) for n, due in enumerate(counted, 1) if due != walked[n - 1]]
    assert wrong == []


def test_the_walk_of_every_day_is_a_full_one_until_the_data_end() -> None:
    full = [start for start in EVERY_DAY if len(oracle.worked_after(start, 60)) == 60]
    assert (full[0], full[-1], len(EVERY_DAY)) == (oracle.FIRST, date(2026, 10, 9), 8401)


@given(days, terms)
def test_any_term_agrees_with_the_walk(start: date, n: int) -> None:
    due = oracle.walk(start, n)
    assume(due is not None)
    assert published().add_workdays(start, n) == due


@given(days, days)
def test_any_count_agrees_with_the_walk(a: date, b: date) -> None:
    a, b = min(a, b), max(a, b)
    assert published().workdays_between(a, b) == oracle.count(a, b)


@given(days, days)
def test_counting_backwards_changes_only_the_sign(a: date, b: date) -> None:
    assert published().workdays_between(a, b) == -published().workdays_between(b, a)


@given(days, terms)
def test_the_nth_working_day_is_n_working_days_away(start: date, n: int) -> None:
    assert published().workdays_between(start, published().add_workdays(start, n)) == n


@given(st.dates(date(2005, 1, 1), oracle.LAST), terms)
def test_shifting_a_working_day_there_and_back_returns_it(start: date, n: int) -> None:
    cal = published()
    assume(cal.is_workday(start))
    assert cal.shift(cal.shift(start, n), -n) == start


@given(st.dates(date(2005, 1, 1), oracle.LAST), terms)
def test_shifting_back_lands_on_a_working_day_before(start: date, n: int) -> None:
    landed = published().shift(start, -n)
    assert landed < start and oracle.worked(landed)
    assert oracle.count(landed - oracle.ONE_DAY, start - oracle.ONE_DAY) == n


@given(
    st.sets(st.dates(date(2026, 3, 1), date(2026, 6, 30))),
    st.dates(date(2026, 3, 1), date(2026, 5, 1)),
    terms,
)
def test_any_set_of_local_closures_is_walked_over(closed: set[date], start: date, n: int) -> None:
    cal = published().with_days([Day(on, DayKind.HOLIDAY, "本地停办") for on in closed], "closed")
    due = oracle.walk(start, n, lambda day: oracle.worked(day) and day not in closed)
    assert cal.add_workdays(start, n) == due
