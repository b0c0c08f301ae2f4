"""POST /cases/<number>/<act>: check that the case is still as it was seen, call one verb, show the case."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import abort, flash, request
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from inquiries import case_page, service
from inquiries.act_forms import ActForm, RevealForm
from inquiries.act_verbs import VERBS
from inquiries.case_page import Sent
from inquiries.case_timeline import act_name, last_act
from inquiries.case_words import moment_words
from inquiries.filter_form import member
from inquiries.models import Inquiry
from inquiries.service import Refused
from inquiries.stages import Act, IllegalMove, NotYours
from inquiries.visibility import find_visible

DOUBLE_CLICK = timedelta(seconds=10)
RECORDED = {Act.INTERIM, Act.ATTEMPT}  # nothing is over yet: it is only on record
NOT_SENT = "您填的内容没有提交，请核对后再提交。"


class Moved(Exception):
    """The case is no longer as this person saw it; says in Chinese who did what."""


class Repeated(Exception):
    """The very act that this person carried out a moment ago: a second click."""


class Incomplete(Exception):
    """The form says itself what is missing."""


def load(session: Session, number: str) -> Inquiry:
    """The case for this person, else 404."""
    plain = number.isascii() and number.replace("-", "").isdigit()
    inquiry = find_visible(session, number, me()) if plain else None
    if inquiry is None:
        abort(404)
    return inquiry


@staff(Permit.ACT)
def carry_out(number: str, name: str) -> Response:
    """Every act of the table of moves."""
    act, at = member(Act, name), now()
    if act is None:
        abort(404)
    with db().reading() as session:
        form = case_page.new_form(session, load(session, number), act, me(), at=at, values=request.form)
    try:
        _carry_out(number, act, form, at)
    except Repeated:
        return see_other("cases.show_case", number=number)
    except NotYours:
        abort(404)
    except (Incomplete, Refused) as refusal:
        beside(form, refusal)
        return again(number, Sent(act, form), at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (Moved, IllegalMove) as moved:
        return again(number, Sent(act, form), at, status=HTTPStatus.CONFLICT, conflict=str(moved))
    flash(f"{number}：已{'记录' if act in RECORDED else ''}{act.label}")
    return see_other("cases.show_case", number=number)


def _carry_out(number: str, act: Act, form: ActForm, at: datetime) -> None:
    """One transaction. Raises what stops it."""
    try:
        with db().writing() as session:
            inquiry = load(session, number)
            still_as_seen(session, inquiry, {f"inquiry:{act}"}, form, at)
            if not form.validate():
                raise Incomplete
            VERBS[act](session, inquiry, form, me(), at)
            flag_modified(inquiry, "stage")  # an act that leaves the row alone is seen by the next click too
    except StaleDataError:
        raise Moved(f"此件刚刚被他人更新。{NOT_SENT}") from None


def still_as_seen(
    session: Session, inquiry: Inquiry, facts: Collection[str], form: ActForm, at: datetime
) -> None:
    """A form without a readable version is taken for an old one. `facts` are what the very act would have left."""
    if form.version.data == inquiry.version:
        return
    last = last_act(session, inquiry)
    if last is None:
        raise Moved(f"此件已更新。{NOT_SENT}")
    mine = last.by_id == me().id
    if mine and last.act in facts and at - last.at <= DOUBLE_CLICK:
        raise Repeated
    who = "您" if mine else last.by_name
    done = f"{who}已于{moment_words(last.at, at)}{act_name(last.act)}"
    raise Moved(f"此件已更新：{done}。{NOT_SENT}")


def beside(form: ActForm, refusal: Exception) -> None:
    """The reason stands at its field, or at the head of the form."""
    if isinstance(refusal, Incomplete):
        return
    field = form._fields.get(refusal.field) if isinstance(refusal, Refused) else None
    if field is None:
        form.form_errors.append(str(refusal))
    else:
        field.errors = [*field.errors, str(refusal)]


def again(number: str, sent: Sent, at: datetime, *, status: int, conflict: str = "") -> Response:
    """The same page with everything that was typed."""
    with db().reading() as session:
        page = case_page.build(session, load(session, number), me(), at=at, sent=sent)
    if sent.form is None or page.offers(sent.act):
        return show("inquiries/case.html", status=status, case=page, conflict=conflict, kept=())
    words = conflict or "；".join(_reasons(sent.form))
    return show("inquiries/case.html", status=status, case=page, conflict=words, kept=_typed(sent.form))


def _reasons(form: ActForm) -> Iterator[str]:
    yield from form.form_errors
    for field in form:
        yield from field.errors


def _typed(form: ActForm) -> tuple[tuple[str, str], ...]:
    """What was typed into a form that is not on the page any more."""
    return tuple(
        (field.label.text, field.data) for field in form.asked if isinstance(field.data, str) and field.data
    )


@staff(Permit.REVEAL)
def reveal(number: str) -> Response:
    """Show the requester once, against a reason; only the answer of this POST does, never an address."""
    form, at = RevealForm(request.form), now()
    sent, status = Sent(reveal=form), HTTPStatus.UNPROCESSABLE_ENTITY
    with db().writing() as session:
        inquiry = load(session, number)
        if not service.may_reveal(inquiry, me()):
            form.form_errors.append(case_page.why_not(inquiry))
        elif form.validate():
            service.reveal(session, inquiry, reason=form.reason.data or "", by=me(), at=at)
            sent, status = Sent(shown=case_page.clear_person(session, inquiry)), HTTPStatus.OK
    with db().reading() as session:
        page = case_page.build(session, load(session, number), me(), at=at, sent=sent)
    return show("inquiries/case.html", status=status, case=page, conflict="", kept=())
