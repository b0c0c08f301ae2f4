"""What was done on a task, read from its facts: newest first, in the words of the county."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts import Fact
from duties.fact_words import WORDS
from duties.models import DutyTask, Evidence, Progress
from duties.stages import Act
from duties.terms import terms_of
from escalation.notice_words import rung_text
from escalation.ruler_scene import day_words
from sla import SHANGHAI, local_date

NOTICE = "notice:issue"
ICONS = {
    f"duty:{Act.PROGRESS}": "pencil",
    f"duty:{Act.EVIDENCE}": "paperclip",
    f"duty:{Act.LINK}": "link",
    f"duty:{Act.STRIKE}": "trash",
    f"duty:{Act.REQUEST}": "send",
    f"duty:{Act.SIGN_OFF}": "circle-check",
    f"duty:{Act.SEND_BACK}": "arrow-back-up",
    f"duty:{Act.RELEASE}": "ban",
    "duty:rectify": "gavel",
}
MARKED = {f"duty:{Act.REQUEST}", f"duty:{Act.SIGN_OFF}"}
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


def act_words(act: str) -> str:
    """填报进展 for duty:progress; the plain key for an act of a later release."""
    return WORDS.acts.get(act, act).removeprefix("台账")


def timeline(session: Session, task: DutyTask, *, at: datetime) -> tuple[Step, ...]:
    """Everything that happened to the task, notices of its clocks included."""
    clocks = {term.clock.subject: term.clock for term in terms_of(session, [task.id])[task.id]}
    told = Fact.subject.in_(clocks) & (Fact.act == NOTICE)
    query = select(Fact).where((Fact.subject == task.subject) | told).order_by(Fact.seq)
    progress = iter(_progress(session, task))
    proofs = {row.id: row for row in session.scalars(select(Evidence).where(Evidence.task_id == task.id))}
    steps = []
    for fact in session.scalars(query):
        detail = json.loads(fact.detail)
        if fact.act == NOTICE:
            steps.append(_notice(fact, detail["after"], clocks[fact.subject], at))
        else:
            steps.append(_step(fact, _body(fact, detail, progress, proofs), at))
    return tuple(reversed(steps))


def _progress(session: Session, task: DutyTask) -> list[str]:
    query = select(Progress.text).where(Progress.task_id == task.id).order_by(Progress.id)
    return list(session.scalars(query))


def _body(fact: Fact, detail: Detail, progress: Any, proofs: dict[int, Evidence]) -> str:
    after, note = detail.get("after") or {}, str(detail.get("note") or "")
    proof = proofs.get(after.get("evidence", 0))
    if fact.act == f"duty:{Act.PROGRESS}":
        return next(progress, "")
    if fact.act == "duty:rectify":
        day = day_words(date.fromisoformat(after["due_on"]))
        return f"{day}前整改：{note}"
    return "；".join(part for part in (proof.what if proof else "", note) if part)


def _step(fact: Fact, body: str, at: datetime) -> Step:
    icon, cls = ICONS.get(fact.act, "file-text"), "is-mark" if fact.act in MARKED else ""
    return Step(icon, act_words(fact.act), fact.by_name, moment_words(fact.at, at), body, cls)


def _notice(fact: Fact, after: Detail, clock: Any, at: datetime) -> Step:
    name = rung_text(clock, after["rung"]).name
    told = f"已送达{len(after['to'])}人" if after["to"] else "已由更高一级通知代替，未另行发送"
    soft = after["rung"] == "remind"
    cls = "is-rung is-info" if soft else "is-rung"
    icon = "bell" if soft else "alert-triangle"
    return Step(icon, f"{name}通知", "系统", moment_words(fact.at, at), told, cls)


def moment_words(moment: datetime, at: datetime) -> str:
    """今天 10:20, 9月30日 10:20, or with the year when it is another one."""
    local, today = moment.astimezone(SHANGHAI), local_date(at)
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{day_words(local.date())} {local:%H:%M}"
