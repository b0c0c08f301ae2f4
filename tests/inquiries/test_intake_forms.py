"""The parts of the intake form that need no page: titles, numbers, keys, cleaned text."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from wtforms import ValidationError

from inquiries.intake_forms import check_phone, paragraphs, proposed_title, valid_key


def refused(phone: str) -> str:
    field: Any = SimpleNamespace(data=phone)
    with pytest.raises(ValidationError) as caught:
        check_phone(field, field)
    return str(caught.value)


@pytest.mark.parametrize(
    ("matter", "title"),
    [
        ("路灯坏了。请修。", "路灯坏了"),
        ("路灯坏了\n请修", "路灯坏了"),
        ("", ""),
        ("字" * 60, "字" * 39 + "…"),
    ],
)
def test_the_title_is_the_first_sentence(matter: str, title: str) -> None:
    assert proposed_title(matter) == title


@pytest.mark.parametrize(
    "phone", ["", "138 0000 1234", "+86 13800001234", "023-55128888", "１３８００００１２３４"]
)
def test_a_number_is_read_however_it_is_written(phone: str) -> None:
    field: Any = SimpleNamespace(data=phone)
    check_phone(field, field)


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("1380000", "手机号要11位，还差4位"),
        ("138000012345", "手机号要11位，多了1位"),
        ("5512", "固定电话请连区号写全，例如023-55128888"),
        ("一三八", "号码里只能有数字"),
        ("---", "号码里只能有数字"),
        ("١٢٣٤٥٦٧", "号码里只能有数字"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(phone: str, words: str) -> None:
    assert refused(phone) == words


def test_control_characters_do_not_reach_the_database() -> None:
    assert paragraphs("第一行\r\n第二\0行\x07\t末\r") == "第一行\n第二行 末"


@pytest.mark.parametrize("made_up", [None, "", "1", "x" * 36, "../../etc"])
def test_a_made_up_key_is_replaced(made_up: str | None) -> None:
    assert uuid.UUID(valid_key(made_up)) and valid_key(made_up) != made_up
