"""Flask under Gunicorn's workers, each in processes of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.patience import PATIENCE_S

WORKERS = {
    "sync": ["-k", "sync", "-w", "2", "--preload"],
    "gthread": ["-k", "gthread", "-w", "2", "--threads", "8", "--preload"],
    "gevent": ["-k", "gevent", "-w", "1"],
    "gevent, preloaded": ["-k", "gevent", "-w", "1", "--preload"],
}


@pytest.mark.processes
@pytest.mark.sockets
@pytest.mark.parametrize("options", WORKERS.values(), ids=WORKERS.keys())
def test_gunicorn(options: Sequence[str], tmp_path: Path) -> None:
    """Sessions of many clients at the same time are each their own, and the server ends in silence when it is told."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "-b", f"fd://{listener.fileno()}", *options]
        server = subprocess.Popen(
            [*command, "tests.integration.wsgi.flask_app:app"],
            env={**os.environ, "STORE": str(tmp_path / "auth.db")},
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with ThreadPoolExecutor(8) as threads:
                users = list(threads.map(lambda n: signed_up(address, n), range(8)))
            assert len(set(users)) == 8
        finally:
            server.terminate()
            _, log = server.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in log, log
    assert "destroyed" not in log, log


def signed_up(address: str, number: int) -> str:
    """Sign somebody up, use the session, and return whose it is."""
    fields = [{"id": "email", "value": f"user{number}@example.com"}, {"id": "password", "value": "valid-pass-1"}]
    with httpx2.Client(base_url=address, timeout=PATIENCE_S, headers={"st-auth-mode": "header"}) as client:
        answer = client.post("/auth/signup", json={"formFields": fields})
        user: str = answer.json()["user"]["id"]
        bearer = {"authorization": f"Bearer {answer.headers['st-access-token']}"}
        for path in ("/me",) * 10:
            assert client.get(path, headers=bearer).json() == {"user": user}
        assert client.get("/me").status_code == 401
        return user
