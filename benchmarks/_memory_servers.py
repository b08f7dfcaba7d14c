"""
The servers of ``memory.py``: those of ``first_answer.py``, and a route that wants a session.

Run as ``python benchmarks/_memory_servers.py NAME PORT FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from _first_answer_servers import APPS
from fastapi import Depends


def main() -> None:
    """Serve one of them."""
    name, port, folder = sys.argv[1:]
    app = APPS[name](Path(folder), int(port))
    if name == "authweave":
        from authweave.recipe.session.framework.fastapi import verify_session  # noqa: PLC0415  one system per process

        @app.get("/protected", dependencies=[Depends(verify_session())])
        async def protected() -> dict[str, str]:
            return {"status": "ok"}

    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
