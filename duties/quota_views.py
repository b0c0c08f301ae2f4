"""GET /duties/quotas: the counts against the year; the supervising office changes who is on the list."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from core.clock import now
from core.people import Unit
from core.people_forms import ChineseForm
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from duties import entries, ledger, quota_page
from duties.fields import LARGEST_ID, beside, line_field, unit_choices
from duties.filter_form import YearForm
from duties.kinds import DutyKind
from duties.models import Duty
from duties.words import Refused


class AssignForm(ChineseForm):
    """One more unit for an entry."""

    unit = SelectField("单位", [InputRequired("请选择单位")], choices=[])
    reason = line_field("理由", DataRequired("请填写理由和依据"))


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/duties/quotas", "quotas", quotas)
    path = f"/duties/quotas/<int(max={LARGEST_ID}):duty_id>/assign"
    bp.add_url_rule(path, "assign", assign, methods=["POST"])


@staff(Permit.DUTIES)
def quotas() -> Response:
    return _page()


def _page(duty_id: int = 0, form: AssignForm | None = None, status: int = HTTPStatus.OK) -> Response:
    at = now()
    with db().reading() as session:
        years = ledger.years(session)
        chosen = YearForm(request.args, years, ledger.present_year(years, at))
        if not chosen.validate():
            abort(404)
        units = session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)).all()
        found = quota_page.build(session, me(), chosen.chosen, at=at)
    forms = {}
    for quota in found:
        forms[quota.duty_id] = form if form and quota.duty_id == duty_id else AssignForm()
        forms[quota.duty_id].unit.choices = unit_choices(units, "请选择单位")
        for field in forms[quota.duty_id]:
            field.id = f"{field.name}-{quota.duty_id}"
    return show("duties/quotas.html", status=status, form=chosen, quotas=found, forms=forms)


@staff(Permit.DUTIES_EDIT)
def assign(duty_id: int) -> Response:
    form, at = AssignForm(request.form), now()
    with db().reading() as session:
        duty = session.get(Duty, duty_id)
        if duty is None or duty.kind is not DutyKind.QUOTA:
            abort(404)
        units = session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)).all()
    form.unit.choices = unit_choices(units, "请选择单位")
    if not form.validate():
        return _page(duty_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            duty, unit = session.get_one(Duty, duty_id), session.get_one(Unit, int(form.unit.data))
            entries.assign(session, duty, unit, form.reason.data or "", by=me(), at=at)
    except Refused as refusal:
        beside(form, refusal)
        return _page(duty_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(f"已增加责任单位{unit.name}")
    return see_other("duties.quotas", year=duty.year)
