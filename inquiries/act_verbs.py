"""From a form that was checked to the one verb of the service."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.people import Actor, Unit
from inquiries import service
from inquiries.filter_form import member
from inquiries.models import Inquiry
from inquiries.stages import Act
from inquiries.visibility import find_visible
from inquiries.words import DeclineGround, ReturnGround, Way

Verb = Callable[[Session, Inquiry, Any, Actor, datetime], None]


def _told(form: Any, inquiry: Inquiry) -> service.Told:
    """A form knows minutes: a call answered in the minute in which it came was not answered before it."""
    told_at = form.told_at.data
    if told_at < inquiry.received_at < told_at + timedelta(minutes=1):
        told_at = inquiry.received_at
    late = form.late_reason.data if "late_reason" in form else ""
    return service.Told(form.text.data, _one(Way, form.way.data), told_at, late or "")


def _one(members: Any, value: Any) -> Any:
    """The member of a value that the form has checked."""
    return member(members, value)


def _dispatch(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    unit = session.get_one(Unit, int(form.unit.data))
    service.dispatch(session, inquiry, unit=unit, note=form.note.data or "", by=by, at=at)


def _sign(session: Session, inquiry: Inquiry, _form: Any, by: Actor, at: datetime) -> None:
    service.sign(session, inquiry, by=by, at=at)


def _reply(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    service.reply(session, inquiry, _told(form, inquiry), by=by, at=at)


def _interim(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    told, promised_on = _told(form, inquiry), form.promised_on.data
    service.interim(session, inquiry, told, promised_on=promised_on, by=by, at=at)


def _attempt(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    service.log_attempt(session, inquiry, _told(form, inquiry), by=by, at=at)


def _request_return(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    ground = _one(ReturnGround, form.ground.data)
    service.request_return(session, inquiry, ground=ground, reason=form.reason.data, by=by, at=at)


def _grant(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    service.rule_on_return(session, inquiry, granted=True, ruling=form.ruling.data, by=by, at=at)


def _refuse(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    service.rule_on_return(session, inquiry, granted=False, ruling=form.ruling.data, by=by, at=at)


def _decline(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    ground = _one(DeclineGround, form.ground.data)
    service.decline(session, inquiry, _told(form, inquiry), ground=ground, by=by, at=at)


def _merge(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    target = find_visible(session, form.target.data or "", by)
    service.merge(session, inquiry, target=target, by=by, at=at)


def _withdraw(session: Session, inquiry: Inquiry, form: Any, by: Actor, at: datetime) -> None:
    service.withdraw(session, inquiry, reason=form.reason.data, by=by, at=at)


VERBS: dict[Act, Verb] = {
    Act.DISPATCH: _dispatch,
    Act.SIGN: _sign,
    Act.REPLY: _reply,
    Act.INTERIM: _interim,
    Act.ATTEMPT: _attempt,
    Act.REQUEST_RETURN: _request_return,
    Act.GRANT_RETURN: _grant,
    Act.REFUSE_RETURN: _refuse,
    Act.DECLINE: _decline,
    Act.MERGE: _merge,
    Act.WITHDRAW: _withdraw,
}
