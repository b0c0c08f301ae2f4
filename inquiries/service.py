"""The acts on an inquiry: check, change, write one fact. The caller commits.

Only an answer, a told refusal, a merge and a withdrawal stop the clock; nothing else here moves it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor, Role, Unit
from escalation import clocks
from escalation.models import Clock, Outcome
from inquiries.intake import RULE, owner_unit, text_mac
from inquiries.models import Inquiry, Reply, ReturnRequest
from inquiries.stages import ENDED, Act, NotYours, Stage, may_act, step
from inquiries.words import DeclineGround, ReplyKind, ReturnGround, Way
from sla import local_date

FURTHEST_PROMISE = timedelta(days=60)  # natural days: as long as the longest limit there is


class Refused(ValueError):
    """The act is not possible so; says why in Chinese. `field` is the form field to show it beside."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Told:
    """What the citizen was told, how and when. `late_reason` is needed when it is entered on a later day."""

    text: str
    way: Way
    told_at: datetime
    late_reason: str = ""


def dispatch(
    session: Session, inquiry: Inquiry, *, unit: Unit, note: str = "", by: Actor, at: datetime
) -> None:
    """交办. A report never goes to the unit it accuses."""
    stage = _allowed(inquiry, Act.DISPATCH, by)
    if unit.id == inquiry.accused_unit_id:
        raise Refused("不能转交被反映的单位办理，请另选承办单位", "unit")
    if not unit.active:
        raise Refused(f"{unit.name}已停用，请另选承办单位", "unit")
    before = {"stage": inquiry.stage, "unit_id": inquiry.lead_unit_id}
    inquiry.stage, inquiry.lead_unit_id, inquiry.handler_id = stage, unit.id, None
    clocks.hand_over(session, inquiry.subject, RULE, unit_id=unit.id, at=at)
    _record(session, inquiry, Act.DISPATCH, by, at, before=before, after={"unit": unit.name}, note=note)


def sign(session: Session, inquiry: Inquiry, *, by: Actor, at: datetime) -> None:
    """签收 by the unit; whoever signs becomes the handler."""
    before = {"stage": inquiry.stage}
    inquiry.stage, inquiry.handler_id = _allowed(inquiry, Act.SIGN, by), by.id
    _record(session, inquiry, Act.SIGN, by, at, before=before)


def reply(session: Session, inquiry: Inquiry, told: Told, *, by: Actor, at: datetime) -> None:
    """答复 to the citizen: stops the clock at the moment the citizen was told."""
    stage = _allowed(inquiry, Act.REPLY, by)
    _check_told(inquiry, told, by=by, at=at)
    clock = clocks.running(session, inquiry.subject, RULE)
    if inquiry.lead_unit_id is None:
        inquiry.lead_unit_id = by.unit_id
    _answer(session, inquiry, stage, told, clock=clock, by=by, at=at)


def enter_past_reply(
    session: Session, inquiry: Inquiry, told: Told, *, unit_id: int, by: Actor, at: datetime
) -> None:
    """An answer that `unit_id` gave in another system, from that system's sheet.

    No role and no same-day rule: those guard what people enter by hand. Only imports call it, with the case's
    clock loaded. Raises IllegalMove, NotRunning.
    """
    stage, clock = step(inquiry.stage, Act.REPLY), inquiry.clock
    if clock is None:
        raise clocks.NotRunning(inquiry.subject)
    _check_moment(inquiry, told, at=at)
    inquiry.lead_unit_id = unit_id
    clocks.give(session, clock, unit_id=unit_id, at=at)
    _answer(session, inquiry, stage, told, clock=clock, by=by, at=at)


def _answer(
    session: Session, inquiry: Inquiry, stage: Stage, told: Told, *, clock: Clock, by: Actor, at: datetime
) -> None:
    before = {"stage": inquiry.stage}
    inquiry.stage = stage
    _keep_reply(session, inquiry, ReplyKind.FINAL, told, by=by, at=at)
    clocks.halt(session, clock, outcome=Outcome.ANSWERED, stopped_at=told.told_at, by=by, at=at)
    after = {"way": told.way, "told_at": told.told_at, "text_mac": text_mac(session, told.text)}
    _record(session, inquiry, Act.REPLY, by, at, before=before, after=after, note=told.late_reason)


