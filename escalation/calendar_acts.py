"""Putting a proposal in force: once, on the calendar that was previewed; running clocks follow."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db import Database
from core.people import Actor
from escalation.calendar_forms import ChangeForm, ConfirmForm
from escalation.calendar_models import CalendarVersion
from escalation.calendars import Change, Overtaken, confirm, in_force
from escalation.recompute import recompute, waiting

AT_ONCE = 600  # two batches, well under a second; more clocks follow by the job


class Unfit(ValueError):
    """The form says itself what is wrong."""


class Repeated(Exception):
    """The very proposal that this person put in force a moment ago: a second click."""


def put_in_force(
    db: Database, form: ChangeForm, sure: ConfirmForm, *, by: Actor, at: datetime
) -> CalendarVersion:
    """The new version. Raises Overtaken, Repeated, Unfit, Untrusted, NotThere."""
    try:
        return _put_in_force(db, form, sure, by, at)
    except IntegrityError:  # somebody else took the same label first; now it can be seen
        return _put_in_force(db, form, sure, by, at)


def _put_in_force(
    db: Database, form: ChangeForm, sure: ConfirmForm, by: Actor, at: datetime
) -> CalendarVersion:
    change = _as_previewed(db, form, sure, by)
    with db.writing() as session:
        return confirm(
            session, change, base=sure.base.data or "", reason=sure.reason.data or "", by=by, at=at
        )


def _as_previewed(db: Database, form: ChangeForm, sure: ConfirmForm, by: Actor) -> Change:
    """The change, read outside the writing transaction: `confirm` asks again whether the base still holds."""
    with db.reading() as session:
        if in_force().version == sure.base.data:
            if not form.validate():
                raise Unfit
            return form.change(session)
        last = session.scalar(select(CalendarVersion).order_by(CalendarVersion.id.desc()).limit(1))
        if last and last.by_id == by.id and last.reason == sure.reason.data and form.made(last.entry):
            raise Repeated
        who = f"{last.by_name}更新为{last.label}" if last else "更新"
        raise Overtaken(f"日历刚刚由{who}，请按下面重新计算的影响再确认。")


def follow(db: Database, *, at: datetime) -> None:
    """Few clocks follow before the answer; many are left to the job, so that nobody waits."""
    with db.reading() as session:
        few = waiting(session) <= AT_ONCE
    if few:
        recompute(db, at=at)
