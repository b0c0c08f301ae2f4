"""The other side must be believed: what it says it got is what it got."""

import http.client
from pathlib import Path

import pytest

from tests.escalation.receiver import Receiver


def post(there: Receiver, body: str = "TZ0000001", key: str = "k1") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", there.port, timeout=5)
    connection.request("POST", "/hook", body, {"Idempotency-Key": key})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_an_accepted_message_is_on_paper_before_its_answer(tmp_path: Path) -> None:
    with Receiver(log=tmp_path / "got.txt") as there:
        post(there, "TZ0000001 TZ0000002 TZ0000001")
        assert (tmp_path / "got.txt").read_text() == "k1 TZ0000001 TZ0000002\n"


def test_a_refused_message_is_not_on_paper(tmp_path: Path) -> None:
    with Receiver(log=tmp_path / "got.txt", plan=["500"]) as there:
        assert post(there)[0] == 500
        assert not (tmp_path / "got.txt").exists()


def test_a_lost_answer_leaves_the_message_on_paper(tmp_path: Path) -> None:
    with Receiver(log=tmp_path / "got.txt", plan=["lost"]) as there:
        with pytest.raises(http.client.RemoteDisconnected):
            post(there)
        assert (tmp_path / "got.txt").read_text() == "k1 TZ0000001\n"


def test_the_odds_are_kept() -> None:
    with Receiver(fail=0.2, seed=1) as there:
        refused = sum(post(there)[0] == 500 for _ in range(200))
    assert 20 <= refused <= 60
