"""
What a server costs from ``exec`` to its first answer: passwords, Google and sessions, on FastAPI under Uvicorn.

Run ``python benchmarks/first_answer.py --better-auth PYTHON``. PYTHON is an interpreter that has better-auth-server
with FastAPI, SQLAlchemy, greenlet, aiosqlite and Uvicorn; ``--supertokens`` and ``--now`` (an older authweave) take
others, ``--python`` one that has what this source needs and nothing else, ``--rounds`` (9) more rounds. Every start is
a process of its own, and those compared run in turns.

CPU is that of the whole process, and what it holds then is its resident memory. What is left for later is told too: CPU
a second after the first answer. The first answer of ours is whether an address has an account, which asks the store,
and that of better-auth-server is whether there is a session, for which it looks at the store's tables.

Byte code is written before the first round that counts, also where Python was told to write none.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import http.server
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Final

import attrs
from _peers import BETTER_AUTH, NOW, REVISION, SUPERTOKENS, peer, versions_of
from _rows import OURS
from _serving import resident_mib
from measure import figure, verdict, with_versions
from typing_extensions import override

ROOT: Final = Path(__file__).parents[1]
SERVERS: Final = Path(__file__).with_name("_first_answer_servers.py")
CPU_BAR: Final = 0.85
MEMORY_BAR_MIB: Final = 65.0
PROCESS_CLOCK: Final = 2  # CPUCLOCK_SCHED, of clock_getcpuclockid(3)
PATIENCE_S: Final = 60.0
LATER_S: Final = 1.0

CPU: Final = "CPU until the first answer"
MEMORY: Final = "resident memory then"

BARE: Final = "bare FastAPI"

PATHS: Final = {
    BARE: "/",
    "authweave": "/auth/emailpassword/email/exists?email=ada%40example.com",
    "better-auth-server": "/api/auth/get-session",
    "supertokens-python": "/auth/emailpassword/email/exists?email=ada%40example.com",
}


@attrs.frozen
class Start:
    """What one start took."""

    cpu_ms: float
    resident_mib: float
    later_cpu_ms: float


@attrs.frozen
class Program:
    """A program of `_first_answer_servers.py`, and the interpreter that has what it needs."""

    label: str
    app: str
    python: str
    source: Path | None

    def start(self, folder: Path, port: int) -> Start:
        """Start it over what is in a folder, and see it end again."""
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder.parent / "byte code"), "PYTHONPATH": ""}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if self.source is not None:
            environment["PYTHONPATH"] = str(self.source)
        command = [self.python, str(SERVERS), self.app, str(port), str(folder)]
        with subprocess.Popen(command, env=environment, cwd=folder) as process:  # noqa: S603  our own file
            try:
                ask(process, port, PATHS[self.app])
                cpu_ms, resident = cpu_ms_of(process.pid), resident_mib(process.pid)
                time.sleep(LATER_S)
                return Start(cpu_ms, resident, cpu_ms_of(process.pid))
            finally:
                process.terminate()


def cpu_ms_of(pid: int) -> float:
    """Return the CPU time of a process since its start, of threads that have ended too."""
    return time.clock_gettime((~pid << 3) | PROCESS_CLOCK) * 1e3


def ask(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Ask until there is an answer; before it listens, a process notices nothing of it."""
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
            try:
                connection.request("GET", path)
            except ConnectionRefusedError:
                time.sleep(0.005)
                continue
            answer = connection.getresponse()
            if answer.status != 200:
                message = f"{path} was answered with {answer.status}: {answer.read()!r}"
                raise RuntimeError(message)
            return
    message = f"the server of {path} did not start"
    raise RuntimeError(message)


