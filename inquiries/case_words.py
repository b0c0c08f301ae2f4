"""Words about a case for lists, pages and papers: moments, light, and the person who asked."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from core.db import vault_of
from core.people import Actor
from core.permits import FRONT, Permit, may
from escalation.models import Clock, Move, Outcome
from escalation.ruler import LightWords, day_words, light_words
from escalation.rules import due_of, reading_of
from escalation.standing import running_light
from inquiries.models import Inquiry
from inquiries.requesters import Personal, opened
from sla import SHANGHAI, Limit, local_date


def moment_words(moment: datetime, at: datetime) -> str:
    """今天 10:20, 9月30日 10:20, or with the year when it is another one."""
    local, today = moment.astimezone(SHANGHAI), local_date(at)
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{day_words(local.date())} {local:%H:%M}"


def full_moment(moment: datetime) -> str:
    """2026年9月30日 10:20, for heads and papers."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{day_words(local.date())} {local:%H:%M}"


def promise_words(on: date) -> str:
    """What an interim answer promises: a day so near that it needs no year."""
    return f"承诺{day_words(on)}前答复结果"


def wish_words(move: Move, *, amount: int, ground: str, limit: Limit) -> str:
    """What was asked for a limit; `limit` is the one wished for, or the one to be extended or paused."""
    if move is Move.EXTENSION:
        return f"延长{amount}{'个工作日' if limit.workdays else '日'}"
    return f"暂停计时：{ground}" if move is Move.PAUSE else f"变更为“{limit.name}”"


def light_of(inquiry: Inquiry, at: datetime) -> LightWords:
    """How the case stands: a light while its clock runs, afterwards how it ended and when."""
    clock = inquiry.clock
    if clock is None:
        return LightWords("done", inquiry.stage.label, day_words(local_date(inquiry.received_at)))
    if clock.stopped_at is None:
        return running_light(clock, at)
    return _stopped(clock, clock.stopped_at)


def _stopped(clock: Clock, stopped_at: datetime) -> LightWords:
    told = light_words(reading_of(clock, stopped_at), due_of(clock), stopped_at, answered=True)
    day = day_words(local_date(stopped_at))
    if clock.outcome is Outcome.REFUSED:
        return LightWords("done", told.w, f"{day}告知不予受理")
    if clock.outcome is Outcome.ANSWERED:
        return told
    return LightWords("done", clock.outcome.label if clock.outcome else "已结束", day)


def masked_person(session: Session, inquiry: Inquiry, person: Actor) -> Personal | None:
    """The requester for a list; None for those who may not read who asked, or where identity is kept."""
    if not may(person, Permit.REVEAL) or (inquiry.confidential and not person.has(*FRONT)):
        return None
    return opened(vault_of(session), inquiry.requester).masked()
