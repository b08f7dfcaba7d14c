"""The Django project of the how-to on servers: Gunicorn and uvicorn with 4 processes each, and ``runserver``."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

import httpx2
import pytest

import authweave
from tests.patience import PATIENCE_S

EXAMPLE = Path(__file__).parents[3] / "examples" / "django_app"
SOURCES = Path(authweave.__file__).parents[1]
SERVERS = {
    "gunicorn": ["gunicorn", "--workers=4", "--bind=fd://{fd}", "django.core.wsgi:get_wsgi_application()"],
    "uvicorn": [
        "uvicorn",
        "--workers=4",
        "--no-access-log",
        "--fd={fd}",
        "--factory",
        "django.core.asgi:get_asgi_application",
    ],
}

pytestmark = [pytest.mark.processes, pytest.mark.sockets, pytest.mark.slow]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the project."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "django_app"))


@contextmanager
def running(command: Sequence[str], project: Path, descriptor: int | None = None) -> Generator[IO[str]]:
    """Run a server in the project for a block, which gets what it prints; it has to end without a fault when told."""
    server = subprocess.Popen(  # noqa: S603  of this test alone
        [sys.executable, "-W", "ignore", "-u", *command],
        cwd=project,
        env={**os.environ, "PYTHONPATH": f"{SOURCES}:{project}", "DJANGO_SETTINGS_MODULE": "shop.settings"},
        pass_fds=() if descriptor is None else (descriptor,),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield server.stdout
    finally:
        server.send_signal(signal.SIGINT)
        _, log = server.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in log, log


def sign_up_and_shop(address: str, number: int) -> str:
    """Sign somebody up, use the session in every process that answers, sign out; return who it was."""
    fields = [{"id": "email", "value": f"user{number}@example.com"}, {"id": "password", "value": "valid-pass-1"}]
    with httpx2.Client(base_url=address, timeout=PATIENCE_S, headers={"st-auth-mode": "header"}) as client:
        signed_up = client.post("/auth/signup", json={"formFields": fields})
        user: str = signed_up.json()["user"]["id"]
        bearer = {"authorization": f"Bearer {signed_up.headers['st-access-token']}", "connection": "close"}
        for _ in range(12):
            assert client.get("/orders", headers=bearer).json() == {"user": user}
        changed = client.get("/colour", headers=bearer)
        assert (changed.status_code, "st-access-token" in changed.headers) == (200, True)
        assert client.post("/auth/signout", headers=bearer).json() == {"status": "OK"}
        return user


@pytest.mark.parametrize("server", SERVERS)
def test_four_processes(server: str, project: Path) -> None:
    """Sessions of many clients at the same time are each their own, in whichever process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = ["-m", *(each.format(fd=listener.fileno()) for each in SERVERS[server])]
        with running(command, project, listener.fileno()), ThreadPoolExecutor(8) as threads:
            users = list(threads.map(partial(sign_up_and_shop, address), range(16)))
        assert len(set(users)) == 16


def test_runserver(project: Path) -> None:
    """Django's own server for development serves it, with its threads and with its checks."""
    with running(["manage.py", "runserver", "--noreload", "0"], project) as printed:
        address = next(found[0] for line in printed if (found := re.search(r"http://127.0.0.1:[1-9]\d*", line)))
        with ThreadPoolExecutor(4) as threads:
            users = list(threads.map(partial(sign_up_and_shop, address), range(4)))
    assert len(set(users)) == 4
