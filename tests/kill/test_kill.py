"""A short run in every build; `python -m tests.kill` is the long one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import POSTGRES
from tests.kill.check import Findings
from tests.kill.harness import Harness, database

KILLS, FEW = 12, 5
SEED = 20260930
needs_server = pytest.mark.skipif(not POSTGRES, reason="TEST_DATABASE_URL is not set")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_server)])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database(POSTGRES if request.param == "postgresql" else "") as address:
        yield address


def run(folder: Path, url: str) -> tuple[Harness, Findings]:
    harness = Harness(folder, url, seed=SEED)
    findings = harness.run(KILLS)
    harness.db.dispose()
    return harness, findings


def broken(folder: Path, build: str, point: str) -> Findings:
    """A broken build on SQLite whose processes die where it hurts."""
    harness = Harness(folder, "", seed=SEED, build=build, focus=[point])
    findings = harness.run(FEW)
    harness.db.dispose()
    return findings


def test_killed_processes_lose_and_double_nothing(url: str, tmp_path: Path) -> None:
    harness, findings = run(tmp_path, url)
    assert findings.accepted > 0 and findings.notices > 0 and findings.received > 0
    assert (findings.faults, harness.tally.crashed, harness.tally.strange) == (0, 0, {}), findings


def test_a_build_that_answers_before_it_commits_is_seen(tmp_path: Path) -> None:
    assert broken(tmp_path, "ack", "web: case written").fault_lost > 0


def test_a_build_that_commits_state_before_notices_is_seen(tmp_path: Path) -> None:
    assert broken(tmp_path, "split", "sweep: after commit").fault_notices_missing > 0


def test_a_build_that_marks_before_it_sends_is_seen(tmp_path: Path) -> None:
    assert broken(tmp_path, "mark", "deliver: claimed, not sent").fault_undelivered > 0
