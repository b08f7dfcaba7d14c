"""
The servers of ``attempts.py``: with the limiter, and without it.

Run as ``python benchmarks/_attempts_servers.py NAME PORT FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import attempts, emailpassword, session

NAMES = ("limiter", "queue alone")


def main() -> None:
    """Serve sign-in with OWASP's parameters, to clients that connect directly."""
    name, port, folder = sys.argv[1:]
    init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [emailpassword.init(), session.init(), attempts.init(enabled=name == "limiter")],
        storage=f"sqlite:///{Path(folder) / name}.db",
        trusted_proxies=[],
    )
    app = FastAPI()
    app.add_middleware(get_middleware())
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
