"""The one visibility query of tasks: behind every list, count, page, export and attachment."""

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, joinedload

from core.people import Actor, Role
from duties.models import DutyLead, DutyTask
from duties.record_models import Consultation

SEES_ALL = (Role.SUPERVISOR, Role.WATCH)


def tasks_visible_to(person: Actor) -> ColumnElement[bool]:
    """The supervising and the watch office see all; a unit its own rows and those of the entries it leads."""
    if person.has(*SEES_ALL):
        return true()
    led = select(DutyLead.duty_id).where(DutyLead.unit_id == person.unit_id)
    return or_(DutyTask.unit_id == person.unit_id, DutyTask.duty_id.in_(led))


def find_task(session: Session, task_id: int, person: Actor) -> DutyTask | None:
    """The task with what a page needs, or None when it does not exist for this person."""
    query = select(DutyTask).where(DutyTask.id == task_id, tasks_visible_to(person))
    loads = (joinedload(DutyTask.duty), joinedload(DutyTask.unit), joinedload(DutyTask.clock))
    return session.scalar(query.options(*loads))


def consultations_visible_to(person: Actor) -> ColumnElement[bool]:
    """A unit sees its own; the offices that see all tasks see all consultations."""
    return true() if person.has(*SEES_ALL) else Consultation.unit_id == person.unit_id


def find_consultation(session: Session, consultation_id: int, person: Actor) -> Consultation | None:
    """The consultation, or None when it does not exist for this person."""
    query = select(Consultation).where(Consultation.id == consultation_id, consultations_visible_to(person))
    return session.scalar(query)
