"""Web helpers: the guard of staff routes, page and fragment, headers, error pages."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, ParamSpec

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from core import signin
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import Actor, LoginSession, Person
from core.permits import Permit, may

P = ParamSpec("P")
View = Callable[P, BaseResponse]
CSP = (
    "default-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # the form check of older browsers needs the referrer inside the site
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
csrf = CSRFProtect()


@dataclass(frozen=True)
class NavItem:
    """One entry of the rail; shown to those who hold the permit."""

    key: str
    endpoint: str
    icon: str
    word: str
    permit: Permit
    foot: bool = False


@dataclass(frozen=True)
class NavLink:
    """A rail entry as a page shows it; `count` is what waits there, 0 for nothing to show."""

    item: NavItem
    href: str
    count: int = 0

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def icon(self) -> str:
        return self.item.icon

    @property
    def word(self) -> str:
        return self.item.word

    @property
    def foot(self) -> bool:
        return self.item.foot


def db() -> Database:
    """The database of the running application."""
    database: Database = current_app.extensions["huiyin.db"]
    return database


def config() -> Config:
    """The settings of the running application."""
    settings: Config = current_app.extensions["huiyin.config"]
    return settings


def me() -> Actor:
    """The signed-in person of this request."""
    actor: Actor = g.actor
    return actor


def staff(permit: Permit) -> Callable[[View[P]], View[P]]:
    """Guard a route: anonymous people are sent to sign in; a person without the permit gets 404."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> BaseResponse:
            person = _signed_in()
            if person is None:
                return _to_login()
            if person.must_change and permit is not Permit.SIGNED_IN:
                return redirect(url_for("auth.password"), code=303)
            if not may(g.actor, permit):
                abort(404)
            return view(*args, **kwargs)

        guarded.permit = permit  # type: ignore[attr-defined]  # read by the test of the permission table
        return guarded

    return guard


def public(view: View[P]) -> View[P]:
    """Mark a route that needs no sign-in; an unmarked route fails the test of the permission table."""
    view.permit = None  # type: ignore[attr-defined]
    return view


def _signed_in() -> Person | None:
    token = session.get("sid")
    if not isinstance(token, str):
        return None
    at = now()
    with db().reading() as reading:
        found = signin.find_session(reading, token, at=at)
    if found is None:
        session.clear()
        return None
    login, person = found
    _keep_alive(login)
    g.actor = person.actor
    return person


def _keep_alive(login: LoginSession) -> None:
    at = now()
    if at - login.seen_at > signin.TOUCH_EVERY:
        with db().writing() as writing:
            signin.touch(writing, login.id, at=at)


def _to_login() -> BaseResponse:
    if request.headers.get("HX-Request"):
        return Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": url_for("auth.login")})
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.login", next=back), code=303)


def show(page: str, fragment: str | None = None, *, status: int = 200, **context: Any) -> BaseResponse:
    """The whole page, or for an htmx swap only its fragment; a history restore gets the page."""
    swap = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    boosted = request.headers.get("HX-Boosted")
    name = fragment if fragment and swap and not boosted else page
    response = make_response(render_template(name, **context), status)
    response.headers["Vary"] = "HX-Request"
    return response


def see_other(endpoint: str, **values: Any) -> BaseResponse:
    """The answer to a POST that was carried out."""
    return redirect(url_for(endpoint, **values), code=303)


def refuse_foreign() -> None:
    """A state change must come from our own pages: the browser says so, and the token says so again."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(400)


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if config().https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response


def _mark_request() -> None:
    g.request_id = secrets.token_hex(6)


def _refusal(code: int) -> BaseResponse:
    """An error page asks the database nothing: the fault may be there."""
    g.pop("actor", None)
    page = render_template("errors/error.html", code=code, request_id=g.get("request_id", ""))
    response = make_response(page, code)
    if code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "10"
    return response


def _error_page(error: HTTPException) -> BaseResponse:
    return _refusal(error.code or 500)


def _unreachable_page(_error: OperationalError) -> BaseResponse:
    # locked, full or gone: nothing was accepted, and the client may try the same form again
    current_app.logger.error("database unavailable in request %s", g.get("request_id", ""))
    return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)


def _fault_page(_error: Exception) -> BaseResponse:
    # the traceback goes to the log with the request id; SQL parameters and form values are never part of it
    current_app.logger.exception("unhandled fault in request %s", g.get("request_id", ""))
    return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR)


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@cache
def static_url(name: str) -> str:
    """The address of a static file with its fingerprint, so that browsers may keep it for ever.

    Kept for the life of the process: a page asks for the icon sheet dozens of times.
    """
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_fingerprint(path))


def init_app(app: Flask) -> None:
    """Hook guard, headers, error pages and helpers into the application."""
    csrf.init_app(app)
    app.before_request(_mark_request)
    app.before_request(refuse_foreign)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(OperationalError, _unreachable_page)
    app.register_error_handler(Exception, _fault_page)
    app.jinja_env.globals["static_url"] = static_url
