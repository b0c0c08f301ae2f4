"""The long run, for people: a table for each database, and exit code 1 on any fault."""

import argparse
import logging
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.kill import points
from tests.kill.broken import BUILDS
from tests.kill.check import Findings
from tests.kill.harness import Harness, database

MANY = 200  # from so many kills on every point must have been reached three times
RARE = 3


def main() -> int:
    asked = _arguments()
    logging.disable(logging.WARNING)
    places = [""] if not asked.database else [asked.database] if asked.broken else ["", asked.database]
    return max(_run(place, asked.kills, asked.seed, asked.broken) for place in places)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("tests.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    server = os.environ.get("TEST_DATABASE_URL", "")
    parser.add_argument(
        "--database", default=server, help="a PostgreSQL server; TEST_DATABASE_URL without it"
    )
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--broken", choices=BUILDS, default="", help="a build that must show faults")
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
    bad = bool(findings.faults or tally.crashed or (kills >= MANY and tally.fewest < RARE))
    return int(bad != bool(build))


def _print(harness: Harness, findings: Findings, seed: int, seconds: float) -> None:
    tally, place = harness.tally, "SQLite" if harness.db.is_sqlite else "PostgreSQL"
    build = f", broken build `{harness.orders.build}`" if harness.orders.build else ""
    load = os.getloadavg()[0]
    print(f"{place}{build}, seed {seed}, {tally.kills} kills in {seconds:.0f} s, load {load:.1f}")
    print(
        f"  {tally.tries} posts sent; killed at random {tally.at_random}, at points {tally.at_points.total()}"
    )
    for name in points.ALL:
        print(f"    {name:<30} {tally.at_points[name]:>6}")
    for name, count in asdict(findings).items():
        mark = "  FAULT" if count and name.startswith("fault_") else ""
        print(f"  {name.removeprefix('fault_').replace('_', ' '):<32} {count:>6}{mark}")
    print(f"  {'processes that crashed':<32} {tally.crashed:>6}{'  FAULT' if tally.crashed else ''}")
    print(f"  {'answers other than accepted':<32} {tally.strange.total():>6}  {dict(tally.strange) or ''}")
    for line in sorted(set(harness.orders.troubles.read_text().splitlines())):
        print(f"    {line}")


if __name__ == "__main__":
    sys.exit(main())
