"""The arithmetic of a score, stated as properties and by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reports.definition_file import definitions_at
from reports.score import Tally, decimal, percent, score, spread, together

DEFINITIONS = definitions_at(date(2026, 9, 30))
KEYS = [one.key for one in DEFINITIONS.indicators]
PAPERS = [one.key for one in DEFINITIONS.papers]
FEWEST = DEFINITIONS.fewest


@st.composite
def tally(draw: st.DrawFn, least: int = 0) -> Tally:
    counts = st.integers(0, 400)
    in_time, late, unanswered = draw(counts), draw(counts), draw(counts)
    assume(in_time + late + unanswered >= least)
    return Tally(in_time, late, unanswered, draw(st.integers(0, in_time + late)))


tallies = st.dictionaries(st.sampled_from(KEYS), tally())
served = st.dictionaries(st.sampled_from(PAPERS), st.integers(0, 30))


@given(tallies, served)
def test_a_total_lies_between_0_and_100(counts: dict[str, Tally], papers: dict[str, int]) -> None:
    total = score(DEFINITIONS, counts, papers).total
    assert total is None or 0 <= total <= 100


@given(tallies, served)
def test_there_is_a_total_exactly_when_one_indicator_has_enough_cases(
    counts: dict[str, Tally], papers: dict[str, int]
) -> None:
    enough = any(one.fallen >= FEWEST for one in counts.values())
    assert (score(DEFINITIONS, counts, papers).total is not None) == enough


@given(tallies)
def test_weights_of_what_counts_make_100(counts: dict[str, Tally]) -> None:
    weights = [part.weight for part in score(DEFINITIONS, counts, {}).parts if part.weight is not None]
    assert sum(weights) == (100 if weights else 0)


@given(tallies, tally(least=0))
def test_what_has_too_few_cases_moves_nothing(counts: dict[str, Tally], few: Tally) -> None:
    assume(few.fallen < FEWEST)
    without = {key: one for key, one in counts.items() if key != KEYS[0]}
    assert score(DEFINITIONS, without | {KEYS[0]: few}, {}).total == score(DEFINITIONS, without, {}).total


@given(tallies, tally(least=FEWEST), st.integers(1, 50))
def test_an_open_overdue_case_never_raises_a_total(counts: dict[str, Tally], one: Tally, more: int) -> None:
    worse = replace(one, unanswered=one.unanswered + more)
    before, after = (score(DEFINITIONS, counts | {KEYS[0]: some}, {}).total for some in (one, worse))
    assert before is not None and after is not None and after <= before


@given(tallies, tally(least=FEWEST))
def test_an_answer_in_time_instead_of_a_late_one_never_lowers_a_total(
    counts: dict[str, Tally], one: Tally
) -> None:
    assume(one.late)
    better = replace(one, late=one.late - 1, in_time=one.in_time + 1)
    before, after = (score(DEFINITIONS, counts | {KEYS[0]: some}, {}).total for some in (one, better))
    assert before is not None and after is not None and after >= before


@given(st.lists(tallies, max_size=5))
def test_units_together_have_as_many_cases_as_one_by_one(many: list[dict[str, Tally]]) -> None:
    whole = together(many)
    assert sum(one.fallen for one in whole.values()) == sum(t.fallen for m in many for t in m.values())


@given(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 100)))
def test_spreading_keeps_the_proportions(weights: dict[str, int]) -> None:
    spreaded = spread(weights)
    assert all(spreaded[a] * weights[b] == spreaded[b] * weights[a] for a in weights for b in weights)


def test_a_score_by_hand() -> None:
    """Letters 18 of 20 and duties 3 of 5 count 40 to 10; the others have too few. One order costs a point."""
    counts = {"inquiry": Tally(18, 1, 1), "duty": Tally(3, 0, 2), "opinion": Tally(0, 4, 0)}
    found = score(DEFINITIONS, counts, {"supervision_order": 1, "reminder_notice": 7})
    assert [part.weight for part in found.parts] == [80, None, None, 20, None]
    assert found.total == Fraction(80 * 18, 20) + Fraction(20 * 3, 5) - 1 == 83


@pytest.mark.parametrize(("fallen", "shown"), [(FEWEST - 1, None), (FEWEST, "100.0")])
def test_a_rate_needs_five_cases(fallen: int, shown: str | None) -> None:
    (part, *_rest) = score(DEFINITIONS, {"inquiry": Tally(fallen)}, {}).parts
    assert (percent(part.rate) if part.rate is not None else None) == shown


def test_both_rates_stand_side_by_side() -> None:
    (part, *_rest) = score(DEFINITIONS, {"inquiry": Tally(8, 2, 0, by_origin=5)}, {}).parts
    assert (part.rate, part.rate_by_origin) == (Fraction(4, 5), Fraction(1, 2))


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction(1, 20), "0.1"),
        (Fraction(49, 1000), "0.0"),
        (Fraction(1999, 20), "100.0"),
        (Fraction(2, 3), "0.7"),
        (Fraction(-3, 2), "-1.5"),
        (Fraction(-1, 100), "0.0"),
        (Fraction(), "0.0"),
    ],
)
def test_one_place_half_rounded_up(value: Fraction, printed: str) -> None:
    assert decimal(value) == printed
