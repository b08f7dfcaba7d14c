"""Mixed requests of many clients at once: ``nox -s mixed`` sends 20,000 to each server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .mixed import mixed
from .processes import GUNICORN, Server, running

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.sockets]

REQUESTS = int(os.environ.get("AUTHWEAVE_MIXED", "2000"))
SEED = int(os.environ.get("AUTHWEAVE_SEED", "1"))
SERVERS = (
    Server("flask under 8 threads", "flask", ["waitress", "--threads", "8", "--listen", "127.0.0.1:{port}"]),
    Server("django under 4 workers", "django-wsgi", [*GUNICORN, "sync", "--workers", "4"]),
    Server("litestar", "litestar", ["uvicorn", "--no-access-log", "--port", "{port}"]),
)


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.name)
def test_mixed_requests(server: Server, tmp_path: Path) -> None:
    """No context crosses requests, and of sessions there are neither too many nor too few."""
    with running(server, tmp_path) as up:
        count = mixed(up, REQUESTS, SEED)
    print(f"\n{server.name}: {count.done.total():,} requests in their turn, {count}")  # noqa: T201  for `nox -s mixed`
    assert (count.crossed, count.too_many, count.too_few, count.wrong) == (0, 0, 0, [])
