"""The case list, the case page, its printed sheet and the call ledger. Acts stand in act_views."""

from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import SEES_ALL, Permit
from core.web import db, me, show, staff
from inquiries import act_views, case_list, case_page, case_paper, ledger, limit_views
from inquiries.case_words import full_moment
from inquiries.filter_form import FilterForm, LedgerForm
from inquiries.queries import Cursor, Filters, Order, View
from sla import local_date

TABS = set(View) - {View.PAUSED, View.LIMIT_ASKED}  # these two only when the desk has led there
bp = Blueprint("cases", __name__)
bp.add_url_rule("/cases/<number>/reveal", "reveal", act_views.reveal, methods=["POST"])
bp.add_url_rule("/cases/<number>/<name>", "act", act_views.carry_out, methods=["POST"])
bp.add_url_rule("/cases/<number>/limit/<name>", "limit", limit_views.carry_out, methods=["POST"])


@bp.get("/cases")
@staff(Permit.CASES)
def listing() -> Response:
    at, cursor = now(), _cursor()
    with db().reading() as session:
        form = FilterForm(request.args, case_list.unit_choices(session))
        if not form.validate():
            return _list_page(form, Filters(), None, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        filters = form.filters(me())
        found = case_list.build(session, me(), filters, at=at, cursor=cursor)
    return _list_page(form, filters, found)


def _list_page(
    form: FilterForm, filters: Filters, found: case_list.CaseList | None, *, status: int = HTTPStatus.OK
) -> Response:
    return show(
        "inquiries/list.html",
        status=status,
        form=form,
        filters=filters,
        found=found,
        tabs=[(view, _here(view=view, order=None)) for view in View if view in TABS | {filters.view}],
        orders=[(order, _here(order=order)) for order in Order] if filters.running else [],
        newer=_here(before=found.before) if found and found.before else "",
        older=_here(after=found.after) if found and found.after else "",
        front=me().has(*SEES_ALL),
    )


def _here(**changes: object) -> str:
    """The address of this list with other parameters; a change of anything starts at the first page."""
    start = {"before", "after"} | changes.keys()
    kept = {name: value for name, value in request.args.items() if value and name not in start}
    kept |= {name: str(value) for name, value in changes.items() if value is not None}
    return f"{url_for('cases.listing')}?{urlencode(kept)}"


def _cursor() -> Cursor | None:
    """Where the page begins; a cursor that no page wrote is a page that does not exist."""
    for name, back in (("before", True), ("after", False)):
        text = request.args.get(name, "")
        if text:
            try:
                return Cursor.read(text, back=back)
            except ValueError:
                abort(404)
    return None


@bp.get("/cases/<number>")
@staff(Permit.CASES)
def show_case(number: str) -> Response:
    with db().reading() as session:
        page = case_page.build(session, act_views.load(session, number), me(), at=now())
    return show("inquiries/case.html", case=page, conflict="", kept=())


@bp.get("/cases/<number>/sheet")
@staff(Permit.CASES)
def sheet(number: str) -> Response:
    """诉求办理单 on A4. It leaves the office, so who asked stays masked on it for everybody."""
    at = now()
    with db().reading() as session:
        inquiry = act_views.load(session, number)
        page = case_page.build(session, inquiry, me(), at=at)
        paper = case_paper.build(session, inquiry, page)
    return show("inquiries/sheet.html", case=page, paper=paper, printed=full_moment(at))


@bp.get("/cases/ledger")
@staff(Permit.ACT)
def call_ledger() -> Response:
    """来电登记台账, by default of this month."""
    at, cursor = now(), _cursor()
    form = LedgerForm(request.args)
    if not form.validate():
        return show("inquiries/ledger.html", status=422, form=form, found=None, period="", older="")
    since, until = _period(form, at)
    with db().reading() as session:
        found = ledger.build(session, me(), since, until, at=at, cursor=cursor)
    days = {"from": since, "to": until, "after": found.after}
    older = f"{url_for('cases.call_ledger')}?{urlencode(days)}" if found.after else ""
    words = _period_words(since, until)
    return show("inquiries/ledger.html", form=form, found=found, period=words, older=older)


def _period(form: LedgerForm, at: datetime) -> tuple[date, date]:
    today = local_date(at)
    until = form.until.data or today
    since = form.since.data or until.replace(day=1)
    form.since.data, form.until.data = since, until
    return since, until


def _period_words(since: date, until: date) -> str:
    return f"{since.year}年{since.month}月{since.day}日至{until.year}年{until.month}月{until.day}日"
