"""The one command for people: `python3 run.py demo`.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Verb = Callable[[list[str]], int]

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WHEELHOUSE = ROOT / "wheelhouse"
OLDEST_PYTHON = (3, 11)
BAD_USAGE = 2
RUNTIME, DEVELOP, BENCH = "requirements.txt", "requirements-dev.txt", "requirements-bench.txt"
LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)


class SetupError(Exception):
    """The machine lacks something; the text says in Chinese what to install."""


def say(text: str) -> None:
    print(f"[回音] {text}", flush=True)


def venv_file(name: str) -> Path:
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return VENV / folder / (name + suffix)


def environment() -> dict[str, str]:
    # PYTHONUTF8: a Chinese Windows console would otherwise read and write GBK.
    return {**os.environ, "PYTHONUTF8": "1"}


def call(*command: str) -> int:
    return subprocess.call(command, cwd=ROOT, env=environment())


def become(*arguments: str) -> int:
    """Let the environment's Python take this process's place: signals reach it, its exit code is ours.

    Windows has no such exchange: there it is a child, and its exit code is returned.
    """
    command = [str(venv_file("python")), *arguments]
    if os.name == "nt":
        return call(*command)
    os.chdir(ROOT)
    os.execve(command[0], command, environment())


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(f"需要 Python 3.11 或更高版本，当前是 {found}。")


def venv_is_whole() -> bool:
    return venv_file("python").exists() and (venv_file("pip").exists() or venv_file("uv").exists())


def make_venv() -> None:
    if venv_is_whole():
        return
    if find_spec("ensurepip") is None:
        raise SetupError("缺少 ensurepip。Debian / Ubuntu 请先执行：sudo apt install python3-venv")
    say(f"正在创建运行环境 {VENV} …")
    if call(sys.executable, "-m", "venv", "--clear", str(VENV)) != 0:
        raise SetupError("运行环境创建失败，原因见上。Debian / Ubuntu 请检查是否已安装 python3-venv。")


def installer() -> list[str]:
    uv = venv_file("uv")
    if uv.exists():
        return [str(uv), "pip", "install", "--python", str(venv_file("python"))]
    return [str(venv_file("python")), "-m", "pip", "install", "--disable-pip-version-check"]


def install(name: str) -> None:
    """Install a requirements file, unless the same one is installed already."""
    requirements, marker = ROOT / name, VENV / f"{name}.installed"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if marker.exists() and marker.read_text("ascii") == wanted:
        return
    offline = ["--no-index", "--find-links", str(WHEELHOUSE)] if WHEELHOUSE.is_dir() else []
    say(f"正在安装 {name}（{'离线，使用 wheelhouse' if offline else '联网'}）…")
    if call(*installer(), "-r", str(requirements), *offline) != 0:
        raise SetupError(f"{name} 安装失败，原因见上。请检查网络，或把离线包放进 wheelhouse 文件夹。")
    marker.write_text(wanted, "ascii")


def prepare(requirements: str) -> None:
    check_python()
    make_venv()
    install(requirements)


def child(requirements: str, *command: str) -> Verb:
    """A verb that runs one command of ours with the user's further arguments."""

    def start(arguments: list[str]) -> int:
        prepare(requirements)
        return become(*command, *arguments)

    return start


def setup(arguments: list[str]) -> int:
    prepare(DEVELOP if "--dev" in arguments else RUNTIME)
    say("运行环境已就绪。")
    return 0


def lint(_arguments: list[str]) -> int:
    """Run every check even after a failure, so that one run shows all of them."""
    prepare(DEVELOP)
    failed = []
    for name, *arguments in LINTERS:
        say(name)
        if call(str(venv_file(name)), *arguments) != 0:
            failed.append(" ".join([name, *arguments]))
    say(f"未通过：{'、'.join(failed)}" if failed else "全部通过")
    return 1 if failed else 0


VERBS: dict[str, Verb] = {
    "demo": child(RUNTIME, "app.py", "demo"),
    "serve": child(RUNTIME, "app.py", "serve"),
    "setup": setup,
    "test": child(DEVELOP, "-m", "pytest", "--numprocesses=auto", "--dist=worksteal"),
    "lint": lint,
    "bench": child(BENCH, "-m", "bench"),
    "kill-test": child(DEVELOP, "-m", "tests.kill"),
}
USAGE = """用法 / usage: python3 run.py <verb> [...]
  demo       用演示数据启动，打开浏览器即可试用  (start with sample data)
  serve      正式启动网站和定时任务  (start the site and its jobs)
  setup      只准备运行环境，--dev 含开发工具  (install only, --dev: with the tools)
  test       运行测试，可加 -k 名称  (run the tests; arguments go to pytest)
  lint       检查代码风格、类型和分层  (check style, types and layers)
  bench      测量性能  (measure speed)
  kill-test  反复强行终止进程，检验数据不丢  (kill it again and again; nothing may be lost)"""


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    name, *rest = arguments
    if name not in VERBS:
        print(f"没有这个命令 / unknown verb: {name}\n{USAGE}", file=sys.stderr)
        return BAD_USAGE
    try:
        return VERBS[name](rest)
    except SetupError as problem:
        print(f"[回音] {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
