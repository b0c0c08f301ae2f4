"""What stands on a paper, in words: the one input of the Word file and of the printed page.

Kept with an issued paper as JSON, so that both show for ever what was signed.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from escalation.ruler import Segment, SimpleRuler

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """The clock that a paper is about. `due` names both days where the limit was moved."""

    label: str
    limit: str
    received: str
    due: str
    standing: str
    times: str


@dataclass(frozen=True)
class Case:
    """A line in the table of a circular."""

    label: str
    received: str
    due: str
    standing: str


@dataclass(frozen=True)
class Talk:
    """Of a 约谈通知书: who is summoned, when and where, by whom, with which papers."""

    object: str = ""
    time: str = ""
    place: str = ""
    talkers: str = ""
    materials: str = ""


@dataclass(frozen=True)
class PaperFacts:
    """Every text is final Chinese; an empty one leaves its place on the paper blank or out.

    `earlier` are the papers of the same matter that were served before, one line each; `ruler` is the count of
    a working-day limit with `ruler_note` under it. `reply_due` is the moment by which feedback is due.
    """

    kind: str
    red_head: str
    office: str
    number: str
    signer: str
    title: str
    to: str
    unit: str
    day: str
    contact: str
    reply_to: str
    copies: str = ""
    reply_due: str = ""
    grounds: str = ""
    matter: Matter | None = None
    ruler: SimpleRuler | None = None
    ruler_note: str = ""
    earlier: Lines = ()
    basis: Lines = ()
    body: Lines = ()
    requirements: Lines = ()
    cases: tuple[Case, ...] = ()
    statement: Lines = ()
    decision: Lines = ()
    talk: Talk = Talk()
    openness: str = ""


def to_json(facts: PaperFacts) -> str:
    """The kept form: keys in order, Chinese as it is."""
    return json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> PaperFacts:
    """The facts of an issued paper as they were signed."""
    values: dict[str, Any] = json.loads(text)
    for name in ("earlier", "basis", "body", "requirements", "statement", "decision"):
        values[name] = tuple(values[name])
    matter, ruler = values["matter"], values["ruler"]
    values["matter"] = Matter(**matter) if matter else None
    values["ruler"] = _ruler(ruler) if ruler else None
    values["cases"] = tuple(Case(**case) for case in values["cases"])
    values["talk"] = Talk(**values["talk"])
    return PaperFacts(**values)


def _ruler(values: dict[str, Any]) -> SimpleRuler:
    return SimpleRuler(tuple(Segment(**segment) for segment in values["segments"]), values["label"])
