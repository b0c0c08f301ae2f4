"""What the case page and the printed sheet show of one case; a template computes nothing."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.people import Actor
from core.permits import FRONT, Permit, may
from escalation.models import Clock, Outcome
from escalation.papers import PapersOf, papers_of
from escalation.ruler import LightWords, Ruler, due_words
from escalation.rules import due_of, limit_for
from escalation.standing import ruler_of
from inquiries.act_forms import ActForm, RevealForm, act_form
from inquiries.case_limits import Limits, limits_of
from inquiries.case_list import unit_choices
from inquiries.case_records import (
    Related,
    Return,
    Rung,
    Told,
    merged_in,
    person_name,
    replies_of,
    returns_of,
    rungs_of,
    same_phone,
)
from inquiries.case_timeline import Step, timeline
from inquiries.case_words import full_moment, light_of
from inquiries.limit_acts import LimitAct
from inquiries.lists import categories, category_name, channels
from inquiries.models import Inquiry
from inquiries.requesters import Personal, opened
from inquiries.service import may_reveal
from inquiries.stages import ENDED, Act, Stage, acts_from
from inquiries.visibility import visible_to
from inquiries.words import Urgency

UNJUDGED = (Outcome.MERGED, Outcome.WITHDRAWN)  # no day of an answer to judge
MAIN_ACTS = (Act.SIGN, Act.REPLY, Act.GRANT_RETURN, Act.REFUSE_RETURN)


@dataclass(frozen=True)
class Who:
    """The requester's panel. `why_not` says why the data stay masked; `clear` is set once, after a reveal."""

    word: str
    personal: Personal | None
    clear: bool
    why_not: str
    form: RevealForm | None
    consent: str


@dataclass(frozen=True)
class ActPanel:
    """An act that is lawful now, with its form. `open`: the form was sent back and must be seen."""

    act: Act
    form: ActForm
    open: bool


@dataclass(frozen=True)
class CasePage:
    number: str
    version: int
    title: str
    matter: tuple[str, ...]
    light: LightWords
    stage: str
    ended: bool
    chips: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    unit: str
    handler: str
    received: str
    due: str
    provisional: bool
    ruler: Ruler | None
    clock_id: int | None
    limits: Limits | None
    halt: str
    replies: tuple[Told, ...]
    returns: tuple[Return, ...]
    steps: tuple[Step, ...]
    rungs: tuple[Rung, ...]
    who: Who
    main: tuple[ActPanel, ...]
    more: tuple[ActPanel, ...]
    same_phone: tuple[Related, ...] | None
    merged_in: tuple[Related, ...]
    merged_into: str
    papers: PapersOf

    def offers(self, act: Act | LimitAct | None) -> bool:
        """Whether the form of this act stands on the page."""
        acts: list[Act | LimitAct] = [panel.act for panel in (*self.main, *self.more)]
        acts += [panel.act for panel in self.limits.forms] if self.limits else []
        return act in acts


@dataclass(frozen=True)
class Sent:
    """A form that comes back to its page: a refused act, or a reveal with what it showed."""

    act: Act | LimitAct | None = None
    form: ActForm | None = None
    reveal: RevealForm | None = None
    shown: Personal | None = None


NOTHING_SENT = Sent()


def build(
    session: Session, inquiry: Inquiry, person: Actor, *, at: datetime, sent: Sent = NOTHING_SENT
) -> CasePage:
    """The whole page of one case that `find_visible` gave out."""
    panels = _panels(session, inquiry, person, at, sent)
    clock = inquiry.clock
    return CasePage(
        number=inquiry.number,
        version=inquiry.version,
        title=inquiry.title,
        matter=tuple(inquiry.matter.split("\n")),
        light=light_of(inquiry, at),
        stage=inquiry.stage.label,
        ended=inquiry.stage in ENDED,
        chips=_chips(inquiry),
        facts=_facts(inquiry),
        unit=inquiry.lead_unit.name if inquiry.lead_unit else "",
        handler=person_name(session, inquiry.handler_id),
        received=full_moment(inquiry.received_at),
        due=_due(clock) if clock else "当场答复，不计时限",
        provisional=bool(clock and clock.provisional),
        ruler=ruler_of(session, clock, at) if clock and clock.outcome not in UNJUDGED else None,
        clock_id=clock.id if clock else None,
        limits=limits_of(session, inquiry, person, at=at, act=sent.act, form=sent.form),
        halt=_halt(inquiry),
        replies=replies_of(session, inquiry, at),
        returns=returns_of(session, inquiry, at),
        steps=timeline(session, inquiry, at=at),
        rungs=rungs_of(session, clock) if clock else (),
        who=_who(session, inquiry, person, sent),
        main=tuple(panel for panel in panels if _is_main(panel.act, inquiry)),
        more=tuple(panel for panel in panels if not _is_main(panel.act, inquiry)),
        same_phone=same_phone(session, inquiry, person, at) if person.has(*FRONT) else None,
        merged_in=merged_in(session, inquiry, person, at),
        merged_into=_number(session, inquiry.merged_into_id, person),
        papers=papers_of(session, inquiry.subject, person),
    )


