"""A PostgreSQL of the test's own, which may be stopped at once or made to hang without harm to anybody."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").exists() else []
AVAILABLE = bool(PROGRAMS) and (os.geteuid() != 0 or shutil.which("runuser") is not None)
WHY_NOT = "initdb is not installed, or cannot be run as its own user"


@dataclass(frozen=True)
class Cluster:
    """A running server in a folder; its socket is there too."""

    folder: Path

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        # fsync=off: what is tested is a server that dies, not a machine that does
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.folder / "data", "-l", log, "-w", "-s", "start", "-o", options)

    def stop(self) -> None:
        """At once, without a checkpoint or a word to the clients."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-s", "stop")

    def restart(self) -> None:
        self.stop()
        self.start()

    def say(self, what: signal.Signals) -> None:
        """To the server and each of its processes: SIGSTOP makes it hang, SIGCONT lets it go on."""
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        found = subprocess.run(["pgrep", "-P", str(main)], capture_output=True, text=True, check=False)
        for pid in [main, *map(int, found.stdout.split())]:
            with suppress(ProcessLookupError):  # a session may end at any time
                os.kill(pid, what)

    @property
    def sudden_ends(self) -> int:
        """How often its own log says that it was stopped at once."""
        return (self.folder / "log").read_text().count("immediate shutdown request")

    def make(self) -> None:
        arguments = "-U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"
        self._run("initdb", "-D", self.folder / "data", *arguments.split())

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(PROGRAMS[-1] / program), *map(str, arguments)]
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(prefix + command, check=True, cwd=self.folder, **quiet)  # type: ignore[call-overload]


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Made, started, and taken away in any case. In /tmp: the path of a socket may hold 107 bytes only."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-", dir="/tmp"))  # noqa: S108
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    made = Cluster(folder)
    try:
        made.make()
        made.start()
        yield made
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            made.say(signal.SIGCONT)
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)
