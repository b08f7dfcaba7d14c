"""
What the three twins share: the key of the context, the override that reads it, and the application that is served.

Each twin sets the key in its own way.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from typing import Annotated

from fastapi import Depends, FastAPI

from authweave import InputAppInfo, UserContext, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import Interface, Override
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.session import CreateNewSession, EmptySession, SessionContainer


class AppContext(UserContext, total=False):
    is_sign_up: bool


@CreateNewSession[AppContext].override
async def no_session_after_sign_up(call: CreateNewSession[AppContext]) -> SessionContainer:
    return EmptySession() if call.user_context.get("is_sign_up") else await call.original()


def local_provider() -> thirdparty.SignInAndUpFeature:
    """Return an OpenID issuer that knows the client "web"."""
    issuer = os.environ.get("AUTHWEAVE_ISSUER", "http://localhost:4000")
    client = thirdparty.ProviderClientConfig("web", "web-secret")
    provider = thirdparty.ProviderConfig("local", oidc_discovery_endpoint=issuer, clients=[client])
    return thirdparty.SignInAndUpFeature([thirdparty.ProviderInput(provider)])


def serve(*overrides: Override[Interface[AppContext]]) -> FastAPI:
    """Return an application with a route for everybody and two for the signed in."""
    auth = init(
        InputAppInfo(app_name="Twin", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), thirdparty.init(local_provider()), session.init()],
        overrides=[*overrides, no_session_after_sign_up],
        context=AppContext,
        storage=os.environ.get("AUTHWEAVE_STORAGE", "sqlite:///twin.db"),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        with closing(auth):
            yield

    app = FastAPI(lifespan=lifespan)
    app.add_middleware(get_middleware())

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "OK"}

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"userId": session.get_user_id()}

    @app.get("/me/now")
    async def me_now(
        session: Annotated[SessionContainer, Depends(verify_session(check_database=True))],
    ) -> dict[str, str]:
        return {"userId": session.get_user_id()}

    return app
