"""The timeline of a case, read from its facts: newest first, in the words of the county."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts import Fact
from core.labels import Labelled
from escalation.models import Move
from escalation.ruler import day_words
from escalation.rules import limit_for
from inquiries.case_words import moment_words, promise_words, wish_words
from inquiries.fact_words import WORDS
from inquiries.intake import RULE
from inquiries.limit_acts import FACTS
from inquiries.models import Inquiry
from inquiries.stages import Act
from inquiries.words import DeclineGround, ReturnGround, Way
from sla import local_date

SILENT = {"clock:start", "clock:stop"}  # the ruler says them better
REGISTER, REVEAL, NOTICE = "inquiry:register", "inquiry:reveal", "notice:issue"
ICONS = {
    REGISTER: "phone-incoming",
    REVEAL: "eye",
    Act.DISPATCH: "arrow-forward-up",
    Act.SIGN: "check",
    Act.REPLY: "message-check",
    Act.INTERIM: "message",
    Act.ATTEMPT: "phone-outgoing",
    Act.REQUEST_RETURN: "arrow-back-up",
    Act.GRANT_RETURN: "circle-check",
    Act.REFUSE_RETURN: "x",
    Act.DECLINE: "ban",
    Act.MERGE: "copy",
    Act.WITHDRAW: "arrow-back-up",
    "clock:ask": "hourglass",
    "clock:grant": "circle-check",
    "clock:refuse": "x",
    "clock:resume": "player-play",
    "clock:extension": "calendar-event",
    "clock:limit": "calendar-event",
    "clock:move": "calendar-event",
}
MARKED = {REGISTER, f"inquiry:{Act.REPLY}", f"inquiry:{Act.DECLINE}"}
Detail = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One act of the timeline as the macro prints it."""

    icon: str
    name: str
    who: str
    at: str
    body: str
    cls: str = ""


def timeline(session: Session, inquiry: Inquiry, *, at: datetime) -> tuple[Step, ...]:
    """Everything that happened to the case."""
    query = select(Fact).where(Fact.subject == inquiry.subject, Fact.act.not_in(SILENT))
    return tuple(_step(fact, inquiry, at) for fact in session.scalars(query.order_by(Fact.seq.desc())))


def last_act(session: Session, inquiry: Inquiry) -> Fact | None:
    """The latest act of a person on the case; looking at personal data is none."""
    acts = {f"inquiry:{act}" for act in Act}.union(*FACTS.values())
    query = select(Fact).where(Fact.subject == inquiry.subject, Fact.act.in_(acts))
    return session.scalar(query.order_by(Fact.seq.desc()).limit(1))


def act_name(act: str) -> str:
    """交办 for inquiry:dispatch; the plain key for an act of a later release."""
    return WORDS.acts.get(act, act)


def _step(fact: Fact, inquiry: Inquiry, at: datetime) -> Step:
    detail = json.loads(fact.detail)
    when = moment_words(fact.at, at)
    if fact.act == NOTICE:
        return _notice_step(detail["after"], inquiry, when)
    key = fact.act if fact.act in ICONS else fact.act.removeprefix("inquiry:")
    say = BODIES.get(fact.act)
    parts = [say(detail.get("after") or {}, inquiry, at) if say else "", detail.get("note", "")]
    body = "；".join(part for part in parts if part)
    cls = "is-mark" if fact.act in MARKED else ""
    return Step(ICONS.get(key, "file-text"), act_name(fact.act), fact.by_name, when, body, cls)


def _notice_step(after: Detail, inquiry: Inquiry, when: str) -> Step:
    limit = limit_for(RULE, inquiry.received_at)
    name = next((rung.name for rung in limit.ladder if rung.key == after["rung"]), str(after["rung"]))
    told = f"已送达{len(after['to'])}人" if after["to"] else "已由更高一级通知代替，未另行发送"
    soft = after["rung"] == "remind"
    cls = "is-rung is-info" if soft else "is-rung"
    return Step("bell" if soft else "alert-triangle", f"{name}通知", "系统", when, told, cls)


def _registered(_after: Detail, inquiry: Inquiry, at: datetime) -> str:
    wish = "，同意隐去个人信息后公开" if inquiry.consent else ""
    return f"{moment_words(inquiry.received_at, at)}收到{wish}"


def _dispatched(after: Detail, _inquiry: Inquiry, _at: datetime) -> str:
    return f"主办单位 {after['unit']}" if "unit" in after else ""


def _told(after: Detail, _inquiry: Inquiry, at: datetime) -> str:
    told_at = moment_words(datetime.fromisoformat(after["told_at"]), at)
    return f"{_label(Way, after['way'])}，{told_at}"


def _interim(after: Detail, inquiry: Inquiry, at: datetime) -> str:
    promised = promise_words(date.fromisoformat(after["promised_on"]))
    return f"{_told(after, inquiry, at)}；{promised}，计时照常"


def _declined(after: Detail, inquiry: Inquiry, at: datetime) -> str:
    return f"{_label(DeclineGround, after['ground'])}；{_told(after, inquiry, at)}告知"


def _asked_back(after: Detail, _inquiry: Inquiry, _at: datetime) -> str:
    return _label(ReturnGround, after["ground"])


def _merged(after: Detail, _inquiry: Inquiry, _at: datetime) -> str:
    return f"并入 {after['into']}"


def _asked_limit(after: Detail, inquiry: Inquiry, _at: datetime) -> str:
    limit = limit_for(after["rule"], inquiry.received_at)
    return wish_words(Move(after["move"]), amount=after["amount"], ground=after["ground"], limit=limit)


def _ruled_limit(after: Detail, _inquiry: Inquiry, _at: datetime) -> str:
    return _label(Move, after["move"])


def _new_due(after: Detail, _inquiry: Inquiry, _at: datetime) -> str:
    """A due moment is 24:00 of its day."""
    last = datetime.fromisoformat(after["due_at"]) - timedelta(microseconds=1)
    return f"到期日为{day_words(local_date(last))}"


def _label(members: type[Labelled], value: str) -> str:
    """The word of a stored value; one that left the list is shown as it is."""
    return next((one.label for one in members if one == value), value)


BODIES: dict[str, Callable[[Detail, Inquiry, datetime], str]] = {
    REGISTER: _registered,
    f"inquiry:{Act.DISPATCH}": _dispatched,
    f"inquiry:{Act.REPLY}": _told,
    f"inquiry:{Act.INTERIM}": _interim,
    f"inquiry:{Act.ATTEMPT}": _told,
    f"inquiry:{Act.DECLINE}": _declined,
    f"inquiry:{Act.REQUEST_RETURN}": _asked_back,
    f"inquiry:{Act.MERGE}": _merged,
    "clock:ask": _asked_limit,
    "clock:grant": _ruled_limit,
    "clock:refuse": _ruled_limit,
    **dict.fromkeys(["clock:extension", "clock:limit", "clock:resume", "clock:move"], _new_due),
}
