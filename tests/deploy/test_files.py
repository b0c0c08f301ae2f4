"""The files of deploy/ are accepted by the programs that read them, and say what the program says."""

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from app import MAX_BODY
from core.config import ROOT, Config

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("huiyin-*"))
ENV = DEPLOY / "huiyin.env.sample"
VARIABLES = {f"HUIYIN_{field.name.upper()}" for field in fields(Config)} - {"HUIYIN_DATABASE_URL"}


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def ask(*command: object) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def installed(folder: Path) -> list[Path]:
    """The units as they would stand on a host whose program is in `folder`."""
    for name in ("gunicorn", "flask", "backup.sh"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    for name in UNITS:
        text = re.sub(r"/opt/huiyin/(\.venv/bin|deploy)/", f"{folder}/", (DEPLOY / name).read_text())
        (folder / name).write_text(text)
    return [folder / name for name in UNITS]


@needs("systemd-analyze")
def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    answer = ask("systemd-analyze", "verify", "--man=no", *installed(tmp_path))
    assert (answer.returncode, answer.stderr) == (0, "")


@needs("systemd-analyze")
def test_a_misspelt_unit_would_be_seen(tmp_path: Path) -> None:
    unit = installed(tmp_path)[0]
    unit.write_text(unit.read_text().replace("Restart=", "Restrat=").replace("Type=oneshot", "Type=once"))
    assert ask("systemd-analyze", "verify", "--man=no", unit).stderr != ""


@needs("nginx")
@needs("openssl")
def test_nginx_accepts_the_sample(tmp_path: Path) -> None:
    key, cert, whole = tmp_path / "huiyin.key", tmp_path / "huiyin.pem", tmp_path / "nginx.conf"
    asked = "req -x509 -newkey rsa:2048 -nodes -subj /CN=huiyin".split()
    made = ask("openssl", *asked, "-keyout", key, "-out", cert)
    assert made.returncode == 0
    site = (DEPLOY / "nginx.conf").read_text().replace("/etc/nginx/tls", str(tmp_path))
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{site}\n}}\n")
    answer = ask("nginx", "-t", "-q", "-p", tmp_path, "-e", tmp_path / "log", "-c", whole)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_every_variable_of_the_sample_is_a_setting() -> None:
    named = {line.partition("=")[0] for line in ENV.read_text().splitlines() if not line.startswith("#")}
    assert named - {"DATABASE_URL"} <= VARIABLES


def test_the_program_reads_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in ENV.read_text().splitlines():
        if not line.startswith("#"):
            monkeypatch.setenv(*line.split("=", 1))
    read = Config.from_env()
    assert (read.https, read.trusted_proxies, read.key_file) == (True, 1, Path("/etc/huiyin/master.key"))


def test_the_proxy_lets_through_what_the_program_accepts() -> None:
    assert f"client_max_body_size {MAX_BODY // 1024 // 1024}m;" in (DEPLOY / "nginx.conf").read_text()


def test_every_file_is_in_the_document() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text()
    assert [path.name for path in DEPLOY.iterdir() if f"`{path.name}`" not in page] == []
