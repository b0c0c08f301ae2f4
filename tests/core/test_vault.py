"""Sealed fields open in their own place only."""

from pathlib import Path
from stat import S_IMODE

import pytest

from core.vault import SealBroken, Vault, open_vault
from tests.conftest import KEY
from tests.core.together import at_once


def test_a_sealed_value_opens_in_its_own_place_only() -> None:
    vault = Vault(KEY)
    blob = vault.seal("13800001234", place="requester.phone|a")
    assert vault.unseal(blob, place="requester.phone|a") == "13800001234"
    for other in ("requester.phone|b", "requester.name|a"):
        with pytest.raises(SealBroken):
            vault.unseal(blob, place=other)


@pytest.mark.parametrize("position", [0, 1, 13, -1])
def test_a_changed_sealed_value_does_not_open(position: int) -> None:
    blob = bytearray(Vault(KEY).seal("张三", place="p"))
    blob[position] ^= 1
    with pytest.raises(SealBroken):
        Vault(KEY).unseal(bytes(blob), place="p")


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x02" + bytes(40)])
def test_what_is_no_sealed_value_does_not_open(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        Vault(KEY).unseal(blob, place="p")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        Vault(bytes(32)).unseal(Vault(KEY).seal("张三", place="p"), place="p")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert Vault(KEY).seal("张三", place="p") != Vault(KEY).seal("张三", place="p")


def test_a_blind_fingerprint_depends_on_text_kind_and_key() -> None:
    first = Vault(KEY).blind("phone", "13800001234")
    assert first == Vault(KEY).blind("phone", "13800001234")
    assert len(first) == 16
    others = (
        Vault(KEY).blind("phone", "13800001235"),
        Vault(KEY).blind("code", "13800001234"),
        Vault(bytes(32)).blind("phone", "13800001234"),
    )
    assert first not in others


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "new" / "master.key"
    blob = open_vault(path).seal("张三", place="p")
    assert open_vault(path).unseal(blob, place="p") == "张三"
    assert S_IMODE(path.stat().st_mode) == 0o400


def test_a_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text("00ff")
    with pytest.raises(ValueError, match="32 bytes"):
        open_vault(path)


def test_processes_that_start_at_once_end_with_one_key(tmp_path: Path) -> None:
    made: list[bytes] = []
    at_once(8, lambda _number: made.append(open_vault(tmp_path / "new" / "master.key").web_secret))
    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["master.key"]
