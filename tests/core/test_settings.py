"""docs/settings.md and the dataclass say the same."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from core.config import ROOT, Config

TABLE = re.compile(r"^\| `([A-Z_]+)` \| `([a-z_]+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", re.MULTILINE)
ROWS = {row[1]: row for row in TABLE.findall((ROOT / "docs" / "settings.md").read_text("utf-8"))}
SAMPLE = {"https": ("1", True), "demo": ("1", True), "trusted_proxies": ("2", 2), "port": ("81", 81)}
SAMPLE |= {"outbound_hosts": ("hook.example", "hook.example")}
PATHS = {"instance", "key_file"}


def test_every_field_is_described() -> None:
    assert sorted(ROWS) == sorted(field.name for field in fields(Config))


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_default_is_the_one_in_the_document(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, *_rest in ROWS.values():
        monkeypatch.delenv(variable, raising=False)
    value = getattr(Config.from_env(), name)
    shown = {None: "", True: "1", False: "0", ROOT / "instance": "instance"}.get(value, str(value))
    assert ROWS[name][2] == shown


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_variable_sets_the_field(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text, wanted = SAMPLE.get(name, (str(tmp_path), tmp_path if name in PATHS else str(tmp_path)))
    monkeypatch.setenv(ROWS[name][0], text)
    assert getattr(Config.from_env(), name) == wanted


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("HUIYIN_HTTPS", "yes"),
        ("HUIYIN_PORT", "x"),
        ("HUIYIN_PORT", "70000"),
        ("HUIYIN_TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(ValueError, match=f"{variable} must be"):
        Config.from_env()


@pytest.mark.parametrize(
    "variable", ["HUIYIN_PORT", "HUIYIN_HTTPS", "HUIYIN_KEY_FILE", "HUIYIN_COUNTY", "HUIYIN_HOST"]
)
def test_a_variable_set_to_nothing_keeps_the_default(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv(variable, raising=False)
    unset = Config.from_env()
    monkeypatch.setenv(variable, "")
    assert Config.from_env() == unset
