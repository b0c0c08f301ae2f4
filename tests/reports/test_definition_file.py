"""data/scores.toml: read strictly, in force by its dates, kept word for word."""

from datetime import date
from fractions import Fraction

import pytest

from escalation.board import FEWEST
from reports.definition_file import SCORES_FILE, DefinitionError, definitions_at, load
from reports.definitions import of_plain, plain
from sla import limits

TEXT = SCORES_FILE.read_text("utf-8")
FIRST = "valid_from = 2004-01-01"


def test_the_shipped_weights_make_100() -> None:
    assert sum(one.weight for one in definitions_at(date(2026, 9, 30)).indicators) == 100


def test_the_fewest_cases_are_those_of_the_desk() -> None:
    assert definitions_at(date(2026, 9, 30)).fewest == FEWEST == 5


def test_no_purpose_is_counted_twice() -> None:
    indicators = definitions_at(date(2026, 9, 30)).indicators
    for key in limits().keys:
        assert sum(key.startswith(one.purposes) for one in indicators) <= 1


def test_a_wording_survives_being_kept() -> None:
    definitions = definitions_at(date(2026, 9, 30))
    assert of_plain(plain(definitions)) == definitions


def test_a_later_wording_holds_from_its_day() -> None:
    both = TEXT.replace(FIRST, f"{FIRST}\nvalid_to = 2026-12-31", 1)
    both += TEXT.replace(FIRST, "valid_from = 2027-01-01").replace("points = -5", "points = -2.5")
    first, second = load(both)
    assert (first.valid_to, second.valid_from) == (date(2026, 12, 31), date(2027, 1, 1))
    assert second.papers[2].points == Fraction(-5, 2)


def test_before_the_first_wording_the_first_is_used() -> None:
    assert definitions_at(date(2001, 1, 1)) == definitions_at(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("weight = 40", "weight = 41", "之和应为100"),
        ("weight = 40", "weight = 0", "weight 应为1到100"),
        ("weight = 40", "weight = true", "weight 应为1到100"),
        ('key = "opinion"', 'key = "inquiry"', "key 不能重复"),
        ('key = "opinion"', "colour = 1", "不认识的项 colour"),
        ('purposes = ["duty."]', "purposes = []", "purposes 应为"),
        ('purposes = ["duty."]', 'purposes = [""]', "purposes 应为"),
        ("points = -5", 'points = "-5"', "points 应为"),
        ("points = -5", "points = nan", "points 应为"),
        ("performance_share = 4", "performance_share = 3", "performance_share 应为4到100"),
        (FIRST, "valid_from = 2004-01-01T00:00:00", "valid_from 应为日期"),
        (FIRST, f"{FIRST}\nvalid_to = 2003-12-31", "valid_to 早于"),
        ('formula = "本期发出的督办单，每份扣1分"', 'formula = " "', "formula 应填写文字"),
        ("[[sheet.paper]]", "[[paper]]", "不认识的项 paper"),
    ],
)
def test_a_fault_is_named(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(DefinitionError, match=words):
        load(TEXT.replace(old, new))


def test_two_wordings_may_not_overlap() -> None:
    with pytest.raises(DefinitionError, match="有效期重叠"):
        load(TEXT + TEXT.replace(FIRST, "valid_from = 2027-01-01"))


@pytest.mark.parametrize("text", ["", "x = ", "sheet = 1", "[sheet]\nname = 'x'"])
def test_a_file_without_a_sheet_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        load(text)
