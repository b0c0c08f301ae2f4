"""The whole application over HTTP, signed in as one of the five people."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import create_app
from core import signin
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import Person
from tests.conftest import KEY
from tests.people import People

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def app(db: Database, people: People, tmp_path: Any) -> Iterator[Flask]:
    """The application over the test's database and the test's key."""
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    url = db.url.render_as_string(hide_password=False)
    made = create_app(Config(instance=tmp_path, database_url=url, key_file=key))
    made.config["TESTING"] = False
    yield made
    made.extensions["huiyin.db"].dispose()


@pytest.fixture
def sign_in(app: Flask, db: Database) -> SignIn:
    """A browser that is signed in as the person of this login, with the password already chosen."""

    def enter(login: str) -> FlaskClient:
        client = app.test_client()
        with db.writing() as session:
            person = session.scalars(select(Person).where(Person.login == login)).one()
            person.must_change = False
            token = signin.open_session(session, person, at=now())
        with client.session_transaction() as cookie:
            cookie["sid"] = token
        return client

    return enter


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Send a form with the token that the person's own page carries."""
    page = client.get("/password")
    found = TOKEN.search(page.text)
    token = found.group(1) if found else ""
    return client.post(url, data={"csrf_token": token} | (data or {}), **more)
