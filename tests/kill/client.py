"""An operator who is never killed: signs in, posts calls, keeps on paper (fsync) which were accepted."""

import http.client
import os
import random
import re
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from core.clock import now
from sla import SHANGHAI

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AGO = 24  # days; a contact so long ago has passed every rung, a fresh one none
CALL = {"channel": "hotline_12345", "kind": "inquiry", "urgency": "normal", "way": "phone", "unit": "housing"}
CALL |= {"name": "谭女士", "phone": "13800001234", "place": "双江街道", "category": "0101", "do": "dispatch"}
TROUBLE = (OSError, http.client.HTTPException)


class Operator(threading.Thread):
    """Posts one call after the other until told to stop; repeats a call under its key until answered."""

    def __init__(self, port: int, login: tuple[str, str], paper: Path, seed: int) -> None:
        super().__init__(daemon=True)
        self._port, self._login, self._random = port, login, random.Random(seed)
        self._paper = paper.open("a")
        self._cookie, self._token = "", ""
        self._done = threading.Event()
        self.tries = 0
        self.strange: Counter[str] = Counter()

    def sign_in(self) -> None:
        """Through the real page; the server must be up."""
        token = self._page("/login")
        answer = self._send(
            "/login", {"login": self._login[0], "password": self._login[1], "csrf_token": token}
        )
        if answer[0] != HTTPStatus.SEE_OTHER:
            raise RuntimeError(f"signing in was refused: {answer}")
        self._token = self._page("/intake")

    def run(self) -> None:
        while not self._done.is_set():
            call = self.new_call()
            while not self._accepted(call) and not self._done.wait(0.02):
                pass

    def new_call(self) -> dict[str, str]:
        """A form under a key of its own."""
        key = str(uuid.UUID(int=self._random.getrandbits(128)))
        received = now() - timedelta(minutes=self._random.randrange(1, AGO * 24 * 60))
        local = f"{received.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
        return CALL | {"client_key": key, "received_at": local, "title": key, "matter": key}

    def post(self, call: dict[str, str]) -> int:
        """The status of one try."""
        return self._send("/intake", call | {"csrf_token": self._token})[0]

    def stop(self) -> None:
        self._done.set()
        self.join()
        self.close()

    def close(self) -> None:
        """Put the paper away; enough for one that was never started."""
        self._paper.close()

    def _accepted(self, call: dict[str, str]) -> bool:
        self.tries += 1
        try:
            status, location = self._send("/intake", call | {"csrf_token": self._token})
        except TROUBLE:
            return False
        if status != HTTPStatus.SEE_OTHER or not location.startswith("/intake"):
            self.strange[f"{status} {location}".strip()] += 1
            return False
        self._paper.write(f"{call['client_key']} {call['received_at']}\n")
        self._paper.flush()
        os.fsync(self._paper.fileno())
        return True

    def _page(self, path: str) -> str:
        """The token of a page's form."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        connection.request("GET", path, headers={"Cookie": self._cookie})
        answer = connection.getresponse()
        found = TOKEN.search(answer.read().decode())
        self._keep_cookie(answer)
        connection.close()
        return found.group(1) if found else ""

    def _send(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("POST", path, urlencode(form), FORM | {"Cookie": self._cookie})
            answer = connection.getresponse()
            answer.read()
            if path == "/login":
                self._keep_cookie(answer)
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()

    def _keep_cookie(self, answer: http.client.HTTPResponse) -> None:
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        self._cookie = cookie or self._cookie


def wait_for(port: int, seconds: float = 20) -> None:
    """Until the server answers; TimeoutError if it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
            return
        except TROUBLE:
            time.sleep(0.05)
        finally:
            connection.close()
    raise TimeoutError(f"no answer on port {port}")
