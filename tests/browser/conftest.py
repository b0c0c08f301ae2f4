"""A real browser against a real server. Skipped only where no Chromium is installed (.ci/run installs it)."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from app import create_app
from core import signin
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import Person
from inquiries import county
from tests.conftest import KEY

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
Enter = Callable[[str], Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: set CHROMIUM or install the package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def site(lite: Database, tmp_path: Path) -> Iterator[str]:
    """The address of the application, served by the same server as in production, with the five people."""
    with lite.writing() as session:
        county.make_people(session, county.make_units(session, at=now()), at=now())
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    app = create_app(Config(instance=tmp_path, database_url=str(lite.url), key_file=key))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)
    app.extensions["huiyin.db"].dispose()


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Fresh browser windows, as many as a test needs."""
    opened: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        opened.append(browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def enter(site: str, lite: Database, window: Callable[..., BrowserContext]) -> Enter:
    """A page signed in through the form as the person of this login."""

    def sign_in(login: str) -> Page:
        with lite.writing() as session:
            person = session.scalars(select(Person).where(Person.login == login)).one()
            person.password_hash = signin.hash_password("Changed-long-enough-1")
            person.must_change = False
        page = window(viewport={"width": 1366, "height": 768}).new_page()
        page.goto(f"{site}/login")
        page.fill("#login", login)
        page.fill("#password", "Changed-long-enough-1")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return sign_in


def findings(page: Page) -> list[str]:
    """Serious findings of the accessibility engine on the page as it stands."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}" for v in violations if v["impact"] in {"serious", "critical"}
    ]
