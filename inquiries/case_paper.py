"""What the printed sheet (诉求办理单) adds to the page of a case."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts import Fact
from inquiries.case_page import CasePage
from inquiries.case_records import Told
from inquiries.case_timeline import REVEAL, act_name
from inquiries.models import Inquiry
from inquiries.stages import Act


@dataclass(frozen=True)
class Paper:
    """`course` has one line for each act up to now, oldest first."""

    person: str
    proposal: str
    course: tuple[str, ...]
    answer: str


def build(session: Session, inquiry: Inquiry, page: CasePage) -> Paper:
    """Texts of the boxes; an empty one is left for the pen."""
    acts = [step for step in reversed(page.steps) if step.name != act_name(REVEAL)]
    lines = [f"{step.at} {step.who} {step.name} {step.body}".strip() for step in acts]
    return Paper(_person(page), _proposal(session, inquiry), tuple(lines), _answer(page))


def _person(page: CasePage) -> str:
    personal = page.who.personal
    if personal is None:
        return "要求保密" if "要求保密" in page.chips else "已隐去"
    return "　".join(part for part in (personal.name, personal.phone, personal.address) if part)


def _proposal(session: Session, inquiry: Inquiry) -> str:
    """The latest dispatch in words: who is to handle it, and the dispatcher's note."""
    query = select(Fact.detail).where(Fact.subject == inquiry.subject, Fact.act == f"inquiry:{Act.DISPATCH}")
    last = session.scalar(query.order_by(Fact.seq.desc()).limit(1))
    if last is None:
        return ""
    detail = json.loads(last)
    note = detail.get("note", "")
    return f"请{detail['after']['unit']}办理并答复本人。{note}"


def _answer(page: CasePage) -> str:
    told = [reply for reply in page.replies if reply.final or reply.promise]
    return "\n".join(
        f"{reply.told}，{reply.way}，{reply.who}{_interim(reply)}：{reply.text}" for reply in told
    )


def _interim(reply: Told) -> str:
    return f"，{reply.kind}，{reply.promise}" if reply.promise else ""
