"""The panel 时限 of a case: both figures, requests with their rulings, and what this person may do about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor
from escalation.clocks import on_time, on_time_by_origin
from escalation.models import Clock, LimitRequest
from escalation.ruler import day_words, due_words
from escalation.rules import due_of, limit_for
from escalation.standing import original_due
from inquiries.act_forms import ActForm
from inquiries.case_records import person_name
from inquiries.case_words import moment_words, wish_words
from inquiries.limit_acts import LimitAct, acts_on, may_do
from inquiries.limit_forms import limit_form
from inquiries.models import Inquiry
from inquiries.stages import ENDED
from sla import Limit


@dataclass(frozen=True)
class Figure:
    """A due moment; `verdict` says, after the answer, whether it was in time by this figure."""

    name: str
    due: str
    verdict: str


@dataclass(frozen=True)
class Request:
    wish: str
    reason: str
    who: str
    asked: str
    granted: bool | None
    ruling: str
    ruled_by: str
    ruled: str


@dataclass(frozen=True)
class LimitPanel:
    """A form with its act, folded unless it must be seen."""

    act: LimitAct
    form: ActForm
    open: bool


@dataclass(frozen=True)
class Limits:
    """`term` is the limit in force; `word` says why something is not offered."""

    term: str
    figures: tuple[Figure, ...]
    pause: str
    requests: tuple[Request, ...]
    forms: tuple[LimitPanel, ...]
    word: str


def limits_of(
    session: Session, inquiry: Inquiry, person: Actor, *, at: datetime, act: object, form: ActForm | None
) -> Limits | None:
    """None where there is nothing to show or do. `act` and `form` were sent back."""
    clock = inquiry.clock
    if clock is None:
        return None
    limit, figures = limit_for(clock.rule, clock.started_at), _figures(clock)
    requests, acts = _requests(session, clock, at), acts_on(session, inquiry, person, at=at)
    if not (figures or requests or acts):
        return None
    return Limits(
        term=f"{limit.name}，{_term(limit, clock.extra_workdays)}",
        figures=figures,
        pause=f"{day_words(clock.paused_since)}起暂停计时，恢复后顺延" if clock.paused_since else "",
        requests=requests,
        forms=tuple(_panel(one, clock, form if one is act else None) for one in acts),
        word=_word(clock, limit, at) if _may_ask(inquiry, person) else "",
    )


def _figures(clock: Clock) -> tuple[Figure, ...]:
    """Both where they differ: what was approved never hides what was due at first."""
    if clock.origin_due_at == clock.due_at:
        return ()
    pairs = (
        ("原时限", original_due(clock), on_time_by_origin(clock)),
        ("暂停前时限" if clock.paused_since else "批准后时限", due_of(clock), on_time(clock)),
    )
    verdicts = {None: "", True: "按期", False: "超期"}
    return tuple(Figure(name, due_words(due), verdicts[in_time]) for name, due, in_time in pairs)


def _requests(session: Session, clock: Clock, at: datetime) -> tuple[Request, ...]:
    query = select(LimitRequest).where(LimitRequest.clock_id == clock.id).order_by(LimitRequest.id.desc())
    return tuple(
        Request(
            wish=wish_words(
                ask.move, amount=ask.workdays, ground=ask.ground, limit=limit_for(ask.rule, clock.started_at)
            ),
            reason=ask.reason,
            who=person_name(session, ask.asked_by_id),
            asked=moment_words(ask.asked_at, at),
            granted=ask.granted,
            ruling=ask.ruling,
            ruled_by=person_name(session, ask.ruled_by_id),
            ruled=moment_words(ask.ruled_at, at) if ask.ruled_at else "",
        )
        for ask in session.scalars(query)
    )


def _panel(act: LimitAct, clock: Clock, sent: ActForm | None) -> LimitPanel:
    return LimitPanel(act, sent or limit_form(act, None, clock), open=sent is not None)


def _may_ask(inquiry: Inquiry, person: Actor) -> bool:
    return inquiry.stage not in ENDED and may_do(person, LimitAct.ASK_LIMIT, inquiry)


def _word(clock: Clock, limit: Limit, at: datetime) -> str:
    late = at > clock.due_at and not clock.paused_since
    if not limit.extension and not limit.pause_grounds:
        instead = "请直接答复" if late else "可作阶段性答复"
        return f"{_term(limit, 0)}答复没有延长和暂停的依据，{instead}。"
    return "已过时限，不能再延长或暂停。" if late else ""


def _term(limit: Limit, extra: int) -> str:
    days, unit = (limit.workdays, "个工作日") if limit.workdays else (limit.days, "日（自然日）")
    return f"{days}{unit}，另延长{extra}{unit}" if extra else f"{days}{unit}"
