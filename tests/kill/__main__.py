"""The long run, for people: a table, and exit code 1 on any fault (a broken build must have one: then 0)."""

import argparse
import logging
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.kill.broken import BUILDS
from tests.kill.harness import Harness, database


def main() -> int:
    asked = _arguments()
    logging.disable(logging.WARNING)
    seed = asked.seed if asked.seed is not None else time.time_ns() % 1_000_000
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, database(asked.database) as url:
        harness = Harness(Path(folder), url, seed=seed, build=asked.broken)
        findings = harness.run(asked.kills)
        harness.db.dispose()
    _print(harness, asdict(findings), seed, time.monotonic() - started)
    bad = bool(findings.faults or harness.tally.crashed)
    return int(bad != bool(asked.broken))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("tests.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", default="", help="a PostgreSQL server; without it SQLite in a folder")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--broken", choices=BUILDS, default="", help="a build that must show faults")
    return parser.parse_args()


def _print(harness: Harness, findings: dict[str, int], seed: int, seconds: float) -> None:
    tally = harness.tally
    place = "SQLite" if harness.db.is_sqlite else "PostgreSQL"
    print(f"{place}, seed {seed}, {tally.kills} kills in {seconds:.0f} s, {tally.tries} posts sent")
    print(f"  killed at random {tally.at_random}, at named points {tally.at_points.total()}:")
    for name, count in sorted(tally.at_points.items()):
        print(f"    {name:<26} {count:>6}")
    for name, count in findings.items():
        print(f"  {name.removeprefix('fault_').replace('_', ' '):<28} {count:>6}{_mark(name, count)}")
    print(f"  {'processes that crashed':<28} {tally.crashed:>6}{'  FAULT' if tally.crashed else ''}")
    print(f"  {'answers other than accepted':<28} {tally.strange.total():>6}  {dict(tally.strange) or ''}")


def _mark(name: str, count: int) -> str:
    return "  FAULT" if count and name.startswith("fault_") else ""


if __name__ == "__main__":
    sys.exit(main())
