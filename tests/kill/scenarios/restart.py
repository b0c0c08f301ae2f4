"""The database is stopped at once under load, and comes back; or it hangs. On a server of the scenario's own."""

import signal
import time
from dataclasses import asdict
from pathlib import Path

from tests.kill.check import Findings
from tests.kill.cluster import Cluster, cluster
from tests.kill.harness import Harness, database
from tests.kill.scenarios import Outcome

SEED = 20260930
PAUSE = 1.0  # seconds of work before and between two restarts


def restart(_url: str, folder: Path, *, restarts: int = 2, kills: int = 0) -> Outcome:
    """`-m immediate` so often while posts, sweeps and deliveries go on, and so many processes are killed besides."""
    every = max(kills // restarts, 1)

    def meanwhile(server: Cluster, done: int) -> None:
        if kills and done % every:
            return
        for _ in range(restarts if not kills else int(done > 0)):
            time.sleep(PAUSE)
            server.restart()
        time.sleep(PAUSE)

    return _run(folder, kills, meanwhile, restarts)


def hung(_url: str, folder: Path, *, seconds: float = 5.0) -> Outcome:
    """Every process of the server is stopped for so long (SIGSTOP), then goes on."""

    def meanwhile(server: Cluster, _done: int) -> None:
        time.sleep(PAUSE)
        server.say(signal.SIGSTOP)
        time.sleep(seconds)
        server.say(signal.SIGCONT)
        time.sleep(PAUSE)

    return _run(folder, 0, meanwhile, 0)


def _run(folder: Path, kills: int, meanwhile: object, restarts: int) -> Outcome:
    with cluster() as server, database(server.url) as url:
        harness = Harness(folder, url, seed=SEED, patient=True)
        findings = harness.run(kills, lambda done: meanwhile(server, done))  # type: ignore[operator]
        harness.db.dispose()
        ends = server.sudden_ends
    outcome = _outcome(findings, harness)
    outcome.figures["immediate shutdowns"] = ends
    outcome.faults["shutdowns that were not immediate"] = int(ends < restarts)
    return outcome


def _outcome(findings: Findings, harness: Harness) -> Outcome:
    counts = asdict(findings)
    figures: dict[str, object] = {n: c for n, c in counts.items() if not n.startswith("fault_")}
    figures |= {"kills": harness.tally.kills, "posts": harness.tally.tries}
    figures["answers other than accepted"] = dict(harness.tally.strange)
    faults = {n.removeprefix("fault_"): c for n, c in counts.items() if n.startswith("fault_")}
    faults["crashed"] = harness.tally.crashed
    faults["answers neither yes nor 503"] = sum(
        count for answer, count in harness.tally.strange.items() if answer != "503"
    )
    return Outcome(figures, faults)
