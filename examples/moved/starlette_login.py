"""Starlette without FastAPI: the same middleware, and routes that ask for the session themselves."""

import os

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from supertokens_python import InputAppInfo, RecipeUserId, SupertokensConfig, get_all_cors_headers, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session.asyncio import create_new_session, get_session

init(
    app_info=InputAppInfo(
        app_name="Starlette", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(), session.init()],
    mode="asgi",
)


async def me(request: Request) -> JSONResponse:
    session = await get_session(request, True, False)
    assert session is not None
    return JSONResponse({"user": session.get_user_id()})


async def guest(request: Request) -> JSONResponse:
    session = await create_new_session(request=request, tenant_id="public", recipe_user_id=RecipeUserId("guest"))
    await session.merge_into_access_token_payload({"guest": True})
    return JSONResponse({"user": session.get_user_id()})


app = Starlette(
    routes=[Route("/me", me), Route("/guest", guest, methods=["POST"])],
    middleware=[
        Middleware(
            CORSMiddleware,
            allow_origins=["http://localhost:3000"],
            allow_credentials=True,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"] + get_all_cors_headers(),
        ),
        Middleware(get_middleware()),
    ],
)
