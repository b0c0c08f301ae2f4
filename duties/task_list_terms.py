"""What each measure of a task list owes, proposed from its wording. A person confirms before anything is entered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from duties.kinds import DutyKind
from duties.task_list import Item, Row, Section, TaskList
from duties.task_list_rules import Finding, findings

NO_TERM = "文中没有次数、期限或周期"
"""Stands for the phrase where none decides: such a duty is proposed as continuous."""

LONGEST_TITLE = 60
_IN_BRACKETS = re.compile("（[^（）\n]*）|〔公开[^〕\n]*〕")


@dataclass(frozen=True)
class Proposal:
    """One duty as it could be entered. `phrase` holds the words of the list that say why it is of this kind.

    `workdays` runs for each case, `quota` counts within `period` (a year where empty), `term` are the words of the
    limit. `others` are further counts and terms of the same measure.
    """

    clause: str
    title: str
    text: str
    lead: tuple[str, ...]
    responsible: tuple[str, ...]
    kind: DutyKind
    quota: int | None
    due_on: date | None
    workdays: int | None
    phrase: str
    period: str = ""
    term: str = ""
    others: tuple[Finding, ...] = ()


def propose(task_list: TaskList) -> tuple[Proposal, ...]:
    """One for each measure, in the order of the list; clause 6.3.2 is section, row, item.

    A sentence before the numbered measures of a row is clause 6.2.0.
    """
    return tuple(
        _proposal(f"{section.number}.{row.number}.{item.number}", item.text, row, task_list.year)
        for section, row in _rows(task_list)
        for item in _items(row)
    )


def _rows(task_list: TaskList) -> Iterator[tuple[Section, Row]]:
    for section in task_list.sections:
        for row in section.rows:
            yield section, row


def _items(row: Row) -> tuple[Item, ...]:
    return (Item(0, row.intro), *row.items) if row.intro else row.items


def _proposal(clause: str, text: str, row: Row, year: int) -> Proposal:
    found = sorted(findings(text, year), key=_rank)
    first = found[0] if found else Finding(DutyKind.CONTINUOUS, NO_TERM)
    return Proposal(
        clause,
        title_of(text),
        text,
        row.lead,
        row.responsible,
        first.kind,
        first.quota,
        first.due_on,
        first.workdays,
        first.phrase,
        first.period,
        first.term,
        tuple(other for other in found[1:] if other.quota or other.period or other.term),
    )


def _rank(finding: Finding) -> int:
    """What a register can remind of comes first: a count, a day, a return, a term; then words without a number."""
    order = (
        finding.kind is DutyKind.QUOTA,
        finding.due_on is not None,
        finding.kind is DutyKind.PERIODIC,
        finding.workdays is not None,
        finding.kind is DutyKind.DATE,
        bool(finding.term),
    )
    return next((at for at, holds in enumerate(order) if holds), len(order))


def title_of(text: str) -> str:
    """The first sentence without what stands in brackets, cut at a comma where it is too long."""
    sentence = re.split("[。；;\n]", _IN_BRACKETS.sub("", text), maxsplit=1)[0].strip()
    if len(sentence) <= LONGEST_TITLE:
        return sentence
    short = sentence[: LONGEST_TITLE - 1]
    whole = short.rpartition("，")[0]
    return (whole if len(whole) >= LONGEST_TITLE // 2 else short) + "…"