def interim(
    session: Session, inquiry: Inquiry, told: Told, *, promised_on: date, by: Actor, at: datetime
) -> None:
    """阶段性答复: what is known so far, and the day of the result. It neither stops nor moves the clock."""
    stage = _allowed(inquiry, Act.INTERIM, by)
    _check_told(inquiry, told, by=by, at=at)
    clock, told_on = clocks.running(session, inquiry.subject, RULE), local_date(told.told_at)
    if told.told_at > clock.due_at and not clock.paused_since:
        raise Refused("已过时限，不能作阶段性答复，请直接答复", "told_at")
    if not told_on < promised_on <= told_on + FURTHEST_PROMISE:
        raise Refused(f"承诺日期应在告知次日至{FURTHEST_PROMISE.days}日内", "promised_on")
    inquiry.stage = stage
    _keep_reply(session, inquiry, ReplyKind.INTERIM, told, by=by, at=at).promised_on = promised_on
    after = {"way": told.way, "told_at": told.told_at, "text_mac": text_mac(session, told.text)}
    after |= {"promised_on": promised_on}
    before = {"stage": stage}
    _record(session, inquiry, Act.INTERIM, by, at, before=before, after=after, note=told.late_reason)


def log_attempt(session: Session, inquiry: Inquiry, told: Told, *, by: Actor, at: datetime) -> None:
    """A try to reach the citizen that failed: recorded, does not stop the clock."""
    stage = _allowed(inquiry, Act.ATTEMPT, by)
    _check_told(inquiry, told, by=by, at=at)
    inquiry.stage = stage
    _keep_reply(session, inquiry, ReplyKind.ATTEMPT, told, by=by, at=at)
    after = {"way": told.way, "told_at": told.told_at}
    _record(session, inquiry, Act.ATTEMPT, by, at, before={"stage": stage}, after=after)


def request_return(
    session: Session, inquiry: Inquiry, *, ground: ReturnGround, reason: str, by: Actor, at: datetime
) -> None:
    """申请退单. After a refused return the same unit may not ask again (指定后不得退回)."""
    stage = _allowed(inquiry, Act.REQUEST_RETURN, by)
    if _return_was_refused(session, inquiry):
        raise Refused("派单单位已裁定由本单位办理，不能再次申请退单", "ground")
    before = {"stage": inquiry.stage}
    inquiry.stage = stage
    ask = ReturnRequest(inquiry_id=inquiry.id, unit_id=inquiry.lead_unit_id, asked_by_id=by.id, asked_at=at)
    ask.ground, ask.reason = ground, reason
    session.add(ask)
    _record(session, inquiry, Act.REQUEST_RETURN, by, at, before=before, after={"ground": ground})


def rule_on_return(
    session: Session, inquiry: Inquiry, *, granted: bool, ruling: str, by: Actor, at: datetime
) -> None:
    """The dispatching office decides: granted, it is dispatched anew; refused, it stays with the unit."""
    act = Act.GRANT_RETURN if granted else Act.REFUSE_RETURN
    stage = _allowed(inquiry, act, by)
    open_asks = select(ReturnRequest).where(
        ReturnRequest.inquiry_id == inquiry.id, ReturnRequest.granted.is_(None)
    )
    ask = session.scalars(open_asks).one()
    ask.granted, ask.ruling, ask.ruled_by_id, ask.ruled_at = granted, ruling, by.id, at
    before = {"stage": inquiry.stage, "unit_id": inquiry.lead_unit_id}
    inquiry.stage = stage
    if granted:
        inquiry.lead_unit_id = inquiry.handler_id = None
        holder = by.unit_id or owner_unit(session, inquiry.channel).id
        clocks.hand_over(session, inquiry.subject, RULE, unit_id=holder, at=at)
    elif inquiry.handler_id is None:
        inquiry.handler_id = ask.asked_by_id
    _record(session, inquiry, act, by, at, before=before)


def decline(
    session: Session, inquiry: Inquiry, told: Told, *, ground: DeclineGround, by: Actor, at: datetime
) -> None:
    """不予受理 with a listed ground; it stops the clock only because the person was told."""
    stage = _allowed(inquiry, Act.DECLINE, by)
    _check_told(inquiry, told, by=by, at=at)
    before = {"stage": inquiry.stage}
    inquiry.stage, inquiry.decline_ground = stage, ground
    _keep_reply(session, inquiry, ReplyKind.REFUSAL, told, by=by, at=at)
    clocks.stop(
        session, inquiry.subject, RULE, outcome=Outcome.REFUSED, stopped_at=told.told_at, by=by, at=at
    )
    after = {"ground": ground, "way": told.way, "told_at": told.told_at}
    _record(session, inquiry, Act.DECLINE, by, at, before=before, after=after, note=told.late_reason)


