"""The long run, for people: a table for each database, and exit code 1 on any fault."""

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

from tests.kill import cluster, points
from tests.kill.broken import BUILDS
from tests.kill.check import Findings
from tests.kill.harness import Harness, database
from tests.kill.scenarios import Outcome, disk, hosts, outage, restart, together

MANY, RARE = 200, 3  # from so many kills on every point must have been reached so often
NEEDS_SERVER = {"check": "only a server lets two sweeps meet"}
BOTH, LITE, SERVER = ("", "server"), ("",), ("server",)
Scenario = Callable[[str, Path], Outcome]
SCENARIOS: Mapping[str, tuple[tuple[str, ...], Scenario]] = {
    "together": (BOTH, partial(together.together, clocks=2000, sweepers=2, rounds=6)),
    "four": (BOTH, partial(together.together, clocks=2000, sweepers=4, rounds=6)),
    "outage": (BOTH, partial(outage.outage, cases=2000)),
    "disk": (LITE, partial(disk.disk, posts=150)),
    "restart": (LITE, partial(restart.restart, restarts=10, kills=100)),
    "hung": (LITE, partial(restart.hung, seconds=20)),
    "hosts": (SERVER, partial(hosts.hosts, posts=300)),
}


def main() -> int:
    asked = _arguments()
    logging.disable(logging.WARNING)
    if asked.scenario:
        names = list(SCENARIOS) if asked.scenario == "all" else [asked.scenario]
        return max(_scenario(name, asked.database) for name in names)
    places = [place for place in ("", asked.database) if place or not asked.database_only]
    builds = BUILDS if asked.controls else (asked.broken,)
    runs = [(place, build) for build in builds for place in dict.fromkeys(places)]
    runs = [(place, build) for place, build in runs if place or build not in NEEDS_SERVER]
    return max(_run(place, asked.kills, asked.seed, build) for place, build in runs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("tests.kill", description=__doc__)
    server = os.environ.get("TEST_DATABASE_URL", "")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", default=server, help="a PostgreSQL server; else TEST_DATABASE_URL")
    parser.add_argument("--database-only", action="store_true", help="not on SQLite")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--broken", choices=BUILDS, default="", help="a build that must show faults")
    parser.add_argument("--controls", action="store_true", help="all broken builds, where they can go wrong")
    parser.add_argument("--scenario", choices=[*SCENARIOS, "all"], help="instead of kills")
    return parser.parse_args()


def _run(server: str, kills: int, seed: int, build: str) -> int:
    """0 when all is well: no fault, or with a broken build at least one."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, database(server) as url:
        harness = Harness(Path(folder), url, seed=seed, build=build)
        findings = harness.run(kills)
        harness.db.dispose()
        _print(harness, findings, seed, time.monotonic() - started)
    tally = harness.tally
    bad = bool(findings.faults or tally.crashed or (not build and kills >= MANY and tally.fewest < RARE))
    return int(bad != bool(build))


def _print(harness: Harness, findings: Findings, seed: int, seconds: float) -> None:
    tally, place = harness.tally, "SQLite" if harness.db.is_sqlite else "PostgreSQL"
    build = f", broken build `{harness.orders.build}`" if harness.orders.build else ""
    load, killed = os.getloadavg()[0], f"at random {tally.at_random}, at points {tally.at_points.total()}"
    print(f"{place}{build}, seed {seed}, {tally.kills} kills in {seconds:.0f} s, load {load:.1f}")
    print(f"  {tally.tries} posts sent; killed {killed}; the rarest point {tally.fewest} times")
    for name in points.ALL:
        print(f"    {name:<30} {tally.at_points[name]:>6}")
    for name, count in asdict(findings).items():
        mark = "  FAULT" if count and name.startswith("fault_") else ""
        print(f"  {name.removeprefix('fault_').replace('_', ' '):<32} {count:>6}{mark}")
    print(f"  {'processes that crashed':<32} {tally.crashed:>6}{'  FAULT' if tally.crashed else ''}")
    print(f"  {'answers other than accepted':<32} {tally.strange.total():>6}  {dict(tally.strange) or ''}")
    for line in sorted(set(harness.orders.troubles.read_text().splitlines())):
        print(f"    {line}")


def _scenario(name: str, server: str) -> int:
    """On each database it is for; one that cannot run here says so and does not fail."""
    where, run = SCENARIOS[name]
    worst = 0
    for place in where:
        if (place and not server) or (name in ("restart", "hung") and not cluster.AVAILABLE):
            print(f"{name}: not run, there is no server for it", flush=True)
            continue
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, database(server if place else "") as url:
            outcome = run(url, Path(folder))
        on = "" if name in ("restart", "hung") else "PostgreSQL, " if place else "SQLite, "
        print(f"{name}: {on}{time.monotonic() - started:.0f} s, load {os.getloadavg()[0]:.1f}")
        for key, value in outcome.figures.items():
            print(f"  {key.replace('_', ' '):<34} {value}")
        for key, count in outcome.faults.items():
            print(f"  {key.replace('_', ' '):<34} {count}{'  FAULT' if count else ''}", flush=True)
        worst = max(worst, int(bool(outcome.bad)))
    return worst


if __name__ == "__main__":
    sys.exit(main())
