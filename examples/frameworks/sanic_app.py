"""Sanic in its ASGI mode: ``uvicorn main:app``, say, in place of its own server, which speaks no ASGI."""

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json, text

import authweave
from authweave.framework.asgi import Middleware
from authweave.recipe.session.framework.asgi import get_session


def make(auth: authweave.App) -> Middleware:
    app = Sanic("example")

    @app.get("/me")
    async def me(request: Request) -> HTTPResponse:
        session = await get_session(request.transport)
        return json({"user": session.get_user_id()})

    @app.post("/colour")
    async def colour(request: Request) -> HTTPResponse:
        session = await get_session(request.transport)
        await session.merge_into_access_token_payload({"colour": request.json["colour"]})
        return json({})

    @app.get("/open")
    async def open_route(request: Request) -> HTTPResponse:
        return text("open")

    return Middleware(app, auth)
