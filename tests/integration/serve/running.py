"""``authweave serve`` as people run it: a process, a port, and what it logs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import attrs
import httpx2

from tests.patience import PATIENCE_S

KEY: Final = "a-key-of-the-tests-with-40-characters-01"
SECRET: Final = "a-secret-of-the-tests-with-40-characters"
PASSWORD: Final = "correct horse 1"
KEY_SENT: Final = {"authorization": f"Bearer {KEY}"}
PAGE: Final = Path(__file__).parents[3] / "docs" / "how-to" / "serve.md"
SERVICE: Final = "http://localhost:4000/"
"""Where the programs of the page are."""

CONFIG: Final = """
[app]
name = "Test"
api_domain = "http://localhost:{port}"
website_domain = "http://localhost:3000"

[server]
port = {port}
workers = {workers}
trusted_proxies = []

[storage]
url = "{storage}"

[secrets]
server = "{secret}"

[api]
keys_file = "api.key"

[emailpassword]
[emailverification]
[userroles]
[usermetadata]
"""


@attrs.frozen
class Running:
    """
    A server that runs.

    Attributes:
        process: its process, the parent of workers.
        url: where it is.
        log: where it writes its log.
    """

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def client(self) -> httpx2.Client:
        """Return a client of a program that has the key."""
        return httpx2.Client(base_url=f"{self.url}/auth/api", headers=KEY_SENT, timeout=PATIENCE_S)

    def stop(self) -> int:
        """Send SIGTERM, and return the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def records(self) -> list[dict[str, object]]:
        """Return what was logged. Every line has to be a JSON object."""
        lines = self.log.read_text().splitlines(keepends=True)
        records: list[dict[str, object]] = [json.loads(line) for line in lines if line.endswith("\n")]
        return records

    def logged(self, **values: object) -> dict[str, object]:
        """Wait until something is logged that has some values, and return it: what is answered is logged after that."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := self.find(**values)):
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)  # another process writes the log, and tells nobody
        return found[0]

    def find(self, **values: object) -> list[dict[str, object]]:
        """Return what was logged that has some values."""
        return [each for each in self.records() if values.items() <= each.items()]

    def wait(self) -> int:
        """Wait until it ends by itself, and return the exit status."""
        return self.process.wait(PATIENCE_S)


def sign_up(url: str, email: str) -> httpx2.Response:
    """Sign somebody up, as a frontend does."""
    return send_form(url, "signup", email)


def send_form(url: str, route: str, email: str) -> httpx2.Response:
    """Send an address and a password, as a frontend does that keeps tokens by itself."""
    fields = [{"id": "email", "value": email}, {"id": "password", "value": PASSWORD}]
    return httpx2.post(
        f"{url}/auth/{route}",
        json={"formFields": fields},
        headers={"st-auth-mode": "header", "origin": "http://localhost:3000"},
        timeout=PATIENCE_S,
    )


def write_config(folder: Path, port: int, *, workers: int = 1, storage: str = "sqlite:///auth.db") -> None:
    """Write a configuration with its key."""
    config = CONFIG.format(port=port, workers=workers, storage=storage, secret=SECRET)
    (folder / "serve.toml").write_text(config)
    (folder / "api.key").write_text(f"{KEY}\n")


def environment(**more: str) -> Mapping[str, str]:
    """Return the environment of a command, without variables of a developer's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUTHWEAVE_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": path, **more}


def command(*arguments: str) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "authweave", "serve", *arguments]


@contextmanager
def serving(folder: Path, port: int, *arguments: str, **variables: str) -> Generator[Running]:
    """Start the command in a folder, and wait until it serves; kill it if it still runs at the end."""
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  this interpreter
            command(*arguments), stdout=output, stderr=subprocess.STDOUT, cwd=folder, env=environment(**variables)
        )
    running = Running(process, f"http://localhost:{port}", log)
    try:
        wait_for(running)
        yield running
    finally:
        if process.poll() is None:
            running.stop()


def wait_for(running: Running) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert running.process.poll() is None, running.log.read_text()
        with suppress(httpx2.TransportError):
            answer = httpx2.get(f"{running.url}/auth/health/ready", timeout=PATIENCE_S)
            if answer.status_code != 503:  # on a busy machine the store may answer later than it should
                answer.raise_for_status()
                return
        time.sleep(0.05)  # a server tells nobody when it begins to listen
    raise AssertionError(running.log.read_text())


def pids_of(server: Running) -> list[int]:
    """Return the workers that have begun, in the order in which they did."""
    said = (re.fullmatch(r"Started server process \[(\d+)\]", str(each["message"])) for each in server.records())
    return [int(each[1]) for each in said if each]


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # what other processes log tells nobody when it comes


def blocks(page: str, language: str) -> list[str]:
    """Return the code of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def run_lines(folder: Path, lines: str) -> str:
    """Run lines of a shell, and return what they print."""
    run = subprocess.run(  # noqa: S603  lines of our own page
        ["/bin/sh", "-ec", lines], capture_output=True, text=True, check=True, cwd=folder, env=environment()
    )
    return run.stdout
