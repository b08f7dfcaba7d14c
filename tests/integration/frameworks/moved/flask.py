"""Flask, with ``syncio``."""

from __future__ import annotations

from flask import Flask, g, jsonify, request
from flask.typing import ResponseReturnValue

from authweave.app import App
from authweave.framework.flask import Middleware
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.framework.flask import get_session as session_of_view
from authweave.recipe.session.framework.flask import verify_session
from authweave.recipe.session.syncio import create_new_session, get_session, refresh_session

from .common import GIVEN, OWN, USER, note_context, user_of


def make(auth: App) -> Flask:
    """Return the application."""
    app = Flask(__name__)
    Middleware(app, auth)
    app.post("/login")(login)
    app.get("/who")(who)
    app.post("/renew")(renew)
    app.get("/asked")(asked)
    for number, (method, path) in enumerate(OWN):
        app.add_url_rule(path, f"own_{number}", own, methods=[method])
    return app


def login() -> ResponseReturnValue:
    """Create a session."""
    return jsonify(user_of(create_new_session(request, "public", USER, {"plan": "free"})))


def who() -> ResponseReturnValue:
    """Find the session."""
    return jsonify(user_of(get_session(request, False)))


def renew() -> ResponseReturnValue:
    """Refresh the session."""
    return jsonify(user_of(refresh_session(request)))


@verify_session(None, True, True, note_context, GIVEN)
def asked() -> ResponseReturnValue:
    """Have the session verified."""
    session: SessionContainer = g.supertokens
    return jsonify({**user_of(session), "kept": session is session_of_view()})


def own() -> ResponseReturnValue:
    """Stand in for a route of the library's."""
    return jsonify({"own": True})
