"""Enums that are saved by value and carry their Chinese word."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """`NAME = "value", "中文"`: the member is the value, `.label` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(value, word) pairs for a select or radio field."""
        return [(member.value, member.label) for member in cls]
