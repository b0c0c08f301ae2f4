"""Our sweep against the escalation command of django-helpdesk: as many escalations, on the same disk.

Both databases are SQLite in WAL with synchronous=FULL. A ticket of theirs gets a new priority, a follow-up, a change
and two letters that the dummy backend throws away. A clock of ours gets a notice, a fact, copies in two inboxes and two
rows of the outbox: letters are composed later, by the deliverer. So their command is also timed on tickets whose
submitter and owner have no address, where it composes nothing.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.fill import county_db, fill, two_readers
from bench.show import load, say
from core.config import ROOT
from escalation.sweep import sweep

SIZES, ROUNDS = (1_000, 10_000), 3
REQUIREMENTS = ROOT / "requirements-helpdesk.txt"
HOME = ROOT / "var" / "helpdesk"


def helpdesk() -> None:
    """Escalations of both, the seconds, and how many times ours goes into theirs."""
    python = environment()
    for size in SIZES:
        ours, notices, copies = sorted(_ours(size) for _ in range(ROUNDS))[ROUNDS // 2]
        say(f"helpdesk: {size:,} due: our sweep {ours:.2f} s, {notices:,} notices, {copies:,} copies{load()}")
        for letters in ("letters", "none"):
            theirs = _theirs(python, size, letters)
            assert theirs["escalated"] == notices == size, "both must escalate all of them"
            words = "composing two letters each" if letters == "letters" else "writing to nobody"
            ratio = theirs["seconds"] / ours
            say(f"  {theirs['name']}, {words}: {theirs['seconds']:.1f} s = {ratio:.0f}x{load()}")


def environment() -> Path:
    """The Python of an environment of its own: its Django must not mix with our packages."""
    python, marker = HOME / "bin" / "python", HOME / "installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (marker.exists() and marker.read_text() == wanted):
        say(f"helpdesk: installing {REQUIREMENTS.name} into {HOME.relative_to(ROOT)}")
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(HOME)])
        subprocess.check_call([str(python), "-m", "pip", "install", "-qq", "-r", str(REQUIREMENTS)])
        marker.write_text(wanted)
    return python


def _ours(size: int) -> tuple[float, int, int]:
    """Seconds, notices and copies of one sweep over `size` due clocks with the outbox in use."""
    with tempfile.TemporaryDirectory() as folder:
        county = fill(county_db(Path(folder)), size + 1, early_every=1)  # all but the second
        two_readers(county.db)
        sweep(county.db, at=county.quiet - timedelta(days=1))  # leaves the first heartbeat
        started = time.perf_counter()
        counts = sweep(county.db, at=county.busy)
        taken = time.perf_counter() - started
        county.db.dispose()
    return taken, counts.notices, counts.copies


def _theirs(python: Path, size: int, letters: str) -> dict[str, Any]:
    """What the script in their environment measured."""
    script = ROOT / "bench" / "helpdesk_site.py"
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), "-I", str(script), folder, str(size), letters]
        answer = subprocess.check_output(command, env={**os.environ, "PYTHONUTF8": "1"}, text=True)
    found: dict[str, Any] = json.loads(answer.splitlines()[-1])
    versions = " on ".join(f"{name} {number}" for name, number in reversed(found["versions"].items()))
    return found | {"name": versions}
