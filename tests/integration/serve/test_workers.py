"""Several workers: one that cannot start ends the server with the reason, one that dies later has a successor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx2
import pytest

from tests.patience import PATIENCE_S

from .running import Running, environment, pids_of, serving, sign_up, wait_until, write_config

pytestmark = [pytest.mark.processes, pytest.mark.sockets]

BREAKS_ITS_WORKERS: Final = """
import multiprocessing, os, sys
from pathlib import Path
from authweave.cli import main
from authweave.serving import _server

build = _server.build

def build_or_fail(file):
    if multiprocessing.parent_process() is not None:
        {fails}
    return build(file)

_server.build = build_or_fail
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ('Path("serve.toml").write_text("[app]")', "app.api_domain is missing"),
        pytest.param('raise PermissionError(13, "Permission denied")', "Permission denied", marks=pytest.mark.slow),
        pytest.param(
            'raise ModuleNotFoundError("No module named psycopg")', "ModuleNotFoundError", marks=pytest.mark.slow
        ),
        ("1 / 0", "ZeroDivisionError"),
        ("os._exit(7)", "ended with status 7"),
        pytest.param("os.kill(os.getpid(), 9)", "ended by SIGKILL", marks=pytest.mark.slow),
    ],
)
def test_a_worker_that_cannot_start_ends_the_server_with_the_reason(
    tmp_path: Path, port: int, fails: str, said: str
) -> None:
    """Whatever it is: the command ends with 1, and no worker has been started a second time."""
    write_config(tmp_path, port, workers=2)
    (tmp_path / "broken.py").write_text(BREAKS_ITS_WORKERS.format(fails=f'print("begun", flush=True); {fails}'))
    ended = subprocess.run(
        [sys.executable, "broken.py", "serve", "serve.toml"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment(),
        timeout=PATIENCE_S,
    )
    assert ended.returncode == 1, ended
    assert "Error: A worker cannot start." in ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout.splitlines().count("begun") <= 2


def have_ended(server: Running) -> int:
    """Return how many workers have ended in good order."""
    return sum("Finished server process" in str(each["message"]) for each in server.records())


def recipes_of(server: Running) -> list[str]:
    """Return the recipes of the worker that answers."""
    recipes: list[str] = httpx2.get(f"{server.url}/status", timeout=PATIENCE_S).json()["recipes"]
    return recipes


def test_a_worker_that_dies_is_replaced_and_told(tmp_path: Path, port: int) -> None:
    """The server goes on, with as many workers as before, and the log says which one died of what."""
    write_config(tmp_path, port, workers=2)
    with serving(tmp_path, port, "serve.toml") as server:
        wait_until(lambda: len(pids_of(server)) == 2)
        victim = pids_of(server)[0]
        os.kill(victim, signal.SIGKILL)
        died = server.logged(event="worker_died", worker=victim)
        assert died["message"] == f"Worker {victim} was ended by SIGKILL."
        wait_until(lambda: len(pids_of(server)) == 3)
        assert sign_up(server.url, "ada@example.com").json()["status"] == "OK"
        assert server.stop() == 0


def test_sighup_reads_the_configuration_again(tmp_path: Path, port: int) -> None:
    """Each worker has a successor that knows what is written now; where that is wrong, those that serve go on."""
    write_config(tmp_path, port, workers=2)
    with serving(tmp_path, port, "serve.toml") as server:
        file = tmp_path / "serve.toml"
        text = file.read_text()
        wait_until(lambda: len(pids_of(server)) == 2)
        assert "usermetadata" in recipes_of(server)
        file.write_text(text.replace("[usermetadata]", ""))
        server.process.send_signal(signal.SIGHUP)
        server.logged(event="reloaded")
        wait_until(lambda: have_ended(server) == 2)
        assert len(pids_of(server)) == 4
        for _ in range(4):
            assert "usermetadata" not in recipes_of(server)
        file.write_text("[app]")
        server.process.send_signal(signal.SIGHUP)
        assert "app.api_domain is missing" in str(server.logged(event="reload_failed")["message"])
        assert "usermetadata" not in recipes_of(server)
        assert server.stop() == 0


def test_workers_end_with_their_parent(tmp_path: Path, port: int) -> None:
    """Where it is killed, they hold neither the port nor the database."""
    write_config(tmp_path, port, workers=2)
    with serving(tmp_path, port, "serve.toml") as server:
        wait_until(lambda: len(pids_of(server)) == 2)
        server.process.kill()
        server.wait()
        wait_until(lambda: have_ended(server) == 2)


def test_one_worker_ends_in_good_order_when_its_terminal_is_closed(tmp_path: Path, port: int) -> None:
    """SIGHUP is to it as SIGTERM is."""
    write_config(tmp_path, port)
    with serving(tmp_path, port, "serve.toml") as server:
        server.process.send_signal(signal.SIGHUP)
        assert server.wait() == 0
        assert server.logged(event="ended")


def test_a_configuration_that_broke_meanwhile_does_not_end_those_that_serve(tmp_path: Path, port: int) -> None:
    """A worker dies, and its successor cannot read the file: the other goes on, and the next can when it is mended."""
    write_config(tmp_path, port, workers=2)
    with serving(tmp_path, port, "serve.toml") as server:
        wait_until(lambda: len(pids_of(server)) == 2)
        file = tmp_path / "serve.toml"
        text = file.read_text()
        file.write_text("[app]")
        os.kill(pids_of(server)[0], signal.SIGKILL)
        assert "app.api_domain is missing" in str(server.logged(event="successor_failed")["message"])
        assert sign_up(server.url, "ada@example.com").json()["status"] == "OK"
        file.write_text(text)
        wait_until(lambda: len(pids_of(server)) == 3)
        assert server.stop() == 0


def test_one_worker_whose_terminal_is_to_be_ignored_goes_on(tmp_path: Path, port: int) -> None:
    """As ``nohup`` has it: a process begins with what its parent ignores."""
    asked = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        write_config(tmp_path, port)
        with serving(tmp_path, port, "serve.toml") as server:
            server.process.send_signal(signal.SIGHUP)
            begun_s = runs_for_s(server)
            wait_until(lambda: runs_for_s(server) > begun_s + 1)  # it would have ended long before
            assert server.stop() == 0
    finally:
        signal.signal(signal.SIGHUP, asked)


def runs_for_s(server: Running) -> int:
    """Return for how long the server says that it runs."""
    seconds: int = httpx2.get(f"{server.url}/status", timeout=PATIENCE_S).json()["uptimeS"]
    return seconds
