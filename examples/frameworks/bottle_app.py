"""Bottle: bare WSGI. Bottle answers every error itself, so it is told to let them out."""

from bottle import Bottle, request

import authweave
from authweave.framework.wsgi import Middleware
from authweave.recipe.session.framework.wsgi import get_session


def make(auth: authweave.App) -> Middleware:
    app = Bottle()
    app.config["catchall"] = False  # a session's error reaches the middleware, which answers it

    @app.get("/me")
    def me() -> dict[str, str]:
        return {"user": get_session(request).get_user_id()}

    @app.post("/colour")
    def colour() -> dict[str, str]:
        session = get_session(request)
        auth.run_blocking(session.merge_into_access_token_payload({"colour": request.json["colour"]}))
        return {}

    @app.get("/open")
    def open_route() -> str:
        return "open"

    return Middleware(app, auth)
