"""What the case list prints: rows, tabs and the words of the count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor, Unit, UnitKind
from escalation.ruler import LightWords
from inquiries.case_words import light_of, masked_person, moment_words
from inquiries.lists import channels
from inquiries.models import Inquiry
from inquiries.queries import COUNT_CAP, Cursor, Filters, Listing
from inquiries.requesters import Personal
from inquiries.words import Urgency

UnitChoices = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Row:
    """One case of the list. `person` is None for those who may not read who asked."""

    number: str
    title: str
    channel: str
    kind: str
    stage: str
    urgency: str
    unit: str
    received: str
    light: LightWords
    person: Personal | None
    confidential: bool
    urge: int | None  # the running clock that may be urged


@dataclass(frozen=True)
class CaseList:
    rows: tuple[Row, ...]
    before: Cursor | None
    after: Cursor | None
    total: str


def build(
    session: Session, person: Actor, filters: Filters, *, at: datetime, cursor: Cursor | None
) -> CaseList:
    """One page with its total; a total over the cap is said as 1000+."""
    listing = Listing(session, person, filters, at=at)
    found, number = listing.page(cursor), listing.count()
    total = f"{COUNT_CAP}+" if number > COUNT_CAP else str(number)
    rows = tuple(_row(session, inquiry, person, at) for inquiry in found.rows)
    return CaseList(rows, found.before, found.after, total)


def _row(session: Session, inquiry: Inquiry, person: Actor, at: datetime) -> Row:
    return Row(
        number=inquiry.number,
        title=inquiry.title,
        channel=channels()[inquiry.channel].short,
        kind=inquiry.kind.label,
        stage=inquiry.stage.label,
        urgency="" if inquiry.urgency is Urgency.NORMAL else inquiry.urgency.label,
        unit=inquiry.lead_unit.short_name if inquiry.lead_unit else "",
        received=moment_words(inquiry.received_at, at),
        light=light_of(inquiry, at),
        person=masked_person(session, inquiry, person),
        confidential=inquiry.confidential,
        urge=inquiry.clock.id if inquiry.clock and inquiry.clock.stopped_at is None else None,
    )


def unit_choices(session: Session, *, without: int | None = None, first: Sequence[str] = ()) -> UnitChoices:
    """Active units by kind; `first` holds the codes of proposed units, a group of their own."""
    found = session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)).all()
    units = [unit for unit in found if unit.id != without]
    groups = {"建议": [(str(unit.id), unit.name) for unit in units if unit.code in first]}
    for kind in UnitKind:
        groups[kind.label] = [
            (str(unit.id), unit.name) for unit in units if unit.kind is kind and unit.code not in first
        ]
    return {word: choices for word, choices in groups.items() if choices}
