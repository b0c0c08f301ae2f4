"""List pages and intake of a small and a very large county, against bare Flask views on the same server."""

import tempfile
import time
import uuid
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from bench import server
from bench.fill import county_db, fill
from bench.server import Browser
from bench.show import median_of, ms, say
from core.db import Database

SIZES, ROUNDS = (10_000, 1_000_000), 101
CALL = {"channel": "hotline_12345", "kind": "inquiry", "urgency": "normal", "way": "phone", "unit": "housing"}
CALL |= {
    "name": "谭女士",
    "phone": "13800001234",
    "category": "0101",
    "do": "dispatch",
    "matter": "想问补贴标准。",
}


def pages() -> None:
    """The middle of 101 answers each, one client, connection kept alive; then how the list grows with the cases."""
    lists = [_county(cases) for cases in SIZES]
    say(f"pages: list at {SIZES[-1]:,} cases is {lists[-1] / lists[0]:.1f}x the list at {SIZES[0]:,}")


def _county(cases: int) -> float:
    """Seconds of the newest list."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        db = county_db(folder)
        fill(db, cases)
        say(f"pages: {cases:,} cases filled in {time.perf_counter() - started:.0f} s")
        config = server.config_for(folder, db)
        with server.serving(server.bare, config):
            floor = _middle(Browser(config.port), "GET", "/")
            write = median_of(lambda: Browser(config.port).ask("POST", "/"), rounds=ROUNDS)
        say(f"pages: {'bare list of the same rows':<28} {ms(floor)} ms")
        say(f"pages: {'bare insert of one row':<28} {ms(write)} ms")
        with server.serving(server.product, config):
            taken = _product(config.port, server.cookie_of(config, db, "zhouxq"), floor, write)
        db.dispose()
    return taken


def _product(port: int, cookie: str, floor: float, write: float) -> float:
    browser = Browser(port, cookie)
    newest = _middle(browser, "GET", "/cases")
    _say("list, newest", newest, floor)
    _say("list, overdue", _middle(browser, "GET", "/cases?view=overdue"), floor)
    _say("inbox", _middle(browser, "GET", "/inbox"), floor)
    token = browser.token("/intake")

    def post() -> None:
        form = CALL | {"csrf_token": token, "client_key": str(uuid.uuid4()), "title": "旧楼加装电梯"}
        status, _text = browser.ask("POST", "/intake", urlencode(form))
        assert status == HTTPStatus.SEE_OTHER, status

    post()
    _say("intake, register + dispatch", median_of(post, rounds=ROUNDS), write)
    return newest


def _middle(browser: Browser, method: str, path: str) -> float:
    status, _text = browser.ask(method, path)
    assert status == HTTPStatus.OK, (path, status)
    return median_of(lambda: browser.ask(method, path), rounds=ROUNDS)


def _say(word: str, seconds: float, floor: float) -> None:
    say(f"pages: {word:<28} {ms(seconds)} ms, {seconds / floor:.1f}x of the bare one")


def start() -> None:
    """Seconds from starting the process to its first answer, and its memory then and after some work."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db: Database = county_db(folder)
        config = server.config_for(folder, db)
        started = time.perf_counter()
        with server.serving(server.product, config) as process:
            taken = time.perf_counter() - started
            first = _memory(process.pid or 0)
            browser = Browser(config.port, server.cookie_of(config, db, "zhouxq"))
            for _ in range(100):
                browser.ask("GET", "/cases")
            worked = _memory(process.pid or 0)
        db.dispose()
    say(f"start: first answer after {taken:.2f} s; resident {first:.0f} MB, after 100 pages {worked:.0f} MB")


def _memory(pid: int) -> float:
    """Resident megabytes, as the kernel counts them; 0 where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
