"""/duties/consultations: the register of public consultations, from the draft to the outcome notice."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from core.clock import now
from core.people import Actor, Unit
from core.people_forms import ChineseForm
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from duties import consultation_page, consultations
from duties.consultations import LEAST, Draft, Notice, may_change
from duties.fields import (
    LARGEST_ID,
    Day,
    beside,
    is_link,
    line_field,
    link_field,
    text_field,
    unit_choices,
)
from duties.record_models import Consultation
from duties.stages import OFFICE, NotYours
from duties.visibility import find_consultation
from duties.words import Refused
from escalation.rules import calendar
from sla import local_date

ONE = f"/duties/consultations/<int(max={LARGEST_ID}):consultation_id>"
OUTCOME_WORKDAYS = (
    20  # 《政府信息公开条例》: what is to be public is published within 20 working days; a proposal only
)
COUNT = NumberRange(0, 1_000_000, "应在0至1000000之间")


def _check_channels(_form: ChineseForm, field: TextAreaField) -> None:
    lines = [line.split() for line in (field.data or "").splitlines() if line.strip()]
    if any(not is_link(line[-1]) for line in lines):
        raise ValidationError("每行写“渠道 链接”，链接以 http:// 或 https:// 开头")


class DraftForm(ChineseForm):
    unit = SelectField("决策承办单位", [InputRequired("请选择单位")], choices=[])
    title = line_field("名称", DataRequired("请填写决策草案名称"), most=100)
    published_on = Day("公布日期", [InputRequired("请填写公布日期")])
    closes_on = Day(
        "截止日期", [InputRequired("请填写提意见的截止日期")], description="一般不少于30日，公布当日不算"
    )
    short_reason = text_field("缩短期限的理由", most=500, description="不足30日时必填，并应随公告一并公布")
    channels = text_field("公布渠道和链接", "请至少写一个公布渠道和链接", description="每行一个：渠道 链接")
    outcome_due_on = Day("采纳情况公布期限", [InputRequired("请填写准备哪天前公布采纳情况")])

    def validate_channels(self, field: TextAreaField) -> None:
        _check_channels(self, field)

    def draft(self) -> Draft:
        """What a valid form says."""
        said = {name: getattr(self, name).data for name in Draft.__dataclass_fields__}
        return Draft(**said | {"short_reason": self.short_reason.data or ""})


class OutcomeForm(ChineseForm):
    opinions = IntegerField("收到意见", [InputRequired("请填写收到的条数，没有填0"), COUNT])
    adopted = IntegerField("采纳", [InputRequired("请填写采纳的条数，没有填0"), COUNT])
    text = text_field("采纳情况", "请写明采纳和不采纳的情况及理由")
    link = link_field("公告链接", DataRequired("请填写采纳情况公告的链接"))
    published_on = Day("公布日期", [InputRequired("请填写公布日期")])


class WithdrawForm(ChineseForm):
    reason = line_field("撤回理由", DataRequired("请填写撤回理由"))


ACTS: dict[str, type[ChineseForm]] = {"outcome": OutcomeForm, "withdraw": WithdrawForm}


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/duties/consultations", "consultations", listing)
    bp.add_url_rule("/duties/consultations/new", "new_consultation", new)
    bp.add_url_rule("/duties/consultations/new", "enter_consultation", enter, methods=["POST"])
    bp.add_url_rule(ONE, "consultation", show_one)
    bp.add_url_rule(f"{ONE}/<name>", "act_on_consultation", act, methods=["POST"])


def _id(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID):
        abort(404)
    return int(text)


@staff(Permit.DUTIES)
def listing() -> Response:
    with db().reading() as session:
        page = consultation_page.listing(session, me(), before=_id("before"), at=now())
    return show("duties/consultations.html", found=page)


def _offer(session: Session, form: DraftForm, person: Actor) -> None:
    units = session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)).all()
    allowed = [unit for unit in units if may_change(person, unit.id)]
    form.unit.choices = unit_choices(allowed, "请选择单位" if person.has(*OFFICE) else "")


@staff(Permit.DUTIES)
def new() -> Response:
    at = now()
    today = local_date(at)
    closes_on = today + LEAST
    due_on = calendar().add_workdays(closes_on, OUTCOME_WORKDAYS)
    form = DraftForm(published_on=today, closes_on=closes_on, outcome_due_on=due_on)
    return _form_page(form)


def _form_page(form: DraftForm, status: int = HTTPStatus.OK) -> Response:
    with db().reading() as session:
        _offer(session, form, me())
    if not form.unit.choices:
        abort(404)
    return show("duties/consultation_new.html", status=status, form=form)


@staff(Permit.DUTIES)
def enter() -> Response:
    form, at = DraftForm(request.form), now()
    with db().reading() as session:
        _offer(session, form, me())
    if not form.validate():
        return _form_page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            unit = session.get_one(Unit, int(form.unit.data))
            row = consultations.enter(session, unit, form.draft(), by=me(), at=at)
    except Refused as refusal:
        beside(form, refusal)
        return _form_page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash("已登记征求意见")
    return see_other("duties.consultation", consultation_id=row.id)


def _found(session: Session, consultation_id: int) -> Consultation:
    """The consultation for this person, else 404."""
    return find_consultation(session, consultation_id, me()) or abort(404)


@staff(Permit.DUTIES)
def show_one(consultation_id: int) -> Response:
    return _one(consultation_id, {})


def _one(consultation_id: int, sent: dict[str, ChineseForm], status: int = HTTPStatus.OK) -> Response:
    at = now()
    with db().reading() as session:
        row = _found(session, consultation_id)
        page = consultation_page.one(session, row, me(), at=at)
    forms = {name: sent.get(name) or made() for name, made in ACTS.items()}
    return show("duties/consultation.html", status=status, it=page, forms=forms)


@staff(Permit.DUTIES)
def act(consultation_id: int, name: str) -> Response:
    at = now()
    form = ACTS[name](request.form) if name in ACTS else abort(404)
    with db().reading() as session:
        _found(session, consultation_id)
    if not form.validate():
        return _one(consultation_id, {name: form}, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            row = _found(session, consultation_id)
            VERBS[name](session, row, form, me(), at)
    except NotYours:
        abort(404)
    except Refused as refusal:
        beside(form, refusal)
        return _one(consultation_id, {name: form}, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash("已公布采纳情况" if name == "outcome" else "已撤回")
    return see_other("duties.consultation", consultation_id=consultation_id)


def _outcome(session: Session, row: Consultation, form: Any, by: Actor, at: datetime) -> None:
    notice = Notice(
        form.opinions.data, form.adopted.data, form.text.data, form.link.data, form.published_on.data
    )
    consultations.publish_outcome(session, row, notice, by=by, at=at)


def _withdraw(session: Session, row: Consultation, form: Any, by: Actor, at: datetime) -> None:
    consultations.withdraw(session, row, form.reason.data, by=by, at=at)


VERBS: dict[str, Callable[[Session, Consultation, Any, Actor, datetime], None]] = {
    "outcome": _outcome,
    "withdraw": _withdraw,
}
