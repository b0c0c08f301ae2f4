"""What the citizens' pages say, and what they may not need to know."""

import pytest

from inquiries.stages import Act, Stage
from inquiries.words import Kind
from portal.forms import KINDS
from portal.progress import STATES, STEPS

INSIDE = {Act.REQUEST_RETURN, Act.GRANT_RETURN, Act.REFUSE_RETURN}


def test_every_stage_has_plain_words() -> None:
    assert set(STATES) == set(Stage)


def test_every_kind_can_be_written() -> None:
    assert set(KINDS) == set(Kind)


def test_every_act_that_concerns_the_citizen_is_a_step() -> None:
    assert set(STEPS) == {"register"} | {act.value for act in set(Act) - INSIDE}


@pytest.mark.parametrize("words", [*STATES.values(), *(name for name, _icon in STEPS.values())])
def test_no_slang_of_the_office(words: str) -> None:
    assert not any(slang in words for slang in ("签收", "退单", "交办", "督办", "工单", "销号"))
