"""The rooms of the house: who may use whom. The contracts are in pyproject.toml."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
NOT_ROOMS = {"tests", "bench", "migrations"}


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    # The environment's own import path would show the linter these rooms instead of the folder's.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [str(LINTER), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in SETTINGS["root_packages"]:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_rooms_keep_their_contracts() -> None:
    result = check(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("core/planted.py", "import escalation"),
        ("core/planted.py", "import sla"),
        ("core/planted.py", "import app"),
        ("escalation/planted.py", "import inquiries"),
        ("inquiries/planted.py", "import portal"),
        ("sla/planted.py", "import core"),
        ("sla/planted.py", "import sqlalchemy"),
        ("core/planted/service.py", "import flask"),
    ],
)
def test_a_planted_violation_is_reported(copy: Path, file: str, line: str) -> None:
    planted = copy / file
    planted.parent.mkdir(exist_ok=True)
    (planted.parent / "__init__.py").touch()
    planted.write_text(line + "\n", "utf-8")

    result = check(copy)

    module = file.removesuffix(".py").replace("/", ".")
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{module} -> {line.removeprefix('import ')}" in result.stdout


def test_every_room_is_under_the_contracts() -> None:
    rooms = {file.parent.name for file in ROOT.glob("[!.]*/*.py")} - NOT_ROOMS
    assert rooms == set(SETTINGS["root_packages"])


def test_every_room_stands_on_a_layer() -> None:
    layers = " ".join(SETTINGS["contracts"][0]["layers"])
    assert set(SETTINGS["root_packages"]) <= set(layers.translate(str.maketrans("()|", "   ")).split())
