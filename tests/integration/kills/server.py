"""
A server to kill: the example application on the store at a URL.

``python -m tests.integration.kills.server PORT URL AHEAD_S GRACE_S`` imports everything. For each line that it reads it
forks a child that serves, writes the child's process id, and "gone" when the child has ended. So a new server starts at
once.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer
from authweave.security import PasswordHasher
from tests.patience import KEEP_ALIVE_S, PATIENCE_S, PATIENT

PR_SET_PDEATHSIG = 1
SECRET = "a secret of the tests, and of nobody else"


def application(url: str, grace_s: int) -> FastAPI:
    """Return the example application, with hashes that cost nothing."""
    init(
        InputAppInfo("Killed", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(access_token_signing_algorithm="ES256", refresh_grace_s=grace_s)],
        storage=url,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        health_ready_within_s=PATIENCE_S,
        secret=SECRET,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
    )
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    return app


def set_clock(ahead_s: float) -> None:
    """Have the machine's clock be wrong for this process."""
    right_ns = time.time_ns

    def wrong_ns() -> int:
        return right_ns() + round(ahead_s * 1e9)

    time.time_ns, time.time = wrong_ns, lambda: wrong_ns() / 1e9


def serve(port: int, url: str, grace_s: int) -> None:
    """Serve until killed."""
    config = uvicorn.Config(
        application(url, grace_s),
        port=port,
        log_level="error",
        lifespan="off",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,  # who reads tables meanwhile must not find that the server has hung up
    )
    uvicorn.Server(config).run()


def end_with_parent() -> None:
    """Have Linux kill this process when the one that started it ends, so that a test that is killed leaves none."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Serve again and again, each time in a new process."""
    end_with_parent()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            end_with_parent()
            port, url, ahead_s, grace_s = sys.argv[1:]
            if float(ahead_s):
                set_clock(float(ahead_s))
            serve(int(port), url, int(grace_s))
            os._exit(0)
        print(child, flush=True)  # noqa: T201  who started it reads that
        os.waitpid(child, 0)
        print("gone", flush=True)  # noqa: T201  the same


if __name__ == "__main__":
    main()
