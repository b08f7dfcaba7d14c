"""
The pre-built pages of supertokens-auth-react in front of authweave. From a clone:

    npm ci --prefix tests/node
    NODE_PATH=tests/node/node_modules tests/node/node_modules/.bin/esbuild \\
        examples/frontends/auth_react/main.jsx --bundle --jsx=automatic --outfile=build/auth_react/main.js
    python examples/frontends/auth_react/app.py build/auth_react/main.js

and open http://localhost:8000. With GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET in the environment the pages have a
button for GitHub; http://localhost:8000/auth/callback/github is where it has to send people back.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, multitenancy, session, thirdparty
from authweave.recipe.emailpassword import PasswordResetFeature
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature

PAGE = '<!doctype html><title>Auth React</title><div id="root"></div><script src="/main.js"></script>'


def make(
    script: Path,
    origin: str = "http://localhost:8000",
    storage: str = "sqlite:///auth_react.db",
    providers: Sequence[ProviderInput] = (),
    *,
    resets: bool = True,
) -> FastAPI:
    """Make the application: its API, and the pages, which are one script."""
    init(
        app_info=InputAppInfo(app_name="Auth React", api_domain=origin, website_domain=origin),
        recipe_list=[
            emailpassword.init(password_reset=PasswordResetFeature(enabled=resets)),
            thirdparty.init(SignInAndUpFeature(providers)),
            multitenancy.init(),  # /auth?tenantId=acme shows how people of a tenant sign in
            session.init(),
        ],
        storage=storage,
    )
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/main.js")
    def main() -> FileResponse:
        return FileResponse(script)

    @app.get("/{path:path}")
    def page(path: str) -> HTMLResponse:
        return HTMLResponse(PAGE)

    return app


def github() -> Sequence[ProviderInput]:
    """Return GitHub as a provider, where the environment has the application's client there."""
    if "GITHUB_CLIENT_ID" not in os.environ:
        return []
    client = ProviderClientConfig(os.environ["GITHUB_CLIENT_ID"], os.environ["GITHUB_CLIENT_SECRET"])
    return [ProviderInput(ProviderConfig("github", clients=[client]))]


if __name__ == "__main__":
    uvicorn.run(make(Path(sys.argv[1]), providers=github()), port=8000)
