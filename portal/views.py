"""The citizen's letter and query pages: no account, no cookie, no script needed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import throttle
from core.clock import now
from core.people import Unit, UnitKind
from core.web import csrf, db, public, show
from inquiries.intake_acts import retried
from inquiries.intake_help import due_ruler
from portal.calculator import count, open_form
from portal.forms import CodeForm, LetterForm, open_letter
from portal.letters import Receipt, TooMany, hand_in
from portal.progress import GUESSES, Progress, progress_of
from sla import local_date

bp = Blueprint("portal", __name__)
# There is no session whose rights a foreign page could borrow; web.refuse_foreign turns foreign forms away.
csrf.exempt(bp)

NOT_FOUND = (
    "没有查到。请对照回执再输一遍：12位，没有字母I、L、O和数字0、1。"
    "多次输错后要等一小时再查；查询码丢了请拨打12345。"
)
TOO_MANY = "您这里一小时内来信较多，这封信还没有提交。请过一小时再交，内容都在；着急请拨打12345。"


@dataclass(frozen=True)
class PublicLink:
    key: str
    href: str
    word: str


@bp.context_processor
def _navigation() -> dict[str, Any]:
    return {
        "public_nav": (
            PublicLink("write", url_for("portal.write"), "写信"),
            PublicLink("query", url_for("portal.query"), "查进度"),
            PublicLink("calculator", url_for("portal.calculator"), "算期限"),
        )
    }


def _address() -> str:
    """Whose tries are counted; behind a proxy the application is told how many to trust."""
    return request.remote_addr or ""


def _letter_page(form: LetterForm, at: datetime, *, refused: str = "", status: int = 200) -> Response:
    with db().reading() as session:
        towns = _towns(session)
    return show(
        "portal/write.html",
        form=form,
        towns=towns,
        ruler=due_ruler(at, at),
        refused=refused,
        status=status,
    )


def _towns(session: Session) -> list[str]:
    towns = select(Unit.name).where(Unit.active, Unit.kind == UnitKind.TOWNSHIP)
    return list(session.scalars(towns.order_by(Unit.id)))


@bp.get("/letters/new")
@public
def write() -> Response:
    return _letter_page(open_letter(), now())


@bp.post("/letters/new")
@public
def write_submit() -> Response:
    """The receipt is this very answer, not a redirect: the code may stand in no address and in no cookie."""
    at = now()
    form = open_letter(request.form)
    if not form.validate():
        return _letter_page(form, at, status=422)
    try:
        receipt = retried(lambda: _hand_in(form, at))
    except TooMany:
        return _letter_page(form, at, refused=TOO_MANY, status=429)
    return show("portal/receipt.html", receipt=receipt)


def _hand_in(form: LetterForm, at: datetime) -> Receipt:
    with db().writing() as session:
        return hand_in(session, form, address=_address(), at=at)


@bp.get("/query")
@public
def query() -> Response:
    return _query_page(CodeForm())


@bp.post("/query")
@public
def query_submit() -> Response:
    """One answer for an unknown code, a mistyped one and too many tries: the difference would teach."""
    at = now()
    form = CodeForm(request.form)
    with db().reading() as session:
        spent = throttle.exhausted(session, GUESSES, _address(), at=at)
        found = None if spent else progress_of(session, form.code.data or "", at)
    if found is None:
        if not spent:
            _count_guess(at)
        form.code.errors = [NOT_FOUND]
        return _query_page(form, status=422)
    return _query_page(form, found=found)


def _count_guess(at: datetime) -> None:
    with db().writing() as session:
        throttle.note(session, GUESSES, _address(), at=at)


def _query_page(form: CodeForm, *, found: Progress | None = None, status: int = 200) -> Response:
    return show("portal/query.html", form=form, found=found, status=status)


@bp.get("/calculator")
@public
def calculator() -> Response:
    """Any working-day term, counted in the open; a question that cannot be counted is answered 422."""
    form = open_form(request.args, local_date(now()))
    with db().reading():  # learns the calendar in force
        good = form.validate()
        found = count(form.since.data, form.n.data) if good and form.since.data and form.n.data else None
    return show("portal/calculator.html", form=form, found=found, status=200 if good else 422)
