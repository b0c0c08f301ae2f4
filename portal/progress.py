"""What a citizen reads by the query code: who works on it, by which day, why that day, and the answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.facts import Fact
from core.masking import mask_name, mask_phone, normal_phone
from core.people import Unit
from core.throttle import Allowance
from escalation.deadlines import open_pause
from escalation.models import Clock
from escalation.ruler import Ruler, due_words
from escalation.rules import due_of
from escalation.standing import ruler_of, running_light
from inquiries.case_words import full_moment, promise_words
from inquiries.intake import find_by_code
from inquiries.models import Inquiry, Reply, Requester
from inquiries.requesters import opened
from inquiries.stages import Stage
from inquiries.words import ReplyKind

GUESSES = Allowance("query", 20, timedelta(hours=1))
ANSWERS = (ReplyKind.FINAL, ReplyKind.INSTANT, ReplyKind.REFUSAL)
MERGES = 20
"""A case merges only into an earlier one, so chains end; this many links are more than anybody makes."""

STATES = {
    Stage.REGISTERED: "已收到，正在确定由哪个单位办理",
    Stage.DISPATCHED: "已交{unit}办理",
    Stage.HANDLING: "{unit}正在办理",
    Stage.RETURN_REQUESTED: "正在核定由哪个单位办理",
    Stage.REPLIED: "{unit}已答复",
    Stage.INSTANT: "已当场答复",
    Stage.DECLINED: "不予受理，原因已告知",
    Stage.MERGED: "已合并办理",
    Stage.WITHDRAWN: "已按您的意愿撤回",
}


@dataclass(frozen=True)
class Step:
    name: str
    at: str
    icon: str


@dataclass(frozen=True)
class Interim:
    """An answer on the way, with the day that it promises."""

    at: str
    text: str
    promise: str


@dataclass(frozen=True)
class Progress:
    """`merged`: the state is that of the case this one was merged into; `due`, `late` and `paused`, the ground
    on which the clock stands still, have meaning while the limit is `running`. No name and no number of a person.
    """

    number: str
    title: str
    state: str
    merged: bool
    running: bool
    due: str
    late: bool
    paused: str
    ruler: Ruler | None
    answer: str
    answered: str
    interims: tuple[Interim, ...]
    steps: tuple[Step, ...]


def progress_of(session: Session, code: str, at: datetime) -> Progress | None:
    """What the code opens, or None."""
    own = find_by_code(session, code)
    if own is None:
        return None
    case = _end_of_merges(session, own)
    reply = _answer(session, case)
    unit = session.get(Unit, case.lead_unit_id) if case.lead_unit_id else None
    clock = session.get(Clock, case.clock_id) if case.clock_id else None
    running = clock if clock and clock.stopped_at is None else None
    pause = open_pause(session, running) if running else None
    return Progress(
        number=own.number,
        title=_without_person(session, own, own.title),
        state=STATES[case.stage].format(unit=unit.name if unit else "承办单位"),
        merged=case is not own,
        running=running is not None,
        due=due_words(due_of(running)) if running else "",
        late=running is not None and running_light(running, at).c == "red",
        paused=pause.ground if pause else "",
        ruler=ruler_of(session, clock, at) if clock else None,
        answer=_without_person(session, case, reply.text) if reply else "",
        answered=full_moment(reply.told_at) if reply else "",
        interims=tuple(_interims(session, case)),
        steps=tuple(_steps(session, own)),
    )


def _end_of_merges(session: Session, case: Inquiry) -> Inquiry:
    for _ in range(MERGES):
        if case.merged_into_id is None:
            return case
        case = session.get_one(Inquiry, case.merged_into_id)
    return case


def _answer(session: Session, case: Inquiry) -> Reply | None:
    answers = select(Reply).where(Reply.inquiry_id == case.id, Reply.kind.in_(ANSWERS))
    return session.scalar(answers.order_by(Reply.id.desc()).limit(1))


def _interims(session: Session, case: Inquiry) -> Iterator[Interim]:
    """Newest first."""
    query = select(Reply).where(Reply.inquiry_id == case.id, Reply.promised_on.is_not(None))
    for reply in session.scalars(query.order_by(Reply.id.desc())):
        promise = promise_words(reply.promised_on) if reply.promised_on else ""
        yield Interim(full_moment(reply.told_at), _without_person(session, case, reply.text), promise)


def _without_person(session: Session, case: Inquiry, text: str) -> str:
    """Titles and answers may repeat who asked; the holder of a code must not read it."""
    person = opened(vault_of(session), session.get_one(Requester, case.requester_id))
    if len(person.name) > 1:
        text = text.replace(person.name, mask_name(person.name))
    digits = normal_phone(person.phone)
    return text.replace(digits, mask_phone(digits)) if digits else text


def _steps(session: Session, case: Inquiry) -> Iterator[Step]:
    """The way so far, newest first; a clock or a reminder is none of the citizen's business."""
    query = select(Fact).where(Fact.subject == case.subject, Fact.act.startswith("inquiry:"))
    for fact in session.scalars(query.order_by(Fact.seq.desc())):
        verb = fact.act.removeprefix("inquiry:")
        if verb in STEPS:
            name, icon = STEPS[verb]
            unit = json.loads(fact.detail).get("after", {}).get("unit", "")
            moment = case.received_at if verb == "register" else fact.at
            yield Step(name.format(unit=unit), full_moment(moment), icon)


STEPS = {
    "register": ("收到您的来信", "mail"),
    "dispatch": ("交{unit}办理", "arrow-forward-up"),
    "sign": ("承办单位已接收", "check"),
    "attempt": ("工作人员联系过您，没有联系上", "phone"),
    "reply": ("已答复", "message-check"),
    "interim": ("告知您办理进展和答复结果的日期", "message"),
    "decline": ("不予受理，已告知", "message-check"),
    "merge": ("与同一件事的先前来件合并办理", "arrow-forward-up"),
    "withdraw": ("已撤回", "check"),
}
