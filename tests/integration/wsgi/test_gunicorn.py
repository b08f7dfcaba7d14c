"""Flask under Gunicorn's workers, each in processes of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import httpx2
import pytest

from tests.patience import PATIENCE_S

# Flask's async views would run a loop in the thread of all greenlets, of which asyncio allows one.
VIEWS = {"gevent": ("/me",)}
WORKERS = {
    "sync": ["-k", "sync", "-w", "4", "--preload"],
    "gthread": ["-k", "gthread", "-w", "2", "--threads", "8", "--preload"],
    "gevent": ["-k", "gevent", "-w", "1"],
}


@pytest.mark.processes
@pytest.mark.sockets
@pytest.mark.parametrize("kind", WORKERS)
def test_gunicorn(kind: str, tmp_path: Path) -> None:
    """
    Sessions of many clients at the same time are each their own, and the server ends in silence when it is told.

    The store is empty: a worker makes the first key, and the others meet tokens that it signed.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "-b", f"fd://{listener.fileno()}", *WORKERS[kind]]
        server = subprocess.Popen(  # noqa: S603  of this test alone
            [*command, "tests.integration.wsgi.flask_app:app"],
            env={**os.environ, "STORE": str(tmp_path / "auth.db")},
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with ThreadPoolExecutor(8) as threads:
                views = VIEWS.get(kind, ("/me", "/later"))
                users = list(threads.map(signed_up, repeat(address), range(8), repeat(views)))
            assert len(set(users)) == 8
        finally:
            server.terminate()
            _, log = server.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in log, log
    assert "destroyed" not in log, log


def signed_up(address: str, number: int, views: Sequence[str]) -> str:
    """Sign somebody up, use the session, and return whose it is."""
    fields = [{"id": "email", "value": f"user{number}@example.com"}, {"id": "password", "value": "valid-pass-1"}]
    with httpx2.Client(base_url=address, timeout=PATIENCE_S, headers={"st-auth-mode": "header"}) as client:
        answer = client.post("/auth/signup", json={"formFields": fields})
        user: str = answer.json()["user"]["id"]
        bearer = {"authorization": f"Bearer {answer.headers['st-access-token']}"}
        for path in (*views, *views, *views):
            assert client.get(path, headers=bearer).json() == {"user": user}
        assert client.get("/me").status_code == 401
        return user


PATCHED_LATE = """
from tests.integration.wsgi.flask_app import app
from gevent import monkey; monkey.patch_all()
app.testing = True
app.test_client().post("/auth/signin", json={})
"""

ASYNC_UNDER_GEVENT = """
from gevent import monkey; monkey.patch_all()
from authweave.framework.flask import verify_session
@verify_session()
async def later(): ...
"""

NEVER_CLOSED = """
from tests.integration.wsgi.flask_app import app
assert app.test_client().post("/auth/signin", json={}).json["status"] == "FIELD_ERROR"
"""


@pytest.mark.processes
@pytest.mark.parametrize(
    ("program", "told"),
    [
        (PATCHED_LATE, "patch_all() came after authweave.init"),
        (ASYNC_UNDER_GEVENT, "later is an async def view, and gevent has patched threads"),
        (NEVER_CLOSED, ""),
    ],
)
def test_end_of_a_program(program: str, told: str, tmp_path: Path) -> None:
    """What gevent does not allow is told before a request hangs or fails; who closes nothing ends in silence."""
    command = [sys.executable, "-W", "ignore", "-c", program]
    environment = {**os.environ, "STORE": str(tmp_path / "auth.db")}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603  as above
    assert told in ended.stderr
    assert ended.returncode == (1 if told else 0), ended.stderr
    assert "destroyed" not in ended.stderr
