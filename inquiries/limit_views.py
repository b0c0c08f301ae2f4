"""POST /cases/<number>/limit/<act>: ask for another limit, rule on it, run again; checked like every act."""

from datetime import datetime
from http import HTTPStatus

from flask import abort, flash, request
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import Permit
from core.web import db, me, see_other, staff
from escalation.models import Clock
from escalation.terms import NotLawful
from inquiries.act_forms import ActForm
from inquiries.act_views import NOT_SENT, Incomplete, Moved, Repeated, again, beside, load, still_as_seen
from inquiries.case_page import Sent
from inquiries.filter_form import member
from inquiries.limit_acts import FACTS, VERBS, LimitAct, may_do
from inquiries.limit_forms import limit_form
from inquiries.models import Inquiry


@staff(Permit.ACT)
def carry_out(number: str, name: str) -> Response:
    """Every act on the limit."""
    act, at = member(LimitAct, name), now()
    if act is None:
        abort(404)
    with db().reading() as session:
        _inquiry, clock = _open(session, number, act)
        form = limit_form(act, request.form, clock)
    try:
        _carry_out(number, act, form, at)
    except Repeated:
        return see_other("cases.show_case", number=number)
    except (Incomplete, NotLawful) as refusal:
        beside(form, refusal)
        return again(number, Sent(act, form), at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Moved as moved:
        return again(number, Sent(act, form), at, status=HTTPStatus.CONFLICT, conflict=str(moved))
    flash(f"{number}：已{act.label}")
    return see_other("cases.show_case", number=number)


def _open(session: Session, number: str, act: LimitAct) -> tuple[Inquiry, Clock]:
    """The case with its clock for a person who may act so, else 404."""
    inquiry = load(session, number)
    if inquiry.clock is None or not may_do(me(), act, inquiry):
        abort(404)
    return inquiry, inquiry.clock


def _carry_out(number: str, act: LimitAct, form: ActForm, at: datetime) -> None:
    """One transaction. Raises what stops it."""
    try:
        with db().writing() as session:
            inquiry, clock = _open(session, number, act)
            still_as_seen(session, inquiry, FACTS[act], form, at)
            if clock.stopped_at is not None:
                raise Moved(f"此件已停止计时。{NOT_SENT}")
            if not form.validate():
                raise Incomplete
            VERBS[act](session, clock, form, me(), at)
            flag_modified(
                inquiry, "stage"
            )  # the clock is another row: the next click on the case sees this too
    except StaleDataError:
        raise Moved(f"此件刚刚被他人更新。{NOT_SENT}") from None
