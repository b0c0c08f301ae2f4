"""The page that asks what another limit would have meant for a year's cases, by unit."""

from flask import Blueprint, request
from werkzeug.wrappers import Response
from wtforms import Form, IntegerField
from wtforms.validators import InputRequired, NumberRange

from core.clock import now
from core.permits import Permit
from core.web import db, me, show, staff
from escalation.rules import calendar
from escalation.whatif import what_if
from sla import local_date

bp = Blueprint("whatif", __name__)
PURPOSE = "inquiry.reply"  # the duty whose limit is argued about
LONGEST = 60


class WhatIfForm(Form):
    year = IntegerField("哪一年收到的", [InputRequired("请填年份")])
    workdays = IntegerField(
        "假如几个工作日", [InputRequired("请填工作日数"), NumberRange(1, LONGEST, f"请填1到{LONGEST}")]
    )

    class Meta:
        locales = ("zh",)


@bp.get("/calendar/what-if")
@staff(Permit.CALENDAR_READ)
def ask() -> Response:
    at = now()
    last, first = local_date(at).year, calendar().first_day.year
    form = WhatIfForm(request.args if request.args else None, year=last - 1, workdays=3)
    form.year.validators = [InputRequired("请填年份"), NumberRange(first, last, f"请填{first}到{last}")]
    if request.args and not form.validate():
        return show("calendar/whatif.html", form=form, rows=(), status=422)
    with db().reading() as session:
        rows = what_if(
            session,
            me(),
            purpose=PURPOSE,
            year=form.year.data or last,
            workdays=form.workdays.data or 3,
            at=at,
        )
    return show("calendar/whatif.html", form=form, rows=rows)
