"""Beside the intake form: the due day before anything is saved, this number's cases, similar open ones."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Subquery, func, literal_column, select, text
from sqlalchemy.orm import Session, joinedload

from core.db import vault_of
from core.masking import normal_phone
from core.people import Actor
from escalation.ruler import LightWords, Ruler, build_ruler, day_words
from escalation.rules import calendar, limit_for
from inquiries import search
from inquiries.case_words import light_of
from inquiries.intake import RULE
from inquiries.intake_forms import IntakeForm, proposed_title
from inquiries.models import Inquiry, Requester
from inquiries.requesters import phone_index
from inquiries.stages import ENDED
from inquiries.visibility import visible_to
from sla import due_at, local_date

EARLIER = 8
SIMILAR = 5
CANDIDATES = 30
LOOK_BACK = 20_000
"""Similar cases are sought among this many newest ones: open cases are nearly always among them."""
FEWEST_WORDS = 3
MOST_WORDS = 24
ALIKE = 0.4
"""The share of the shorter title's words that the longer one must hold."""
SHORTEST_NUMBER = 7


@dataclass(frozen=True)
class Neighbour:
    """A case in a list beside the form."""

    link: str
    title: str
    unit: str
    day: str
    light: LightWords


@dataclass(frozen=True)
class Help:
    """The right side of the page. `title` is the proposal for an empty title; `then` is what F9 will do."""

    ruler: Ruler
    person: str
    title: str
    then: str
    earlier: tuple[Neighbour, ...]
    similar: tuple[Neighbour, ...]


def due_ruler(contact: datetime, at: datetime) -> Ruler:
    """The ruler of an answer that is owed for a contact at this moment."""
    cal, limit = calendar(), limit_for(RULE, contact)
    return build_ruler(contact, due_at(contact, limit, cal), limit, cal, at=at)


def help_for(session: Session, form: IntakeForm, *, by: Actor) -> Help:
    """All of it for what has been typed so far; nothing is stored."""
    ruler = due_ruler(form.contact(), form.at)
    phrase = form.title.data or proposed_title(form.matter.data or "")
    unit = form.find_unit(form.unit)
    who = unit.short_name if unit else "待派单"
    return Help(
        ruler=ruler,
        person=form.channel.person,
        title="" if form.title.data else phrase,
        then=f"{who}，{ruler.due_words}前答复",
        earlier=_earlier(session, form, by),
        similar=_similar(session, phrase, by, form.at),
    )


def _neighbour(inquiry: Inquiry, at: datetime) -> Neighbour:
    unit = inquiry.lead_unit.short_name if inquiry.lead_unit else inquiry.stage.label
    received = local_date(inquiry.received_at)
    year = "" if received.year == local_date(at).year else f"{received.year}年"
    link = f"/cases/{inquiry.number}"
    return Neighbour(link, inquiry.title, unit, year + day_words(received), light_of(inquiry, at))


def _shown() -> Select[Inquiry]:
    return select(Inquiry).options(joinedload(Inquiry.lead_unit), joinedload(Inquiry.clock))


def _earlier(session: Session, form: IntakeForm, by: Actor) -> tuple[Neighbour, ...]:
    phone = form.phone.data or ""
    if len(normal_phone(phone)) < SHORTEST_NUMBER:
        return ()
    same_number = Requester.phone_index == phone_index(vault_of(session), phone)
    query = _shown().join(Inquiry.requester).where(same_number, visible_to(by))
    found = session.scalars(query.order_by(Inquiry.received_at.desc()).limit(EARLIER))
    return tuple(_neighbour(inquiry, form.at) for inquiry in found)


def _pairs(words: str) -> list[str]:
    """The words that can tell two matters apart: pairs of characters, Latin words and numbers."""
    return list(dict.fromkeys(word for word in search.tokens(words) if len(word) > 1))[:MOST_WORDS]


def _similar(session: Session, phrase: str, by: Actor, at: datetime) -> tuple[Neighbour, ...]:
    words = _pairs(phrase)
    if len(words) < FEWEST_WORDS:
        return ()
    near = _near(session, words)
    query = _shown().join(near, near.c.id == Inquiry.id)
    query = query.where(visible_to(by), Inquiry.stage.not_in(ENDED)).order_by(near.c.far, Inquiry.id.desc())
    alike = [one for one in session.scalars(query.limit(CANDIDATES)) if _alike(words, one.title)]
    return tuple(_neighbour(inquiry, at) for inquiry in alike[:SIMILAR])


def _alike(words: list[str], title: str) -> bool:
    theirs = _pairs(title)
    shared = len(set(words) & set(theirs))
    return shared >= FEWEST_WORDS and shared >= ALIKE * min(len(words), len(theirs))


def _near(session: Session, words: list[str]) -> Subquery:
    """`id` of the cases that hold any of the words, the nearest with the smallest `far`."""
    newest = session.scalar(select(func.max(Inquiry.id))) or 0
    if session.get_bind().dialect.name == "sqlite":
        query = text(
            "SELECT rowid AS id, bm25(inquiry_words) AS far FROM inquiry_words"
            " WHERE inquiry_words MATCH :any AND rowid > :floor"
        ).bindparams(any=" OR ".join(f'"{word}"' for word in words), floor=newest - LOOK_BACK)
    else:
        query = text(
            "SELECT id, -ts_rank(words, to_tsquery('simple', :any)) AS far FROM inquiry_words"
            " WHERE words @@ to_tsquery('simple', :any) AND id > :floor"
        ).bindparams(any=" | ".join(f"'{word}'" for word in words), floor=newest - LOOK_BACK)
    return query.columns(literal_column("id"), literal_column("far")).subquery()
