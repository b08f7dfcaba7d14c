"""Flask with login routes of its own: the functions of ``syncio`` take Flask's request."""

import os

from flask import Flask, jsonify, request
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.flask import Middleware
from supertokens_python.recipe import session
from supertokens_python.recipe.session.exceptions import TryRefreshTokenError, UnauthorisedError
from supertokens_python.recipe.session.syncio import (
    create_new_session,
    get_session,
    refresh_session,
    revoke_all_sessions_for_user,
)
from supertokens_python.types import RecipeUserId

init(
    app_info=InputAppInfo(app_name="Flask", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="flask",
    recipe_list=[session.init(anti_csrf="NONE")],
    mode="wsgi",
)

app = Flask(__name__)
Middleware(app)


@app.route("/login", methods=["POST"])
def login():
    body = request.get_json()
    session = create_new_session(request, "public", RecipeUserId(body["name"]), {"name": body["name"]}, {"n": 1})
    return jsonify({"handle": session.get_handle()})


@app.route("/me")
def me():
    try:
        session = get_session(request)
    except TryRefreshTokenError:
        return jsonify({"message": "refresh"}), 401
    except UnauthorisedError:
        return jsonify({"message": "sign in"}), 401
    if session is None:
        raise Exception("should never come here")
    return jsonify({"name": session.get_access_token_payload()["name"]})


@app.route("/again", methods=["POST"])
def again():
    session = refresh_session(request)
    return jsonify({"name": session.get_user_id()})


@app.route("/logout-everywhere", methods=["POST"])
def logout_everywhere():
    session = get_session(request)
    assert session is not None
    revoked = revoke_all_sessions_for_user(session.get_user_id(), False)
    session.sync_revoke_session()
    return jsonify({"revoked": len(revoked)})
