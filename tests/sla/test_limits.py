from datetime import date

import pytest

from sla import Limit, UnknownLimit, limits


def test_the_shipped_rules_of_cases_and_opinions_are_these_eight() -> None:
    assert limits().keys[:8] == (
        "inquiry.reply",
        "opinion.first_word",
        "opinion.press",
        "opinion.response",
        "disclosure.reply",
        "petition.notify",
        "petition.handle",
        "site.error",
    )


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("paper", {"sign", "reply", "statement"}),
        (
            "duty",
            {"year", "quarter", "date", "report", "periodic", "phone", "rectify", "consultation"},
        ),
    ],
)
def test_the_other_shipped_rules_are_those_of_papers_and_duties(kind: str, names: set[str]) -> None:
    assert set(limits().keys_of(kind)) == {f"{kind}.{name}" for name in names}


def test_an_inquiry_is_answered_in_five_working_days() -> None:
    limit = limits().at("inquiry.reply", date(2026, 9, 18))
    assert (limit.workdays, limit.hours) == (5, None)


@pytest.mark.parametrize(
    ("key", "hours"), [("opinion.first_word", 5), ("opinion.press", 24), ("opinion.response", 48)]
)
def test_an_opinion_limit_runs_in_clock_hours(key: str, hours: int) -> None:
    limit = limits().at(key, date(2026, 9, 18))
    assert (limit.hours, limit.workdays) == (hours, None)


def test_the_standard_ladder_climbs_from_reminder_to_circular() -> None:
    ladder = limits().at("inquiry.reply", date(2026, 9, 18)).ladder
    assert [(rung.name, rung.offset) for rung in ladder] == [
        ("提醒", -2),
        ("预警", -1),
        ("到期", 0),
        ("催办单", 1),
        ("督办单", 3),
        ("通报批评/约谈", 5),
    ]


def test_every_shipped_rule_quotes_its_source_and_has_a_revision() -> None:
    assert all(limit.basis and limit.rev.startswith(f"{limit.valid_from}-") for limit in limits().limits)


@pytest.mark.parametrize(
    ("key", "day"), [("inquiry.reply", date(2003, 12, 31)), ("unheard.of", date(2026, 1, 1))]
)
def test_a_rule_not_in_force_is_unknown(key: str, day: date) -> None:
    with pytest.raises(UnknownLimit, match=key):
        limits().at(key, day)


def test_the_five_days_of_an_inquiry_have_no_extension_and_no_pause() -> None:
    limit = limits().at("inquiry.reply", date(2026, 9, 18))
    assert (limit.extension, limit.extension_basis, limit.pause_grounds) == (0, "", ())


@pytest.mark.parametrize(
    ("key", "workdays", "days", "extension"),
    [
        ("disclosure.reply", 20, None, 20),
        ("petition.notify", None, 15, 0),
        ("petition.handle", None, 60, 30),
        ("site.error", 3, None, 0),
    ],
)
def test_a_statutory_term_has_its_length_and_its_extension(
    key: str, workdays: int | None, days: int | None, extension: int
) -> None:
    limit = limits().at(key, date(2026, 9, 18))
    assert (limit.workdays, limit.days, limit.extension) == (workdays, days, extension)


@pytest.mark.parametrize(
    ("key", "first"), [("disclosure.reply", "2019-05-15"), ("petition.handle", "2022-05-01")]
)
def test_a_statutory_term_begins_with_its_statute(key: str, first: str) -> None:
    assert limits().at(key, date.fromisoformat(first)).valid_from == date.fromisoformat(first)


def test_only_a_disclosure_may_pause() -> None:
    assert [limit.key for limit in limits().limits if limit.pause_grounds] == ["disclosure.reply"]


MANY = "limit x: give exactly one of workdays, days, hours and dated"
NEGATIVE = "limit x: a term cannot be negative"


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ({}, MANY),
        ({"workdays": 5, "hours": 5}, MANY),
        ({"workdays": 5, "days": 5}, MANY),
        ({"workdays": -1}, NEGATIVE),
        ({"days": -1}, NEGATIVE),
        ({"hours": -1}, NEGATIVE),
        ({"workdays": 5, "extension": -1}, NEGATIVE),
    ],
    ids=str,
)
def test_a_limit_has_one_term_that_is_not_negative(terms: dict[str, int], fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        Limit("x", "x", **terms)
