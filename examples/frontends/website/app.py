"""
The package supertokens-website in front of authweave: a page with forms of its own. From a clone:

    npm ci --prefix tests/node
    NODE_PATH=tests/node/node_modules tests/node/node_modules/.bin/esbuild \\
        examples/frontends/website/main.js --bundle --outfile=build/website/main.js
    python examples/frontends/website/app.py build/website/main.js

and open http://localhost:8000.
"""

import sys
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer

HERE = Path(__file__).parent


def make(script: Path, origin: str = "http://localhost:8000", storage: str = "sqlite:///website.db") -> FastAPI:
    """Make the application: its API, the page, and the page's script."""
    init(
        app_info=InputAppInfo(app_name="Website", api_domain=origin, website_domain=origin),
        recipe_list=[emailpassword.init(), session.init()],
        storage=storage,
    )
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(HERE / "index.html")

    @app.get("/main.js")
    def main() -> FileResponse:
        return FileResponse(script)

    return app


if __name__ == "__main__":
    uvicorn.run(make(Path(sys.argv[1])), port=8000)
