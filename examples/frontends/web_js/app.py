"""
The package supertokens-web-js in front of authweave: pages of your own, by script tags and by modules. From a clone:

    npm ci --prefix tests/node
    NODE_PATH=tests/node/node_modules tests/node/node_modules/.bin/esbuild \\
        examples/frontends/web_js/main.js --bundle --outfile=build/web_js/main.js
    python examples/frontends/web_js/app.py build/web_js/main.js tests/node/node_modules

and open http://localhost:8000 (script tags) or http://localhost:8000/modules.
"""

import sys
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer

HERE = Path(__file__).parent


def make(
    script: Path, packages: Path, origin: str = "http://localhost:8000", storage: str = "sqlite:///web_js.db"
) -> FastAPI:
    """Make the application: its API, the two pages, and their scripts."""
    init(
        app_info=InputAppInfo(app_name="web-js", api_domain=origin, website_domain=origin),
        recipe_list=[emailpassword.init(), session.init()],
        storage=storage,
    )
    app = FastAPI()
    app.add_middleware(get_middleware())
    # The package names them by their content: website.c7860dc40a39421c659b.js.
    bundles = {each.name.split(".")[0]: each for each in packages.glob("supertokens-web-js/bundle/*.js")}

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.get("/")
    def by_script_tags() -> FileResponse:
        return FileResponse(HERE / "index.html")

    @app.get("/modules")
    def by_modules() -> FileResponse:
        return FileResponse(HERE / "modules.html")

    @app.get("/page.js")
    def page() -> FileResponse:
        return FileResponse(HERE / "page.js")

    @app.get("/main.js")
    def main() -> FileResponse:
        return FileResponse(script)

    @app.get("/bundle/{name}.js")
    def bundle(name: str) -> FileResponse:
        if name not in bundles:
            raise HTTPException(404)
        return FileResponse(bundles[name])

    return app


if __name__ == "__main__":
    uvicorn.run(make(Path(sys.argv[1]), Path(sys.argv[2])), port=8000)
