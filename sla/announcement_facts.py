"""What an announcement of days off says, once it has been read: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Untrusted(ValueError):
    """The text contradicts itself, the calendar or the law, or cannot be read; `reasons` are Chinese."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(dict.fromkeys(reasons))
        super().__init__("；".join(self.reasons))


class Kind(StrEnum):
    """A year's arrangement, a change of one holiday, or a holiday made longer."""

    YEARLY = "yearly"
    AMENDMENT = "amendment"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Item:
    """One festival. `name` joins two that share a holiday ("国庆节、中秋节").

    `until` is the last day of an extended holiday, whose first day the text does not say, and `longer_by` the
    number of days it claims to add; `resumed` are days that the text calls ordinary working days again.
    """

    name: str
    off: tuple[date, ...]
    work: tuple[date, ...]
    text: str
    until: date | None = None
    longer_by: int | None = None
    resumed: tuple[date, ...] = ()
    cancelled_work: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """All days the text names. `cancelled_work` are make-up days of an earlier text that this one takes back.

    `title` and `number` are empty where the text does not show them.
    """

    year: int
    kind: Kind
    title: str
    number: str
    items: tuple[Item, ...]
    off: tuple[date, ...]
    work: tuple[date, ...]
    cancelled_work: tuple[date, ...]
    warnings: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """What a day of this announcement rests on."""
        title = self.title or f"{self.year}年放假安排的通知（录入的文字没有标题）"
        return f"{title}（{self.number}）" if self.number else title


@dataclass(slots=True)
class Findings:
    """What is wrong (`faults`) and what is only odd (`warnings`), gathered while reading."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def in_chinese(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


WEEKDAYS = "一二三四五六日"
