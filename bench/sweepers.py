"""How the sweep grows with its sweepers: one, two and four processes over the same due set, on each database."""

import os
import tempfile
from pathlib import Path

from bench.show import load, say
from tests.kill.harness import database
from tests.kill.scenarios.together import together

CLOCKS, ROUNDS, TRIES = 4000, 3, 3


def sweepers() -> None:
    """Notices per second, the middle of three runs; PostgreSQL when TEST_DATABASE_URL is set."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    for place in ("", server) if server else ("",):
        one = 0
        for count in (1, 2, 4):
            rate, held = sorted(_rate(place, count) for _ in range(TRIES))[TRIES // 2]
            one = one or rate
            name, words = "PostgreSQL" if place else "SQLite", f"{rate / one:.2f}x of one"
            say(
                f"sweepers: {name}, {count}: {rate:,} notices per second, {words}, chain held {held:.0%}{load()}"
            )


def _rate(server: str, count: int) -> tuple[int, float]:
    """Notices per second, and the share of a transaction during which all other writers wait for it."""
    with tempfile.TemporaryDirectory() as folder, database(server) as url:
        outcome = together(url, Path(folder), clocks=CLOCKS, sweepers=count, rounds=ROUNDS)
    assert not outcome.bad, outcome
    held = outcome.figures["share of its transactions that holds the chain"]
    return int(str(outcome.figures["notices per second"])), float(str(held))
