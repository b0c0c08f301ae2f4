"""The factory, the only place that knows every room. `python app.py serve` runs web and jobs on one machine."""

import sys
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import waitress
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app, g, redirect, request, session, url_for
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from core import (
    absence_views,
    audit,
    auth_views,
    files,  # noqa: F401  # its table belongs to the tables of the house
    migrate,
    people_views,
    web,
)
from core import cli as core_cli
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import Actor
from core.permits import Permit, may
from core.vault import open_vault
from core.web import NavItem, NavLink
from duties import cli as duties_cli
from duties import example as duties_example
from duties import fact_words as duties_words
from duties import jobs as duties_jobs
from duties import views as duties_views
from escalation import (
    calendar_views,
    calendar_words,
    delivery_views,
    delivery_words,
    health,
    inbox,
    jobs,
    letters,
    paper_drafts,
    paper_views,
    paper_words,
    route_views,
    whatif_views,
)
from escalation import cli as escalation_cli
from escalation import views as escalation_views
from escalation.paper_settings import paper_settings
from escalation.today import today_words
from inquiries import cli as inquiries_cli
from inquiries import desk_views, example, fact_words, intake_views
from inquiries import views as inquiry_views
from portal import views as portal_views
from reports import cli as reports_cli
from reports import fact_words as reports_fact_words
from reports import views as reports_views

MAX_BODY = 20 * 1024 * 1024
NAV = (
    NavItem("desk", "desk.show_desk", "layout-dashboard", "工作台", Permit.DESK),
    NavItem("intake", "intake.new", "phone-incoming", "登记", Permit.INTAKE),
    NavItem("cases", "cases.listing", "inbox", "诉求", Permit.CASES),
    NavItem("papers", "papers.listing", "writing-sign", "督办", Permit.PAPERS),
    NavItem("duties", "duties.listing", "clipboard-check", "任务", Permit.DUTIES),
    NavItem("calendar", "calendar.year", "ruler-measure", "日历", Permit.CALENDAR_READ),
    NavItem("reports", "reports.listing", "chart-bar", "考核", Permit.REPORTS),
    NavItem("inbox", "notices.inbox", "bell", "通知", Permit.INBOX),
    NavItem("people", "people.listing", "settings", "人员单位", Permit.PEOPLE, foot=True),
    NavItem("routes", "routes.listing", "send", "通知渠道", Permit.ROUTES, foot=True),
    NavItem("audit", "people.audit", "shield-lock", "审计", Permit.AUDIT, foot=True),
)


def create_app(config: Config | None = None) -> Flask:
    """One application over one database. SQLite is migrated here, a server database by `db upgrade`."""
    config = config or Config.from_env()
    app = Flask(__name__)
    config.instance.mkdir(parents=True, exist_ok=True)
    vault = open_vault(config.keys)
    app.extensions["huiyin.config"] = config
    database = app.extensions["huiyin.db"] = Database(config.url, vault)
    if database.is_sqlite:
        migrate.ensure(database)
    _settings(app, config, vault.web_secret)
    web.init_app(app)
    _rooms(app, config)
    app.context_processor(_page_context)
    app.add_url_rule("/", "front", web.public(front))
    app.add_url_rule("/home", "home", home)
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, config.trusted_proxies, config.trusted_proxies)  # type: ignore[method-assign]
    return app


def _settings(app: Flask, config: Config, secret: bytes) -> None:
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_NAME="__Host-huiyin" if config.https else "huiyin",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the signed-in session
        WTF_CSRF_SSL_STRICT=True,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]


def _rooms(app: Flask, config: Config) -> None:
    paper_settings()  # a faulty data/papers.toml stops the start, not the first issuing
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for module in (
        auth_views,
        people_views,
        absence_views,
        escalation_views,
        delivery_views,
        route_views,
        desk_views,
        intake_views,
        inquiry_views,
        calendar_views,
        whatif_views,
        paper_views,
        duties_views,
        portal_views,
        reports_views,
    ):
        app.register_blueprint(module.bp)
    app.register_blueprint(health.bp)
    rooms = (fact_words, delivery_words, paper_words, duties_words, reports_fact_words)
    app.extensions["huiyin.words"] = reduce(or_, (room.WORDS for room in rooms), audit.WORDS)
    app.extensions["huiyin.jobs"] = [jobs.Daily("roll-over", duties_jobs.run_roll_over)]
    if config.demo:
        app.register_blueprint(escalation_views.patterns_bp)
    for commands in (core_cli, escalation_cli, inquiries_cli, duties_cli, reports_cli):
        commands.init_app(app)


def front() -> Response:
    """Officials go to their own first page, everybody else to the citizens' pages."""
    return redirect(url_for("home" if "sid" in session else "portal.write"), code=303)


@web.staff(Permit.SIGNED_IN)
def home() -> Response:
    """The first room of the rail that this person may enter: the desk, or for an administrator the people."""
    first = next(item for item in NAV if item.key != "inbox" and may(g.actor, item.permit))
    return redirect(url_for(first.endpoint), code=303)


def _page_context() -> dict[str, Any]:
    at, person = now(), g.get("actor")
    cookies = request.cookies
    base = {
        "county": web.config().county,
        "theme": "dark" if cookies.get("theme") == "dark" else "light",
        "text_size": cookies.get("text_size")
        if cookies.get("text_size") in {"large", "xlarge"}
        else "normal",
        "keys": "off" if cookies.get("keys") == "off" else "on",
        "person": person,
    }
    return base | (_staff_context(person, at) if person else {})


def _staff_context(person: Actor, at: datetime) -> dict[str, Any]:
    with web.db().reading() as reading:
        unread = inbox.unread(reading, person) + calendar_words.unread(reading, person)
        dead = letters.count(reading, letters.Shelf.DEAD) if may(person, Permit.DELIVERY) else 0
        drafts = paper_drafts.drafts_waiting(reading) if may(person, Permit.SUPERVISE) else 0
    waiting = {"papers": drafts}
    nav = [NavLink(item, url_for(item.endpoint), waiting.get(item.key, 0)) for item in _nav_of(person)]
    return {"nav": nav, "unread": unread, "dead_letters": dead, "today": today_words(at)}


def _nav_of(person: Actor) -> list[NavItem]:
    built = current_app.view_functions
    return [item for item in NAV if may(person, item.permit) and item.endpoint in built]


def jobs_of(app: Flask) -> BackgroundScheduler:
    """Sweep and delivery in this process: the one-machine form."""
    scheduler = jobs.scheduler(*(app.extensions[f"huiyin.{part}"] for part in ("db", "config", "jobs")))
    scheduler.start()
    return scheduler


def main(verb: str) -> int:
    """Serve on one machine, web and jobs together; `demo` first fills an example county."""
    config = Config.from_env()
    if verb == "demo":
        config = example.demo_config(config)
        if "--fresh" in sys.argv[2:]:
            example.remove(config)
    app = create_app(config)
    if verb == "demo":
        example.fill(app.extensions["huiyin.db"], at=now(), say=print)
        duties_example.fill(app.extensions["huiyin.db"], at=now(), say=print)
    else:
        core_cli.say_first_steps(app.extensions["huiyin.db"], say=print)
    jobs_of(app)
    print(f"回音已启动：http://{config.host}:{config.port}/　（Ctrl+C 停止）", flush=True)
    waitress.serve(app, host=config.host, port=config.port, threads=8, ident="huiyin")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "serve"))
