"""GET /duties/phones: the register of published phones with its spot checks; POST enters one check."""

from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, abort, flash, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from core.clock import now
from core.fields import Moment, options
from core.people import Unit
from core.people_forms import ChineseForm
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from duties import ledger, phone_page, phones
from duties.fields import Day, beside, text_field, unit_choices
from duties.phones import Call, Quarter
from duties.words import Refused

ANSWERED = {"yes": "接通", "no": "未接通"}


class CheckForm(ChineseForm):
    unit = SelectField("单位", [InputRequired("请选择单位")], choices=[])
    checked_at = Moment("抽查时间", [InputRequired("请填写抽查时间")])
    answered = RadioField(
        "结果", [InputRequired("请选择结果")], choices=options(ANSWERED.items()), default=""
    )
    result = text_field("情况", "请写明情况，例如几声接通、谁接听、能否答复", most=500)
    mend_by = Day("整改期限", [Optional()], description="未接通时开出整改任务；不填为5个工作日后")

    def call(self) -> Call:
        """What a valid form says."""
        checked_at = self.checked_at.data
        if checked_at is None:
            raise ValueError("not validated")
        return Call(self.answered.data == "yes", self.result.data or "", checked_at, self.mend_by.data)


class QuarterForm(ChineseForm):
    """The quarter of the page."""

    year = SelectField("年度", choices=[])
    quarter = SelectField(
        "季度", choices=options((str(n), f"第{'一二三四'[n - 1]}季度") for n in (1, 2, 3, 4))
    )


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/duties/phones", "phones", register)
    bp.add_url_rule("/duties/phones", "check_phone", check, methods=["POST"])


def _quarter(session: Session, at: datetime) -> tuple[Quarter, QuarterForm]:
    present = Quarter.of(at)
    form = QuarterForm(request.args)
    years = sorted({*ledger.years(session), present.year}, reverse=True)
    form.year.choices = options((str(year), f"{year}年") for year in years)
    form.year.data = form.year.data or str(present.year)
    form.quarter.data = form.quarter.data or str(present.number)
    if not form.validate():
        abort(404)
    return Quarter(int(form.year.data), int(form.quarter.data)), form


@staff(Permit.DUTIES)
def register() -> Response:
    at = now()
    return _page(CheckForm(checked_at=at.replace(second=0, microsecond=0)), at)


def _page(form: CheckForm, at: datetime, status: int = HTTPStatus.OK) -> Response:
    with db().reading() as session:
        quarter, chosen = _quarter(session, at)
        page = phone_page.build(session, me(), quarter, at=at)
        form.unit.choices = unit_choices(phones.register(session, Quarter.of(at).year), "请选择单位")
    return show("duties/phones.html", status=status, form=form, chosen=chosen, page_of=page)


@staff(Permit.DUTIES_EDIT)
def check() -> Response:
    form, at = CheckForm(request.form), now()
    with db().reading() as session:
        form.unit.choices = unit_choices(phones.register(session, Quarter.of(at).year), "请选择单位")
    if not form.validate():
        return _page(form, at, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            unit = session.get_one(Unit, int(form.unit.data))
            row = phones.record_check(session, unit, form.call(), by=me(), at=at)
    except Refused as refusal:
        beside(form, refusal)
        return _page(form, at, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(f"已登记{unit.name}的抽查" + ("，已开出整改任务" if row.task_id else ""))
    return see_other("duties.phones")
