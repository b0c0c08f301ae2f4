"""The one visibility query of inquiries: behind every list, count, search, page, export and attachment."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session, joinedload

from core.people import Actor, Role
from core.permits import SEES_ALL, UNIT
from inquiries.models import Inquiry
from inquiries.stages import Stage


def visible_to(person: Actor) -> ColumnElement[bool]:
    """Front offices and the watch office see all, a unit what it holds, a reviewer what may be published."""
    if person.has(*SEES_ALL):
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    if person.has(*UNIT):
        ways.append(Inquiry.lead_unit_id == person.unit_id)
    if person.has(Role.REVIEWER):
        ways.append(and_(Inquiry.consent, Inquiry.stage.in_([Stage.REPLIED, Stage.INSTANT])))
    return or_(*ways)


def find_visible(session: Session, number: str, person: Actor) -> Inquiry | None:
    """The case with what a page needs, or None when it does not exist for this person."""
    query = select(Inquiry).where(Inquiry.number == number, visible_to(person))
    loads = (joinedload(Inquiry.requester), joinedload(Inquiry.lead_unit), joinedload(Inquiry.clock))
    return session.scalar(query.options(*loads))
