"""The page of leaves: who is away, from when to when, and who stands in."""

from flask import Blueprint, abort, flash, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from core import absences
from core.clock import now
from core.fields import options
from core.people import Person
from core.people_forms import ChineseForm
from core.people_service import Refused
from core.permits import Permit
from core.web import db, me, see_other, show, staff

bp = Blueprint("absence", __name__)
LARGEST = 2**31 - 1


class LeaveForm(ChineseForm):
    person = SelectField("谁外出", coerce=int)
    stand_in = SelectField("由谁代办", [InputRequired("请选择代办人")], coerce=int)
    since = DateField("从哪天起", [InputRequired("请填写开始日期")], format="%Y-%m-%d")
    until = DateField("到哪天止", [InputRequired("请填写结束日期")], format="%Y-%m-%d")

    def offer(self, session: Session) -> None:
        """Only people of the own unit."""
        person = me()
        may_leave = session.scalars(select(Person).where(absences.may_enter_for(person)).order_by(Person.id))
        self.person.choices = options((one.id, one.name) for one in may_leave)
        here = absences.colleagues(session, person)
        self.stand_in.choices = options([(0, "请选择"), *((one.id, one.name) for one in here)])


def _page(session: Session, form: LeaveForm, status: int = 200) -> Response:
    rows = absences.entered(session, me(), today=now().astimezone(absences.ZONE).date())
    return show("people/absence.html", form=form, rows=rows, status=status)


@bp.get("/absence")
@staff(Permit.INBOX)
def leaves() -> Response:
    form = LeaveForm(data={"person": me().id})
    with db().reading() as session:
        form.offer(session)
        return _page(session, form)


@bp.post("/absence")
@staff(Permit.INBOX)
def enter() -> Response:
    form = LeaveForm(request.form)
    try:
        with db().writing() as session:
            form.offer(session)
            if not form.validate():
                return _page(session, form, 422)
            absences.enter(session, _leave(form), by=me(), at=now())
    except Refused as refusal:
        form[refusal.field].errors = [str(refusal)]
        with db().reading() as session:
            return _page(session, form, 422)
    flash("已登记，外出期间的通知由代办人接收")
    return see_other("absence.leaves")


def _leave(form: LeaveForm) -> absences.Leave:
    since, until = form.since.data, form.until.data
    if since is None or until is None:
        raise Refused("请填写日期", "since")
    return absences.Leave(form.person.data, form.stand_in.data, since, until)


@bp.post(f"/absence/<int(max={LARGEST}):absence_id>/withdraw")
@staff(Permit.INBOX)
def withdraw(absence_id: int) -> Response:
    with db().writing() as session:
        if not absences.withdraw(session, absence_id, by=me(), at=now()):
            abort(404)
    flash("已撤销，通知改回本人接收")
    return see_other("absence.leaves")
