"""Timing and printing."""

import os
import time
from collections.abc import Callable


def say(line: str) -> None:
    print(line, flush=True)


def ms(seconds: float) -> str:
    """Seconds as milliseconds with two digits."""
    return f"{seconds * 1000:.2f}"


def median_of(act: Callable[[], object], *, rounds: int) -> float:
    """The middle of several timings, in seconds: neither the lucky one nor the interrupted one."""
    taken = sorted(timed(act) for _ in range(rounds))
    return taken[rounds // 2]


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def load() -> str:
    """How busy the machine was, for the end of a line: a figure without it cannot be compared."""
    return f" (load {os.getloadavg()[0]:.1f})"
