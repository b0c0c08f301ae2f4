"""A server of its own process, and how fast it answers one signed-in operator."""

import http.client
import multiprocessing
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, render_template_string
from sqlalchemy import select, text

from bench.fill import KEY
from core import signin
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import Person
from core.vault import Vault
from tests.ports import free_port

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
THREADS = 8


def product(config: Config) -> None:
    """The real application."""
    from app import create_app  # here: the parent must not hold what the child's memory is measured for

    waitress.serve(create_app(config), host=config.host, port=config.port, threads=THREADS, _quiet=True)


PLAIN = """<!doctype html><title>list</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</table>"""
NEWEST = """SELECT i.number, i.title, i.stage, i.received_at, u.short_name, c.due_at FROM inquiry i
JOIN unit u ON u.id = i.lead_unit_id JOIN clock c ON c.id = i.clock_id ORDER BY i.id DESC LIMIT 20"""


def bare(config: Config) -> None:
    """The floor: the same server and database, a view that prints the newest 20 cases as a plain table without
    sign-in, filters, lights or masking, and one that writes a single row."""
    app, db = Flask(__name__), Database(config.url, Vault(KEY))

    def listing() -> str:
        with db.reading() as session:
            rows = session.execute(text(NEWEST)).all()
        return render_template_string(PLAIN, rows=rows)

    def insert() -> str:
        with db.writing() as session:
            session.execute(
                text("INSERT INTO counter (name, value) VALUES (:name, 1)"), {"name": str(uuid.uuid4())}
            )
        return "ok"

    app.add_url_rule("/", "list", listing)
    app.add_url_rule("/", "insert", insert, methods=["POST"])
    waitress.serve(app, host=config.host, port=config.port, threads=THREADS, _quiet=True)


@contextmanager
def serving(target: Callable[[Config], None], config: Config) -> Iterator[multiprocessing.Process]:
    """The server as a process; ready when it answers."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=(config,), daemon=True)
    process.start()
    try:
        _wait_for(config.port)
        yield process  # type: ignore[misc]
    finally:
        process.kill()
        process.join()


def config_for(folder: Path, db: Database) -> Config:
    """Settings of a server over this database, with the key that filled it."""
    key = folder / "master.key"
    key.write_text(KEY.hex())
    url = db.url.render_as_string(hide_password=False)
    return Config(instance=folder, database_url=url, key_file=key, port=free_port())


def cookie_of(config: Config, db: Database, login: str) -> str:
    """The cookie of a signed-in person, made as the application makes it."""
    from app import create_app

    app = create_app(config)
    with db.writing() as session:
        person = session.scalars(select(Person).where(Person.login == login)).one()
        person.must_change = False
        token = signin.open_session(session, person, at=now())
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'sid': token})}"


class Browser:
    """One kept-alive connection."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        self._connection.request(method, path, body or None, self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def token(self, path: str) -> str:
        """The token of a page's form, together with the cookie that belongs to it."""
        self._connection.request("GET", path, None, self._headers)
        answer = self._connection.getresponse()
        found = TOKEN.search(answer.read().decode())
        fresh = answer.headers.get("Set-Cookie", "").partition(";")[0]
        self._headers["Cookie"] = fresh or self._headers["Cookie"]
        return found.group(1) if found else ""


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            Browser(port).ask("GET", "/healthz")
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server did not answer")
