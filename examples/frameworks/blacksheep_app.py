"""BlackSheep: bare ASGI."""

from blacksheep import Application, Request, get, post

import authweave
from authweave.framework.asgi import Middleware
from authweave.recipe.session.framework.asgi import get_session


def make(auth: authweave.App) -> Middleware:
    app = Application()

    @get("/me")
    async def me(request: Request) -> dict[str, str]:
        session = await get_session(request)
        return {"user": session.get_user_id()}

    @post("/colour")
    async def colour(request: Request) -> dict[str, str]:
        session = await get_session(request)
        await session.merge_into_access_token_payload({"colour": (await request.json())["colour"]})
        return {}

    @get("/open")
    async def open_route() -> str:
        return "open"

    return Middleware(app, auth)
