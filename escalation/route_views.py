"""Pages of the ways outside: list, form, test message."""

from flask import Blueprint, abort, flash, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.audit import local_words
from core.clock import now
from core.people import Unit
from core.people_service import Refused
from core.permits import Permit
from core.web import config, db, me, see_other, show, staff
from escalation import routes, trial
from escalation.courier import carry
from escalation.route_forms import RouteForm, form_of
from escalation.route_models import Route, RouteKind
from escalation.routes import VENDOR

bp = Blueprint("routes", __name__)
LARGEST = 2**31 - 1


def _kind() -> RouteKind:
    text = request.values.get("kind", RouteKind.WECOM.value)
    return RouteKind(text) if text in set(RouteKind) else abort(404)


def _units(session: Session) -> list[Unit]:
    return list(session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)))


def _page(form: RouteForm, route: Route | None, *, status: int = 200) -> Response:
    vendor = VENDOR.get(form.kind, "")
    changed = (
        f"{route.changed_by.name if route.changed_by else '系统'} {local_words(route.changed_at)}"
        if route
        else ""
    )
    page = "routes/route.html"
    return show(page, form=form, shown=route, kinds=RouteKind, vendor=vendor, changed=changed, status=status)


def _route_or_404(session: Session, route_id: int) -> Route:
    return routes.find(session, route_id) or abort(404)


def _refused(form: RouteForm, error: Refused) -> None:
    form[error.field].errors = [*form[error.field].errors, str(error)]


@bp.get("/routes")
@staff(Permit.ROUTES)
def listing() -> Response:
    with db().reading() as session:
        found = routes.all_routes(session)
    return show("routes/list.html", routes=found, kinds=RouteKind, mails=config().mails)


@bp.get("/routes/new")
@staff(Permit.ROUTES)
def new() -> Response:
    with db().reading() as session:
        return _page(form_of(_kind(), _units(session)), None)


@bp.post("/routes/new")
@staff(Permit.ROUTES)
def add() -> Response:
    kind = _kind()
    with db().reading() as session:
        form = form_of(kind, _units(session), request.form)
    if not form.validate():
        return _page(form, None, status=422)
    try:
        with db().writing() as session:
            made = routes.add(session, kind, form.wish, allowed=config().outbound, by=me(), at=now())
    except Refused as error:
        _refused(form, error)
        return _page(form, None, status=422)
    flash(f"已添加{form.name.data}，请发一条测试消息")
    return see_other("routes.route", route_id=made.id)


@bp.get(f"/routes/<int(max={LARGEST}):route_id>")
@staff(Permit.ROUTES)
def route(route_id: int) -> Response:
    with db().reading() as session:
        found = _route_or_404(session, route_id)
        form = form_of(found.kind, _units(session))
        form.show(found)
    return _page(form, found)


@bp.post(f"/routes/<int(max={LARGEST}):route_id>")
@staff(Permit.ROUTES)
def change(route_id: int) -> Response:
    with db().reading() as session:
        found = _route_or_404(session, route_id)
        form = form_of(found.kind, _units(session), request.form)
    if not form.validate():
        return _page(form, found, status=422)
    try:
        with db().writing() as session:
            stored = _route_or_404(session, route_id)
            routes.change(session, stored, form.wish, allowed=config().outbound, by=me(), at=now())
    except Refused as error:
        _refused(form, error)
        return _page(form, found, status=422)
    flash(f"已保存{form.name.data}")
    return see_other("routes.listing")


@bp.post(f"/routes/<int(max={LARGEST}):route_id>/test")
@staff(Permit.ROUTES)
def test(route_id: int) -> Response:
    """Sent between two transactions: nothing is held while the other side thinks."""
    try:
        with db().writing() as session:
            found = _route_or_404(session, route_id)
            way, letter = trial.prepare(session, found, config(), by=me(), at=now())
    except Refused as error:
        flash(str(error), "error")
        return see_other("routes.route", route_id=route_id)
    answer = carry(way, letter, config(), at=now())
    with db().writing() as session:
        routes.tried(session, found, answer, by=me(), at=now())
    said = f"测试消息已发出，对方回答：{answer.words}" if answer.ok else f"测试消息没有发成：{answer.words}"
    flash(said, "message" if answer.ok else "error")
    return see_other("routes.route", route_id=route_id)
