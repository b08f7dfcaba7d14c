"""Verified addresses: the claim at every door but one, an override of the API, and the functions."""

import os
from typing import Any, Dict, List, Optional

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.ingredients.emaildelivery.types import EmailDeliveryConfig
from supertokens_python.recipe import emailpassword, emailverification, session
from supertokens_python.recipe.emailverification import EmailVerificationClaim, EmailVerificationOverrideConfig
from supertokens_python.recipe.emailverification.asyncio import (
    create_email_verification_token,
    is_email_verified,
    unverify_email,
    verify_email_using_token,
)
from supertokens_python.recipe.emailverification.interfaces import (
    APIInterface,
    APIOptions,
    CreateEmailVerificationTokenOkResult,
    EmailVerifyPostOkResult,
    RecipeInterface,
    VerifyEmailUsingTokenOkResult,
)
from supertokens_python.recipe.emailverification.types import EmailDeliveryOverrideInput, EmailTemplateVars
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import SessionClaimValidator, SessionContainer

links: List[str] = []
welcomed: List[str] = []


def override_apis(original_implementation: APIInterface) -> APIInterface:
    original_email_verify_post = original_implementation.email_verify_post

    async def email_verify_post(
        token: str,
        session: Optional[SessionContainer],
        tenant_id: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        response = await original_email_verify_post(token, session, tenant_id, api_options, user_context)
        if isinstance(response, EmailVerifyPostOkResult):
            welcomed.append(response.user.email)
        return response

    original_implementation.email_verify_post = email_verify_post
    return original_implementation


def override_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_verify_email_using_token = original_implementation.verify_email_using_token

    async def verify_email_using_token(
        token: str, tenant_id: str, attempt_account_linking: bool, user_context: Dict[str, Any]
    ):
        result = await original_verify_email_using_token(token, tenant_id, attempt_account_linking, user_context)
        if isinstance(result, VerifyEmailUsingTokenOkResult):
            welcomed.append(result.user.recipe_user_id.get_as_string())
        return result

    original_implementation.verify_email_using_token = verify_email_using_token
    return original_implementation


def keep_mails(original_implementation: EmailDeliveryOverrideInput) -> EmailDeliveryOverrideInput:
    async def send_email(template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> None:
        links.append(template_vars.email_verify_link)

    original_implementation.send_email = send_email  # type: ignore  # the documented way: a method
    return original_implementation


async def without_verification(
    global_validators: List[SessionClaimValidator], session: SessionContainer, user_context: Dict[str, Any]
) -> List[SessionClaimValidator]:
    return [validator for validator in global_validators if validator.id != EmailVerificationClaim.key]


init(
    app_info=InputAppInfo(
        app_name="Verified", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        emailverification.init(
            "REQUIRED",
            email_delivery=EmailDeliveryConfig(override=keep_mails),
            override=EmailVerificationOverrideConfig(apis=override_apis, functions=override_functions),
        ),
        session.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/inside")
async def inside(session: SessionContainer = Depends(verify_session())):
    return {"verified": await session.get_claim_value(EmailVerificationClaim)}


@app.get("/hall")
async def hall(
    session: SessionContainer = Depends(verify_session(override_global_claim_validators=without_verification)),
):
    return {"verified": await is_email_verified(session.get_recipe_user_id())}


@app.post("/by-hand")
async def by_hand(
    session: SessionContainer = Depends(verify_session(override_global_claim_validators=without_verification)),
):
    created = await create_email_verification_token("public", session.get_recipe_user_id())
    if not isinstance(created, CreateEmailVerificationTokenOkResult):
        return {"status": created.status}
    verified = await verify_email_using_token("public", created.token)
    assert isinstance(verified, VerifyEmailUsingTokenOkResult)
    return {"status": verified.status, "email": verified.user.email}


@app.post("/doubt")
async def doubt(session: SessionContainer = Depends(verify_session())):
    await unverify_email(session.get_recipe_user_id())
    await session.fetch_and_set_claim(EmailVerificationClaim)
    return {"verified": await is_email_verified(session.get_recipe_user_id())}


@app.get("/sent")
async def sent():
    return {"links": links, "welcomed": welcomed}
