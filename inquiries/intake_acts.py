"""The endings of the intake form, each in one transaction; a form sent twice is one case."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import drafts
from core.people import Actor
from inquiries import intake, service
from inquiries.intake_forms import EXTRA, IntakeForm
from inquiries.models import Inquiry
from inquiries.words import Way
from sla import SHANGHAI

T = TypeVar("T")
DRAFT = "intake"
CLASHES = 3


def retried(work: Callable[[], T]) -> T:
    """Do a whole transaction again after a clash of unique keys.

    On PostgreSQL two simultaneous posts of one form, the first two numbers of a day and two savings of
    one draft meet at a unique key; the second run finds what the first has written.
    """
    for _ in range(CLASHES):
        try:
            return work()
        except IntegrityError:
            continue
    return work()


def case_key(form: IntakeForm, by: Actor) -> str:
    """What makes this page's submission one case; another person's page can never name it."""
    return f"intake/{by.id}/{form.client_key.data}"


def take_down(session: Session, form: IntakeForm, *, instant: bool, by: Actor, at: datetime) -> Inquiry:
    """当场答复, or register, start the clock and dispatch to the chosen unit. Raises service.Refused."""
    key = case_key(form, by)
    earlier = intake.existing(session, key)
    if earlier is not None:
        return earlier
    taken = form.intake(key)
    _refuse_known_number(session, taken)
    drafts.drop(session, DRAFT, by=by)
    if instant:
        text, way = form.answer.data or "", Way(form.way.data)
        return intake.answer_at_once(session, taken, text=text, way=way, by=by, at=at)
    inquiry = intake.receive(session, taken, by=by, at=at)
    unit = form.find_unit(form.unit)
    if unit is not None:
        service.dispatch(session, inquiry, unit=unit, by=by, at=at)
    session.flush()  # gives the case its clock
    return inquiry


def _refuse_known_number(session: Session, taken: intake.Intake) -> None:
    if not taken.outer_no:
        return
    same = select(Inquiry.number).where(
        Inquiry.outer_source == taken.outer_source, Inquiry.outer_no == taken.outer_no
    )
    known = session.scalar(same)
    if known is not None:
        raise service.Refused(f"这个编号已登记为{known}", f"{EXTRA}outer_no")


def keep_draft(
    session: Session, form: IntakeForm, values: dict[str, str], *, by: Actor, at: datetime
) -> None:
    """暂存 what stands in the form, with the moment at which the page was first written in.

    A saving that arrives after its form was submitted is dropped: a finished case must not come back.
    """
    if intake.existing(session, case_key(form, by)) is not None:
        return
    kept = form.typed(values) | {"channel": form.channel.key, "client_key": form.client_key.data or ""}
    kept["received_at"] = kept.get("received_at") or _begun(session, form, by=by) or _local(at)
    drafts.keep(session, DRAFT, kept, by=by, at=at)


def with_begin(session: Session, form_values: dict[str, str], *, by: Actor) -> dict[str, str]:
    """A page left open over midnight with an empty time still counts from when it was first written in."""
    draft = drafts.load(session, DRAFT, by=by)
    same = draft.get("client_key") == form_values.get("client_key")
    begun = form_values.get("received_at") or (draft.get("received_at", "") if same else "")
    return form_values | {"received_at": begun}


def _begun(session: Session, form: IntakeForm, *, by: Actor) -> str:
    draft = drafts.load(session, DRAFT, by=by)
    return draft.get("received_at", "") if draft.get("client_key") == form.client_key.data else ""


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
