"""Due days as a calendar feed (RFC 5545) under a private address: number, unit, day and link, nothing else."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor, Person, Unit
from core.permits import Permit, may
from escalation.board import clocks_of
from escalation.calendar_models import CalendarFeed
from escalation.models import Clock

if TYPE_CHECKING:
    from icalendar import Event

MOST = 2000  # events; the nearest due days come first
REFRESH = timedelta(hours=1)


def renew(session: Session, *, by: Actor, at: datetime) -> str:
    """A new token for the person; the old one is dead from the commit on."""
    token = secrets.token_urlsafe(32)
    session.merge(CalendarFeed(person_id=by.id, token_hash=_hash(token), made_at=at))
    facts.record(session, facts.Entry("calendar:feed", f"person:{by.id}", by, at))
    return token


def made_at(session: Session, person: Actor) -> datetime | None:
    """When the person's present address was made."""
    return session.scalar(select(CalendarFeed.made_at).where(CalendarFeed.person_id == person.id))


def holder(session: Session, token: str) -> Actor | None:
    """Whose address this is, while the person is active and may read the calendar."""
    query = select(Person).join(CalendarFeed, CalendarFeed.person_id == Person.id)
    person = session.scalar(query.where(CalendarFeed.token_hash == _hash(token), Person.active))
    return person.actor if person and may(person.actor, Permit.CALENDAR_READ) else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def feed(session: Session, person: Actor, *, site: str, at: datetime) -> bytes:
    """Open due days that the person may see; `site` is the address that links begin with."""
    query = select(Clock, Unit.short_name).join(Unit, Unit.id == Clock.unit_id)
    query = query.where(Clock.stopped_at.is_(None), clocks_of(person)).order_by(Clock.due_at, Clock.id)
    from icalendar import Calendar  # takes 0.2 s to load, and few ask for a feed

    made = Calendar()
    made.add("prodid", "-//Huiyin//Due days//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "回音到期日")
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for clock, unit in session.execute(query.limit(MOST)):
        made.add_component(_event(clock, unit, site, at))
    return bytes(made.to_ical())


def _event(clock: Clock, unit: str, site: str, at: datetime) -> "Event":
    """An all-day event; a moved deadline is the same event with a higher sequence."""
    from icalendar import Event

    event = Event()
    number = clock.link.rsplit("/", 1)[-1]
    event.add("uid", f"clock-{clock.id}@huiyin")
    event.add("dtstamp", at)
    event.add("dtstart", clock.due_on)
    event.add("dtend", clock.due_on + timedelta(days=1))
    event.add("sequence", clock.rev)
    doubt = "（计时暂停）" if clock.paused_since else "（暂定）" if clock.provisional else ""
    event.add("summary", f"{number} {unit} 应答复{doubt}")
    event.add("url", site + clock.link)
    event.add("transp", "TRANSPARENT")
    return event