def merge(session: Session, inquiry: Inquiry, *, target: Inquiry | None, by: Actor, at: datetime) -> None:
    """合并 into the case that was received first, so that merging never gains time."""
    stage = _allowed(inquiry, Act.MERGE, by)
    if target is None or target.id == inquiry.id:
        raise Refused("没有找到要并入的诉求，请核对编号", "target")
    if target.stage in {Stage.MERGED, Stage.WITHDRAWN}:
        raise Refused(f"{target.number}{target.stage.label}，不能再并入", "target")
    if target.received_at > inquiry.received_at:
        raise Refused("时限以先收到的为准：请将后收到的并入先收到的", "target")
    before = {"stage": inquiry.stage}
    inquiry.stage, inquiry.merged_into_id = stage, target.id
    clocks.stop(session, inquiry.subject, RULE, outcome=Outcome.MERGED, stopped_at=at, by=by, at=at)
    _record(session, inquiry, Act.MERGE, by, at, before=before, after={"into": target.number})


def withdraw(session: Session, inquiry: Inquiry, *, reason: str, by: Actor, at: datetime) -> None:
    """撤回 at the citizen's own wish."""
    stage = _allowed(inquiry, Act.WITHDRAW, by)
    before = {"stage": inquiry.stage}
    inquiry.stage = stage
    clocks.stop(session, inquiry.subject, RULE, outcome=Outcome.WITHDRAWN, stopped_at=at, by=by, at=at)
    _record(session, inquiry, Act.WITHDRAW, by, at, before=before, note=reason)


def reveal(session: Session, inquiry: Inquiry, *, reason: str, by: Actor, at: datetime) -> None:
    """Record that a person read the requester's data in clear. Raises NotYours for a hidden person."""
    if not may_reveal(inquiry, by):
        raise NotYours("诉求人要求保密，承办单位不能查看")
    facts.record(session, facts.Entry("inquiry:reveal", inquiry.subject, by, at, note=reason))


def may_reveal(inquiry: Inquiry, person: Actor) -> bool:
    """The front offices always; the unit that holds the case only if identity need not be hidden from it."""
    if person.has(Role.OPERATOR, Role.DISPATCHER, Role.SUPERVISOR):
        return True
    return person.unit_id == inquiry.lead_unit_id and not inquiry.confidential and inquiry.stage not in ENDED


def _allowed(inquiry: Inquiry, act: Act, by: Actor) -> Stage:
    stage = step(inquiry.stage, act)
    if not may_act(by, act, lead_unit_id=inquiry.lead_unit_id):
        raise NotYours(f"您不能对此件{act.label}")
    return stage


def _check_told(inquiry: Inquiry, told: Told, *, by: Actor, at: datetime) -> None:
    """An earlier day only by the supervising office, with its reason."""
    _check_moment(inquiry, told, at=at)
    if local_date(told.told_at) < local_date(at):
        if not by.has(Role.SUPERVISOR):
            raise Refused("只能当日录入当日的答复；补录以前的答复请联系督办员", "told_at")
        if not told.late_reason:
            raise Refused("补录以前的答复须写明理由和凭据", "late_reason")


def _check_moment(inquiry: Inquiry, told: Told, *, at: datetime) -> None:
    """Not before the contact, not in the future."""
    if told.told_at > at:
        raise Refused("告知时间不能晚于现在", "told_at")
    if told.told_at < inquiry.received_at:
        raise Refused("告知时间不能早于收到时间", "told_at")


def _keep_reply(
    session: Session, inquiry: Inquiry, kind: ReplyKind, told: Told, *, by: Actor, at: datetime
) -> Reply:
    kept = Reply(
        inquiry_id=inquiry.id, kind=kind, way=told.way, told_at=told.told_at, recorded_at=at, text=told.text
    )
    kept.person_id, kept.person_name, kept.unit_id = by.id, by.name, by.unit_id
    session.add(kept)
    return kept


def _return_was_refused(session: Session, inquiry: Inquiry) -> bool:
    asks = select(ReturnRequest.id).where(
        ReturnRequest.inquiry_id == inquiry.id,
        ReturnRequest.unit_id == inquiry.lead_unit_id,
        ReturnRequest.granted.is_(False),
    )
    return session.scalar(asks.limit(1)) is not None


def _record(
    session: Session,
    inquiry: Inquiry,
    act: Act,
    by: Actor,
    at: datetime,
    *,
    before: dict[str, Any],
    after: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    changed = {"stage": inquiry.stage} | (after or {})
    entry = facts.Entry(f"inquiry:{act}", inquiry.subject, by, at, before=before, after=changed, note=note)
    facts.record(session, entry)
