"""No middleware: a service that only checks sessions, and answers their errors by an exception handler."""

import os
from typing import Any

from fastapi import Depends, FastAPI, Request
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.exceptions import SuperTokensError
from supertokens_python.recipe import session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.asyncio import (
    create_new_session_without_request_response,
    get_session_without_request_response,
    refresh_session_without_request_response,
)
from supertokens_python.recipe.session.claims import PrimitiveClaim
from supertokens_python.recipe.session.exceptions import (
    ClaimValidationError,
    InvalidClaimsError,
    UnauthorisedError,
    raise_invalid_claims_exception,
    raise_unauthorised_exception,
)
from supertokens_python.recipe.session.framework.fastapi import session_exception_handler, verify_session
from supertokens_python.types import RecipeUserId

LevelClaim: PrimitiveClaim[int] = PrimitiveClaim("level", lambda *_: 1)

init(
    app_info=InputAppInfo(
        app_name="Service", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[session.init(get_token_transfer_method=lambda *_: "header")],
    mode="asgi",
)

app = FastAPI()
handler: Any = session_exception_handler  # Any: Starlette types handlers for any error
app.add_exception_handler(SuperTokensError, handler)


@app.post("/tokens")
async def tokens(name: str):
    session = await create_new_session_without_request_response("public", RecipeUserId(name), {"by": "hand"})
    found = session.get_all_session_tokens_dangerously()
    return {"access": found["accessToken"], "refresh": found["refreshToken"]}


@app.get("/me")
async def me(session: SessionContainer = Depends(verify_session())):
    return {"user": session.get_user_id(), "by": session.get_access_token_payload()["by"]}


@app.get("/level")
async def level(
    session: SessionContainer = Depends(
        verify_session(override_global_claim_validators=lambda *_: [LevelClaim.validators.has_value(2)])
    ),
):
    return {"level": 2}


@app.get("/raised")
async def raised(kind: str):
    if kind == "unauthorised":
        raise_unauthorised_exception("not today")
    if kind == "claims":
        raise_invalid_claims_exception("no", [ClaimValidationError("mood", {"message": "bad"})])
    raise InvalidClaimsError("no", [ClaimValidationError(id_=kind, reason=None)])


@app.post("/by-hand")
async def by_hand(request: Request):
    body = await request.json()
    try:
        session = await get_session_without_request_response(body["access"])
    except UnauthorisedError as error:
        return {"error": type(error).__name__, "clear": error.clear_tokens}
    assert session is not None
    refreshed = await refresh_session_without_request_response(body["refresh"])
    tokens = refreshed.get_all_session_tokens_dangerously()
    return {"user": session.get_user_id(), "updated": tokens["accessAndFrontTokenUpdated"]}