class Core(http.server.BaseHTTPRequestHandler):
    """Stands in for the core of supertokens-python: which version it speaks, and that nobody has an account."""

    def do_GET(self) -> None:
        """Answer."""
        body = b'{"versions": ["5.4"]}' if self.path.startswith("/apiversion") else b'{"status": "OK", "users": []}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def core_beside() -> Generator[int]:
    """Serve the stub of a core; return a port that is free, the one before its own."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        with contextlib.suppress(OSError, OverflowError):
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port + 1), Core)
            break
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield port
        server.shutdown()


def in_turns(programs: Sequence[Program], rounds: int) -> dict[str, dict[str, list[Start]]]:
    """Start each once a round over no file and over one that is there; return what it took, by file and program."""
    found: dict[str, dict[str, list[Start]]] = {
        which: {each.label: [] for each in programs} for which in ("existing", "new")
    }
    with tempfile.TemporaryDirectory() as folder, core_beside() as port:
        kept = {each.label: Path(folder) / f"kept {number}" for number, each in enumerate(programs)}
        for number in range(rounds + 1):
            for each in programs[:: 1 if number % 2 else -1]:  # who comes first has no advantage
                kept[each.label].mkdir(exist_ok=True)
                with tempfile.TemporaryDirectory(dir=folder) as fresh:
                    starts = {
                        "new": each.start(Path(fresh), port),
                        "existing": each.start(kept[each.label], port),  # the round before the first one makes it
                    }
                if number:
                    for which, start in starts.items():
                        found[which][each.label].append(start)
    return found


def ratios_of(ours: Sequence[Start], theirs: Sequence[Start]) -> list[float]:
    """Return the ratio of each round."""
    return [mine.cpu_ms / other.cpu_ms for mine, other in zip(ours, theirs, strict=True)]


def described(label: str, starts: Sequence[Start]) -> str:
    """Say what the starts of a program took."""
    cpu, resident, later = (
        sorted(getattr(each, name) for each in starts) for name in ("cpu_ms", "resident_mib", "later_cpu_ms")
    )
    return (
        f"{'':4}{label}: {statistics.median(cpu):.0f} ms CPU ({cpu[0]:.0f} to {cpu[-1]:.0f}), "
        f"{statistics.median(resident):.1f} MiB; a second later {statistics.median(later):.0f} ms"
    )


def main() -> None:
    """Measure, and print each figure beside its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--better-auth", metavar="PYTHON", default=peer(BETTER_AUTH))
    parser.add_argument("--supertokens", metavar="PYTHON", default=peer(SUPERTOKENS))
    parser.add_argument("--now", metavar="PYTHON", default=peer(NOW), help="an interpreter that has an older authweave")
    parser.add_argument("--python", default=sys.executable, help="what runs this source")
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    candidates = [
        ("authweave", "authweave", given.python, ROOT / "src"),
        (BARE, BARE, given.python, None),
        (f"authweave {REVISION}", "authweave", given.now, None),
        ("better-auth-server", "better-auth-server", given.better_auth, None),
        ("supertokens-python", "supertokens-python", given.supertokens, None),
    ]
    programs = [Program(label, app, python, source) for label, app, python, source in candidates if python]
    print(with_versions(f"CPU time from exec to the first answer, {given.rounds} rounds in turns"))
    for which, starts in in_turns(programs, given.rounds).items():
        ours = starts["authweave"]
        for label in (each for each in starts if each not in {"authweave", BARE}):
            ratios = ratios_of(ours, starts[label])
            what = f"{which} file: {CPU}, against {label}"
            if label == BETTER_AUTH:
                print(verdict(what, statistics.median(ratios), CPU_BAR, spread=ratios))
            else:
                print(figure(what, statistics.median(ratios), unit="x", spread=ratios))
        resident = statistics.median(each.resident_mib for each in ours)
        print(verdict(f"{which} file: {MEMORY}", resident, MEMORY_BAR_MIB, unit="MiB"))
        for program in programs:
            each = starts[program.label]
            of = versions_of(program.python, program.label, "fastapi", "uvicorn", "SQLAlchemy")
            for what, unit, values in (
                (CPU, "ms", [start.cpu_ms for start in each]),
                (MEMORY, "MiB", [start.resident_mib for start in each]),
            ):
                if program.label == OURS and what == MEMORY:
                    continue  # it has a bar, and stands above
                middle = statistics.median(values)
                print(figure(f"{which} file: {what}", middle, unit=unit, system=program.label, spread=values, of=of))
            print(described(program.label, each))


if __name__ == "__main__":
    main()
