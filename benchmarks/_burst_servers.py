"""
The servers of ``burst.py``, each with ``GET /health`` and a sign-in route.

Run as ``python benchmarks/_burst_servers.py NAME PORT FOLDER``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import uvicorn
from _stall_servers import AT_ONCE, MEMORY_KIB, TIME_COST, add_health, bare_app
from fastapi import FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher


def authweave_app(folder: Path) -> FastAPI:
    """Serve our own sign-in as it is by default, to clients that connect directly; so many hashes at once."""
    # Older builds count no client.
    options: dict[str, Any] = {"trusted_proxies": []} if "trusted_proxies" in signature(init).parameters else {}
    init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{folder / 'burst.db'}",
        passwords=PasswordHasher(memory_kib=MEMORY_KIB, time_cost=TIME_COST, parallelism=1, at_once=AT_ONCE),
        **options,
    )
    app = FastAPI()
    app.add_middleware(get_middleware())
    return add_health(app)


APPS: dict[str, Callable[[Path], FastAPI]] = {"authweave": authweave_app, "bare": bare_app}


def main() -> None:
    """Serve one of them; a burst of connections waits to be accepted."""
    name, port, folder = sys.argv[1:]
    app = APPS[name](Path(folder))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
