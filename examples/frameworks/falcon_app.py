"""Falcon: bare ASGI."""

import falcon.asgi
from falcon import MEDIA_TEXT
from falcon.asgi import Request, Response

import authweave
from authweave.framework.asgi import Middleware
from authweave.recipe.session.framework.asgi import get_session


class Me:
    async def on_get(self, request: Request, response: Response) -> None:
        session = await get_session(request)
        response.media = {"user": session.get_user_id()}


class Colour:
    async def on_post(self, request: Request, response: Response) -> None:
        session = await get_session(request)
        await session.merge_into_access_token_payload({"colour": (await request.get_media())["colour"]})
        response.media = {}


class Open:
    async def on_get(self, request: Request, response: Response) -> None:
        response.content_type, response.text = MEDIA_TEXT, "open"


def make(auth: authweave.App) -> Middleware:
    app = falcon.asgi.App()
    app.add_route("/me", Me())
    app.add_route("/colour", Colour())
    app.add_route("/open", Open())
    return Middleware(app, auth)
