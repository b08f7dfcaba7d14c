"""Flask: the middleware, ``verify_session`` around views, ``g.supertokens``, overrides and answers of one's own."""

import os
from typing import Any, Dict, List, Union

from flask import Flask, g, jsonify
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework import BaseRequest, BaseResponse
from supertokens_python.framework.flask import Middleware
from supertokens_python.recipe import emailpassword, session, userroles
from supertokens_python.recipe.emailpassword.interfaces import APIInterface, APIOptions, SignUpPostOkResult
from supertokens_python.recipe.emailpassword.types import FormField
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.framework.flask import verify_session
from supertokens_python.recipe.userroles import UserRoleClaim
from supertokens_python.recipe.userroles.syncio import add_role_to_user, create_new_role_or_add_permissions
from supertokens_python.types import GeneralErrorResponse


def override_emailpassword_apis(original_implementation: APIInterface):
    original_sign_up_post = original_implementation.sign_up_post

    async def sign_up_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        if api_options.request.get_header("x-coupon") == "expired":
            return GeneralErrorResponse("The coupon has expired")
        response = await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )
        if isinstance(response, SignUpPostOkResult):
            api_options.response.set_status_code(201)
            api_options.response.set_json_content({"status": "OK", "coupon": 10, "user": response.user.to_json()})
        return response

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


async def on_unauthorised(request: BaseRequest, message: str, response: BaseResponse):
    response.set_status_code(401)
    response.set_json_content({"sign_in_at": "/auth", "asked_for": request.get_path()})
    return response


init(
    app_info=InputAppInfo(app_name="Shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="flask",
    recipe_list=[
        emailpassword.init(override=emailpassword.InputOverrideConfig(apis=override_emailpassword_apis)),
        session.init(error_handlers=session.InputErrorHandlers(on_unauthorised=on_unauthorised)),
        userroles.init(),
    ],
    mode="wsgi",
)

app = Flask(__name__)
Middleware(app)


@app.route("/basket", methods=["GET"])
@verify_session()
def basket():
    session: SessionContainer = g.supertokens
    return jsonify({"user": session.get_user_id(), "basket": session.sync_get_session_data_from_database()})


@app.route("/basket/<thing>", methods=["POST"])
@verify_session()
def put_into_basket(thing: str):
    session: SessionContainer = g.supertokens
    session.sync_update_session_data_in_database({"thing": thing})
    session.sync_merge_into_access_token_payload({"things": 1})
    return jsonify({"things": session.get_access_token_payload()["things"]})


@app.route("/maybe", methods=["GET"])
@verify_session(session_required=False)
def maybe():
    session: Union[SessionContainer, None] = g.supertokens
    return jsonify({"user": None if session is None else session.get_user_id()})


@app.route("/staff", methods=["GET"])
@verify_session(
    override_global_claim_validators=lambda validators, session, user_context: (
        validators + [UserRoleClaim.validators.includes("staff")]
    )
)
def staff():
    return jsonify({"staff": True})


@app.route("/hire", methods=["POST"])
@verify_session()
def hire():
    session: SessionContainer = g.supertokens
    create_new_role_or_add_permissions("staff", [])
    add_role_to_user("public", session.get_user_id(), "staff")
    session.sync_fetch_and_set_claim(UserRoleClaim)
    return jsonify({"roles": session.sync_get_claim_value(UserRoleClaim)})
