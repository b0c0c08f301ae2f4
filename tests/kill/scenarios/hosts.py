"""As on several hosts: gunicorn with four workers, four sweepers, two deliverers, each a process of its own."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.config import ROOT, Config
from tests.kill.harness import Harness
from tests.kill.scenarios import Outcome
from tests.kill.scenarios.restart import SEED, _outcome

SWEEPERS = WORKERS = 4
CREW = {f"sweep {n}": "sweep" for n in range(SWEEPERS)} | {"deliver 1": "deliver", "deliver 2": "deliver"}


def hosts(url: str, folder: Path, *, posts: int = 20, longest: float = 60.0) -> Outcome:
    """Posts through all four workers, sweeps by all four sweepers, nothing doubled, numbers without a gap."""
    harness = Harness(folder, url, seed=SEED, crew=CREW)
    sweeps = folder / "shares.txt"
    sweeps.touch()
    with gunicorn(harness.config) as log:

        def work(_done: int) -> None:
            """Until everybody has had a share, and there were posts enough."""
            end = time.monotonic() + longest
            while time.monotonic() < end and not (
                len(harness.paper.read_text().splitlines()) >= posts
                and len(_shares(log.read_text(), weight=False)) == WORKERS
                and len(_shares(sweeps.read_text())) == SWEEPERS
            ):
                time.sleep(0.1)

        findings = harness.run(0, work)
    harness.db.dispose()
    outcome = _outcome(findings, harness)
    served, swept = _shares(log.read_text(), weight=False), _shares(sweeps.read_text())
    outcome.figures |= {"answers of each worker": served, "notices of each sweeper": swept}
    outcome.faults["workers without a share"] = WORKERS - len(served)
    outcome.faults["sweepers without a share"] = SWEEPERS - len(swept)
    return outcome


@contextmanager
def gunicorn(config: Config) -> Iterator[Path]:
    """The real server with its real factory; the file that names the process of each answer."""
    log = config.instance / "access.txt"
    command = [sys.executable, "-m", "gunicorn", "app:create_app()", "--workers", WORKERS, "--threads", 2]
    command += ["--bind", f"{config.host}:{config.port}", "--no-control-socket", "--log-level", "warning"]
    command += ["--access-logfile", log, "--access-logformat", "%(p)s", "--graceful-timeout", 3]
    env = {"DATABASE_URL": config.url, "HUIYIN_INSTANCE": str(config.instance)}
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT, env=os.environ | env)
    try:
        yield log
    finally:
        process.terminate()
        process.wait(20)


def _shares(text: str, *, weight: bool = True) -> list[int]:
    """The work of each process, the busiest first."""
    found: Counter[str] = Counter()
    for line in text.splitlines():
        pid, *count = line.strip("<>").split()
        found[pid] += int(count[0]) if weight else 1
    return sorted(found.values(), reverse=True)
