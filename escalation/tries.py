"""The tries of one copy, kept as lines in its row: when, in which message, and the answer once there is one.

A line without an answer is a sender that died; so a claim writes the beginning of a line, and a mark its end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

BY_HAND = "人工重发"


@dataclass(frozen=True)
class Try:
    """One try; `words` is "" when no answer was ever written down, `batch` "" when a person only asked for one."""

    at: datetime
    batch: str
    words: str


def begun(at: datetime, batch: str) -> str:
    """The beginning of a line, at the claim."""
    return f"\n{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {batch}"


def ended(words: str) -> str:
    """The end of it, at the mark; `words` are one line."""
    return f" {words}"


def by_hand(at: datetime) -> str:
    """A line of its own: a person sent it again."""
    return begun(at, "-") + ended(BY_HAND)


def read(text: str) -> list[Try]:
    """The tries in order."""
    found = [line.split(" ", 2) for line in text.split("\n") if line]
    return [Try(datetime.fromisoformat(at), batch.strip("-"), "".join(words)) for at, batch, *words in found]
