"""Quart: bare ASGI."""

from quart import Quart, request

import authweave
from authweave.framework.asgi import Middleware
from authweave.recipe.session.framework.asgi import get_session


def make(auth: authweave.App) -> Middleware:
    app = Quart(__name__)

    @app.get("/me")
    async def me() -> dict[str, str]:
        session = await get_session(request)
        return {"user": session.get_user_id()}

    @app.post("/colour")
    async def colour() -> dict[str, str]:
        session = await get_session(request)
        await session.merge_into_access_token_payload({"colour": (await request.get_json())["colour"]})
        return {}

    @app.get("/open")
    async def open_route() -> str:
        return "open"

    return Middleware(app, auth)
