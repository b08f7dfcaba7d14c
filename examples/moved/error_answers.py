"""Error handlers of one's own: each answers in the words of the application, with the status that it wants."""

import os
from typing import Any, Dict, List

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework import BaseRequest, BaseResponse
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.claims import BooleanClaim
from supertokens_python.recipe.session.exceptions import ClaimValidationError
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.types import RecipeUserId

stolen: List[Dict[str, Any]] = []
PaidClaim = BooleanClaim("paid", lambda user_id, recipe_user_id, tenant_id, payload, user_context: False)


async def on_unauthorised(request: BaseRequest, message: str, response: BaseResponse):
    response.set_status_code(401)
    response.set_json_content({"code": "SIGN_IN", "path": request.get_path(), "method": request.method()})
    return response


async def on_try_refresh_token(request: BaseRequest, message: str, response: BaseResponse):
    response.set_status_code(401)
    response.set_json_content({"code": "REFRESH", "said": message})
    return response


async def on_invalid_claim(
    request: BaseRequest, claim_validation_errors: List[ClaimValidationError], response: BaseResponse
):
    response.set_status_code(402)
    response.set_header("x-why", claim_validation_errors[0].id_)
    response.set_json_content({"code": "PAY", "claims": [error.to_json() for error in claim_validation_errors]})
    return response


async def on_token_theft_detected(
    request: BaseRequest, session_handle: str, user_id: str, recipe_user_id: RecipeUserId, response: BaseResponse
):
    stolen.append({"handle": session_handle, "user": user_id, "login": recipe_user_id.get_as_string()})
    response.set_status_code(401)
    response.set_json_content({"code": "STOLEN"})
    return response


init(
    app_info=InputAppInfo(
        app_name="Errors", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        session.init(
            error_handlers=session.InputErrorHandlers(
                on_unauthorised=on_unauthorised,
                on_try_refresh_token=on_try_refresh_token,
                on_invalid_claim=on_invalid_claim,
                on_token_theft_detected=on_token_theft_detected,
            )
        ),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/me")
async def me(session: SessionContainer = Depends(verify_session())):
    return {"user": session.get_user_id(), "handle": session.get_handle()}


@app.get("/paid")
async def paid(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda validators, session, user_context: [
                *validators,
                PaidClaim.validators.is_true(None),
            ]
        )
    ),
):
    return {"paid": True}


@app.get("/stolen")
async def get_stolen():
    return {"stolen": stolen}
