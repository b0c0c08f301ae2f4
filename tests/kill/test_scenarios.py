"""The scenarios in their small size; `run.py kill-test --scenario NAME` runs the large ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import POSTGRES
from tests.kill import cluster
from tests.kill.harness import database
from tests.kill.scenarios import Outcome, disk, hosts, outage, restart, together

needs_server = pytest.mark.skipif(not POSTGRES, reason="TEST_DATABASE_URL is not set")
needs_cluster = pytest.mark.skipif(not cluster.AVAILABLE, reason=cluster.WHY_NOT)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_server)])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database(POSTGRES if request.param == "postgresql" else "") as address:
        yield address


@pytest.fixture
def server() -> Iterator[str]:
    with database(POSTGRES) as address:
        yield address


def well(outcome: Outcome) -> bool:
    """Shows everything when it is not."""
    assert outcome.bad == {}, outcome
    return True


def test_two_sweepers_over_two_thousand_due_clocks_double_nothing(url: str, tmp_path: Path) -> None:
    outcome = together.together(url, tmp_path, clocks=2000, rounds=2)
    assert well(outcome) and outcome.figures["notices"] == 4000


@needs_server
def test_without_the_unique_key_two_sweepers_double_notices(server: str, tmp_path: Path) -> None:
    outcome = together.together(server, tmp_path, clocks=400, rounds=3, build="check")
    assert outcome.faults["doubled"] > 0


def test_three_days_down_are_made_up_with_one_message_for_a_case(url: str, tmp_path: Path) -> None:
    outcome = outage.outage(url, tmp_path, cases=500)
    assert well(outcome) and outcome.figures["superseded"]


def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    if not disk.can_mount(tmp_path):
        pytest.skip(disk.WHY_NOT)
    assert well(disk.disk("", tmp_path, posts=20))


@needs_cluster
def test_a_database_that_dies_under_load_loses_nothing(tmp_path: Path) -> None:
    assert well(restart.restart("", tmp_path, restarts=1))


@needs_server
def test_four_workers_and_four_sweepers_share_the_work(server: str, tmp_path: Path) -> None:
    assert well(hosts.hosts(server, tmp_path, posts=10))