def _is_main(act: Act, inquiry: Inquiry) -> bool:
    """What the stage waits for stands open on the page; the rest is folded beside it."""
    if inquiry.stage is Stage.REGISTERED:
        return act is Act.DISPATCH
    return act in MAIN_ACTS


def _panels(
    session: Session, inquiry: Inquiry, person: Actor, at: datetime, sent: Sent
) -> tuple[ActPanel, ...]:
    acts = acts_from(inquiry.stage, person, lead_unit_id=inquiry.lead_unit_id)
    made = []
    for act in acts:
        back = sent.form if sent.act is act else None
        form = back or new_form(session, inquiry, act, person, at=at)
        made.append(ActPanel(act, form, open=back is not None))
    return tuple(made)


def new_form(
    session: Session, inquiry: Inquiry, act: Act, person: Actor, *, at: datetime, values: object = None
) -> ActForm:
    """The form of an act on this case; the accused unit is never offered, the usual one comes first."""
    units = {}
    if act is Act.DISPATCH:
        category = categories().get(inquiry.category)
        first = [category.unit] if category else []
        units = unit_choices(session, without=inquiry.accused_unit_id, first=first)
    return act_form(act, values, person=person, units=units, at=at)


def _chips(inquiry: Inquiry) -> tuple[str, ...]:
    words = [channels()[inquiry.channel].name, inquiry.kind.label]
    words += [inquiry.urgency.label] if inquiry.urgency is not Urgency.NORMAL else []
    words += ["要求保密"] if inquiry.confidential else []
    return tuple(words)


def _facts(inquiry: Inquiry) -> tuple[tuple[str, str], ...]:
    """What else was taken down, as (name, value) pairs."""
    found = [("分类", category_name(inquiry.category)), ("事发地", inquiry.place)]
    found.append(("外部编号", inquiry.outer_no or ""))
    extra = json.loads(inquiry.extra)
    names = {field.key: field.name for channel in channels().values() for field in channel.fields}
    said = {"1": "是", "y": "是", "on": "是", "True": "是", "0": "", "False": ""}
    found += [(names.get(key, key), said.get(str(value), str(value))) for key, value in extra.items()]
    if inquiry.decline_ground:
        found.append(("不予受理情形", inquiry.decline_ground.label))
    return tuple(dict((name, value) for name, value in found if value).items())


def _number(session: Session, inquiry_id: int | None, person: Actor) -> str:
    if inquiry_id is None:
        return ""
    found = select(Inquiry.number).where(Inquiry.id == inquiry_id, visible_to(person))
    return session.scalar(found) or ""


def _due(clock: Clock) -> str:
    return "计时暂停，恢复后顺延" if clock.paused_since else f"{due_words(due_of(clock))}前"


def _halt(inquiry: Inquiry) -> str:
    """What stands where there is no ruler."""
    clock = inquiry.clock
    if clock is None:
        return "当场答复，不计时限。"
    if clock.stopped_at and clock.outcome in UNJUDGED:
        when = f"{full_moment(clock.stopped_at)}{clock.outcome.label}"
        return f"{when}，不再计时；原定{due_words(due_of(clock))}到期。"
    limit = limit_for(clock.rule, clock.started_at)
    return f"时限：{limit.name}，{limit.days}日（自然日）。应答复：{_due(clock)}。"


def _who(session: Session, inquiry: Inquiry, person: Actor, sent: Sent) -> Who:
    word = channels()[inquiry.channel].person
    consent = "同意，隐去个人信息" if inquiry.consent else "不同意"
    front = person.has(*FRONT)
    if not may(person, Permit.REVEAL):
        return Who(word, None, False, "公开审核不需要来件人信息。", None, consent)
    if inquiry.confidential and not front:
        return Who(word, None, False, why_not(inquiry), None, consent)
    personal = sent.shown or opened(vault_of(session), inquiry.requester).masked()
    form = (sent.reveal or RevealForm()) if may_reveal(inquiry, person) and not sent.shown else None
    return Who(
        word, personal, sent.shown is not None, "" if form or sent.shown else why_not(inquiry), form, consent
    )


def why_not(inquiry: Inquiry) -> str:
    """Why a unit may not read who asked."""
    if inquiry.confidential:
        return "诉求人要求保密，承办单位不能查看。需要联系本人的，请交派单单位转达。"
    return "此件已结束，承办单位不再查看来件人信息。"


def clear_person(session: Session, inquiry: Inquiry) -> Personal:
    """The requester in clear; the caller has recorded the reveal."""
    return opened(vault_of(session), inquiry.requester)
