"""The words in which the audit page and a paper's own page tell what was done to it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import Words
from core.facts import Fact
from escalation.paper_kinds import Ground, PaperKind
from escalation.paper_models import Paper
from escalation.paper_stages import PaperAct, PaperStage
from escalation.ruler import day_words
from sla import SHANGHAI, local_date

DRAFT = "paper:draft"
WORDS = Words(
    acts={f"paper:{act}": f"文书{act.label}" for act in PaperAct} | {DRAFT: "起草文书"},
    parts={
        "changed": "修改项",
        "clock": "计时编号",
        "notice": "通知编号",
        "number": "文号",
        "round": "第几轮",
        "sha256": "文件指纹",
        "stage": "环节",
        "text_mac": "内容指纹",
        "unit": "单位",
    },
    values={
        "kind": {kind.value: kind.label for kind in PaperKind},
        "stage": {stage.value: stage.label for stage in PaperStage},
        "ground": {ground.value: ground.label for ground in Ground},
    },
)
ICONS = {
    DRAFT: "file-text",
    f"paper:{PaperAct.EDIT}": "pencil",
    f"paper:{PaperAct.ASK_STATEMENT}": "message-2-question",
    f"paper:{PaperAct.STATE}": "message",
    f"paper:{PaperAct.NO_STATEMENT}": "hourglass",
    f"paper:{PaperAct.APPROVE}": "circle-check",
    f"paper:{PaperAct.ISSUE}": "writing-sign",
    f"paper:{PaperAct.DROP}": "trash",
    f"paper:{PaperAct.SIGN}": "check",
    f"paper:{PaperAct.FEED_BACK}": "message-check",
    f"paper:{PaperAct.SEND_BACK}": "arrow-back-up",
    f"paper:{PaperAct.RECORD_TALK}": "users",
    f"paper:{PaperAct.LIFT}": "checks",
}
INSIDE = {DRAFT} | {
    f"paper:{act}" for act in (PaperAct.EDIT, PaperAct.APPROVE, PaperAct.NO_STATEMENT, PaperAct.DROP)
}
"""Acts of the office among itself: the addressee does not read them."""


@dataclass(frozen=True)
class Step:
    """One act of the history as the macro prints it."""

    icon: str
    name: str
    who: str
    at: str
    body: str
    cls: str = ""


def history(session: Session, paper: Paper, *, office: bool) -> tuple[Step, ...]:
    """What was done to the paper, newest first; the office's own steps for the office only."""
    query = select(Fact).where(Fact.subject == paper.subject, Fact.act.like("paper:%"))
    found = session.scalars(query.order_by(Fact.seq.desc()))
    return tuple(_step(fact) for fact in found if office or fact.act not in INSIDE)


def last_act(session: Session, paper: Paper) -> Fact | None:
    """The latest act on the paper."""
    query = select(Fact).where(Fact.subject == paper.subject, Fact.act.like("paper:%"))
    return session.scalar(query.order_by(Fact.seq.desc()).limit(1))


def act_name(act: str) -> str:
    """签收 for paper:sign."""
    return next((one.label for one in PaperAct if act == f"paper:{one}"), "起草")


def _step(fact: Fact) -> Step:
    detail = json.loads(fact.detail)
    number = detail.get("after", {}).get("number", "")
    body = "；".join(part for part in (number, detail.get("note", "")) if part)
    marked = fact.act in {f"paper:{PaperAct.ISSUE}", f"paper:{PaperAct.FEED_BACK}"}
    icon = ICONS.get(fact.act, "notes")
    return Step(icon, act_name(fact.act), fact.by_name, moment(fact.at), body, "is-mark" if marked else "")


def moment(at: datetime) -> str:
    """2026年9月30日 15:05."""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{day_words(local_date(at))} {local:%H:%M}"
