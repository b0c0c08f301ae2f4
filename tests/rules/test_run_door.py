"""run.py is the door that people come in by: it must open on a machine with nothing but Python."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERBS = ("demo", "serve", "setup", "test", "lint", "bench", "kill-test")
posix_only = pytest.mark.skipif(os.name == "nt", reason="builds its environment from a shell script")


def door(folder: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "run.py"), *arguments]
    # C: a server without any locale must still be able to read the Chinese lines.
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an installed environment and an app that repeats its arguments and ends with 7."""
    folder = tmp_path / "项目"
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    shutil.copy(ROOT / "run.py", folder)
    (folder / "app.py").write_text(
        "import os, sys\nprint(os.getcwd(), *sys.argv[1:])\nsys.exit(7)\n", "utf-8"
    )
    (tools / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    (tools / "python").chmod(0o755)
    (tools / "pip").touch()
    (folder / "requirements.txt").write_text("", "utf-8")
    (folder / ".venv" / "requirements.txt.installed").write_text(hashlib.sha256(b"").hexdigest(), "ascii")
    return folder


def test_without_a_verb_it_lists_every_verb() -> None:
    result = door(ROOT)
    listed = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")]
    assert (result.returncode, tuple(listed)) == (0, VERBS)


def test_an_unknown_verb_is_bad_usage() -> None:
    result = door(ROOT, "fly")
    assert result.returncode == 2
    assert "没有这个命令 / unknown verb: fly" in result.stderr


def test_it_imports_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "run.py").read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@posix_only
def test_the_exit_code_of_the_app_is_its_own(project: Path) -> None:
    assert door(project, "serve").returncode == 7


@posix_only
def test_further_arguments_reach_the_app(project: Path) -> None:
    assert "serve --port 8080" in door(project, "serve", "--port", "8080").stdout


@posix_only
def test_it_works_from_another_directory(project: Path, tmp_path: Path) -> None:
    assert door(project, "serve", cwd=tmp_path).stdout.startswith(f"{project} ")


@posix_only
def test_an_unchanged_requirements_file_is_not_installed_again(project: Path) -> None:
    assert "正在安装" not in door(project, "setup").stdout


@posix_only
def test_a_changed_requirements_file_is_installed(project: Path) -> None:
    (project / "requirements.txt").write_text("# changed\n", "utf-8")
    (project / "wheelhouse").mkdir()
    assert "正在安装 requirements.txt（离线，使用 wheelhouse）" in door(project, "setup").stdout


@posix_only
def test_a_failed_installation_is_told_in_chinese_and_tried_again(project: Path) -> None:
    (project / "requirements.txt").write_text("no-such-package-of-ours==1\n", "utf-8")
    (project / "wheelhouse").mkdir()
    results = [door(project, "setup") for _ in range(2)]
    assert [result.returncode for result in results] == [1, 1]
    assert all("requirements.txt 安装失败" in result.stderr for result in results)
