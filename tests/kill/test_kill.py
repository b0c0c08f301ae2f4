"""A short run in every build; `python -m tests.kill` is the long one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import POSTGRES
from tests.kill.check import Findings
from tests.kill.harness import Harness, database

KILLS = 16
SEED = 20260930
needs_server = pytest.mark.skipif(not POSTGRES, reason="TEST_DATABASE_URL is not set")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_server)])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database(POSTGRES if request.param == "postgresql" else "") as address:
        yield address


def run(folder: Path, url: str, build: str = "") -> tuple[Harness, Findings]:
    harness = Harness(folder, url, seed=SEED, build=build)
    findings = harness.run(KILLS)
    harness.db.dispose()
    return harness, findings


def test_killed_processes_lose_and_double_nothing(url: str, tmp_path: Path) -> None:
    harness, findings = run(tmp_path, url)
    assert findings.accepted > 0 and findings.notices > 0 and findings.received > 0
    assert (findings.faults, harness.tally.crashed, harness.tally.strange) == (0, 0, {}), findings


def test_a_build_that_answers_before_it_commits_is_seen(tmp_path: Path) -> None:
    _harness, findings = run(tmp_path, "", build="ack")
    assert findings.fault_lost > 0


def test_a_build_that_commits_state_before_notices_is_seen(tmp_path: Path) -> None:
    _harness, findings = run(tmp_path, "", build="split")
    assert findings.fault_notices_missing > 0


def test_a_build_that_marks_before_it_sends_is_seen(tmp_path: Path) -> None:
    _harness, findings = run(tmp_path, "", build="mark")
    assert findings.fault_undelivered > 0


@needs_server
def test_a_build_without_the_unique_key_is_seen(tmp_path: Path) -> None:
    with database(POSTGRES) as url:
        _harness, findings = run(tmp_path, url, build="check")
    assert findings.fault_notices_doubled > 0
