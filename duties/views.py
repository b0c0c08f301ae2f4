"""The pages of the ledger: the list, its sums, one task, its files, the exports. Acts stand in act_views."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, abort, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.clock import now
from core.downloads import send
from core.files import File
from core.permits import Permit, may
from core.web import db, me, show, staff
from duties import (
    act_views,
    consultation_views,
    export,
    ledger,
    ledger_rows,
    phone_views,
    proposal_views,
    quota_views,
    review_views,
    summary,
    task_page,
)
from duties.fields import LARGEST_ID
from duties.filter_form import FilterForm, YearForm
from duties.ledger import Cursor, Filters, Page, Scope
from duties.ledger_rows import Row
from duties.models import Evidence
from duties.summary import Line

bp = Blueprint("duties", __name__)
TASK = f"/duties/<int(max={LARGEST_ID}):task_id>"
bp.add_url_rule(f"{TASK}/<name>", "act", act_views.carry_out, methods=["POST"])
for module in (quota_views, phone_views, consultation_views, review_views, proposal_views):
    module.add_to(bp)


@bp.get("/duties")
@staff(Permit.DUTIES)
def listing() -> Response:
    at, cursor = now(), _cursor()
    with db().reading() as session:
        form = _filter_form(session, at)
        if not form.validate():
            return _list_page(form, Filters(at.year), (), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        filters = form.filters()
        page = ledger.page(session, me(), filters, at=at, cursor=cursor)
        rows = ledger_rows.build(session, page.rows, at=at)
        whole = summary.whole(session, me(), filters.year, at=at)
    return _list_page(form, filters, rows, page, whole)


def _list_page(
    form: FilterForm,
    filters: Filters,
    rows: Sequence[Row],
    page: Page | None = None,
    whole: Line | None = None,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    return show(
        "duties/list.html",
        status=status,
        form=form,
        filters=filters,
        rows=rows,
        whole=whole,
        total=page.total if page else 0,
        tabs=[(scope, here(scope=scope.value)) for scope in Scope],
        newer=here(before=page.before) if page and page.before else "",
        older=here(after=page.after) if page and page.after else "",
        exports=[(kind, _export_address(kind)) for kind in export.WRITERS],
    )


def _export_address(kind: str) -> str:
    kept = {name: value for name, value in request.args.items() if value and name not in ("before", "after")}
    return f"{url_for('duties.export_file', kind=kind)}?{urlencode(kept)}"


def _filter_form(session: Session, at: datetime) -> FilterForm:
    years = ledger.years(session)
    return FilterForm(request.args, years, ledger.present_year(years, at), ledger.units_of(session, me()))


def here(**changes: object) -> str:
    """The address of this list with other parameters; a change of anything starts at the first page."""
    start = {"before", "after"} | changes.keys()
    kept = {name: value for name, value in request.args.items() if value and name not in start}
    kept |= {name: str(value) for name, value in changes.items() if value is not None}
    return f"{url_for('duties.listing')}?{urlencode(kept)}"


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


@bp.get("/duties/units")
@staff(Permit.DUTIES)
def units() -> Response:
    return _summed("unit")


@bp.get("/duties/clauses")
@staff(Permit.DUTIES)
def clauses() -> Response:
    return _summed("clause")


def _summed(by: str) -> Response:
    at = now()
    with db().reading() as session:
        years = ledger.years(session)
        form = YearForm(request.args, years, ledger.present_year(years, at))
        if not form.validate():
            abort(404)
        summed = summary.by_unit if by == "unit" else summary.by_clause
        lines = summed(session, me(), form.chosen, at=at)
        whole = summary.whole(session, me(), form.chosen, at=at)
    return show("duties/summary.html", form=form, lines=lines, whole=whole, by=by)


@bp.get(TASK)
@staff(Permit.DUTIES)
def show_task(task_id: int) -> Response:
    with db().reading() as session:
        page = task_page.build(session, act_views.load(session, task_id), me(), at=now())
    return show("duties/task.html", it=page, conflict="")


@bp.get(f"{TASK}/files/<int(max={LARGEST_ID}):evidence_id>")
@staff(Permit.DUTIES)
def evidence_file(task_id: int, evidence_id: int) -> Response:
    """The file of a proof, for those who may see its task."""
    with db().reading() as session:
        task, row = act_views.load(session, task_id), session.get(Evidence, evidence_id)
        if row is None or row.task_id != task.id or row.file_id is None:
            abort(404)
        return send(session.get_one(File, row.file_id), row.file_name)


@bp.get("/duties/export.<kind>")
@staff(Permit.DUTIES)
def export_file(kind: str) -> Response:
    """The rows asked for, as the offices file them: xlsx or docx."""
    at = now()
    if kind not in export.WRITERS:
        abort(404)
    with db().reading() as session:
        form = _filter_form(session, at)
        if not form.validate():
            abort(404)
        made = export.build(session, me(), form.filters(), at=at)
    return export.response(made, kind)


@bp.app_context_processor
def permits() -> dict[str, object]:
    """What the templates ask of a person."""
    return {"may_manage_duties": lambda person: may(person, Permit.DUTIES_EDIT)}
