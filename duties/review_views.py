"""GET /duties/review: 回头看; POST asks for something to be put right."""

from datetime import date, datetime
from http import HTTPStatus

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired

from core.clock import now
from core.people_forms import ChineseForm
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from duties import entries, ledger, review
from duties.fields import LARGEST_ID, Day, beside, text_field
from duties.filter_form import YearForm
from duties.ledger import Cursor
from duties.lights import is_over
from duties.stages import RUNNING
from duties.visibility import find_task
from duties.words import Origin, Refused
from sla import local_date


class MendForm(ChineseForm):
    what = text_field("整改要求", "请写明要补做什么", most=500)
    due_on = Day("整改期限", [InputRequired("请填写整改期限")])


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/duties/review", "review", show_review)
    path = f"/duties/review/<int(max={LARGEST_ID}):task_id>"
    bp.add_url_rule(path, "rectify", mend_page)
    bp.add_url_rule(path, "rectify_now", rectify, methods=["POST"])


@staff(Permit.DUTIES)
def show_review() -> Response:
    at = now()
    text = request.args.get("after", "")
    with db().reading() as session:
        years = ledger.years(session)
        form = YearForm(request.args, years, _last_over(years, at))
        if not form.validate():
            abort(404)
        found = review.build(session, me(), form.chosen, after=_after(text), at=at)
        number = review.count(session, me(), form.chosen, at=at)
    older = {"year": form.chosen, "after": "{}-{}".format(*found.after)} if found.after else None
    return show("duties/review.html", form=form, found=found, number=number, older=older)


def _last_over(years: list[int], at: datetime) -> int:
    """The year that was over last where the ledger holds it, else the present one."""
    last = local_date(at).year - 1
    return last if last in years else ledger.present_year(years, at)


def _after(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    try:
        cursor = Cursor.read(text, back=False)
    except ValueError:
        abort(404)
    return min(cursor.place, LARGEST_ID), cursor.id


def _mend_page(task_id: int, form: MendForm, status: int = HTTPStatus.OK) -> Response:
    at = now()
    with db().reading() as session:
        task = find_task(session, task_id, me()) or abort(404)
        if task.stage not in RUNNING or not is_over(task.duty, local_date(at)):
            abort(404)
        return show("duties/rectify.html", status=status, task=task, form=form)


@staff(Permit.DUTIES_EDIT)
def mend_page(task_id: int) -> Response:
    return _mend_page(task_id, MendForm())


@staff(Permit.DUTIES_EDIT)
def rectify(task_id: int) -> Response:
    form, at = MendForm(request.form), now()
    if not form.validate():
        return _mend_page(task_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            task = find_task(session, task_id, me()) or abort(404)
            if task.stage not in RUNNING or not is_over(task.duty, local_date(at)):
                abort(404)
            title = f"整改：{task.duty.title}"
            mending = entries.Mending(
                title, form.what.data or "", form.due_on.data or date.min, Origin.REVIEW
            )
            made = entries.rectify(session, task, mending, by=me(), at=at)
    except Refused as refusal:
        beside(form, refusal)
        return _mend_page(task_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash("已交办整改")
    return see_other("duties.show_task", task_id=made.id)
