"""Every direct dependency is pinned and has its reason in docs/dependencies.md."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("requirements.in", "requirements-dev.in", "requirements-bench.in", "requirements-helpdesk.in")


def direct(name: str) -> list[str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("name", LISTS)
def test_every_direct_dependency_is_pinned(name: str) -> None:
    assert [line for line in direct(name) if "==" not in line.split(";")[0]] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_direct_dependency_has_its_reason(name: str) -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = set(re.findall(r"^\| (\S+) \|", page, re.MULTILINE))
    assert {line.split("==")[0] for line in direct(name)} <= rows


@pytest.mark.parametrize("name", LISTS)
def test_the_compiled_list_holds_the_same_pins(name: str) -> None:
    compiled = (ROOT / name.replace(".in", ".txt")).read_text("utf-8").splitlines()
    pins = {line.split(" ;")[0] for line in compiled}
    wanted = {re.sub(r"\[.*]", "", line.split(" ;")[0]).lower().replace("_", "-") for line in direct(name)}
    assert wanted <= pins
