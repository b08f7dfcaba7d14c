"""The application of docs/how-to/from-supertokens.md, before it is moved: the page shows it piece by piece, after."""

import os
from typing import Any, Dict, List, Optional, Union

from fastapi import Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware
from supertokens_python import InputAppInfo, SupertokensConfig, get_all_cors_headers, init
from supertokens_python.framework import BaseRequest, BaseResponse
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session, userroles
from supertokens_python.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    EmailAlreadyExistsError,
    SignUpOkResult,
)
from supertokens_python.recipe.emailpassword.interfaces import (
    RecipeInterface as EmailPasswordRecipeInterface,
)
from supertokens_python.recipe.emailpassword.types import FormField
from supertokens_python.recipe.session.claims import PrimitiveClaim
from supertokens_python.recipe.session.exceptions import ClaimValidationError
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import RecipeInterface as SessionRecipeInterface
from supertokens_python.recipe.session.interfaces import SessionContainer
from supertokens_python.recipe.userroles import UserRoleClaim
from supertokens_python.recipe.userroles.asyncio import add_role_to_user, create_new_role_or_add_permissions
from supertokens_python.types import RecipeUserId
from supertokens_python.types.response import GeneralErrorResponse


def override_emailpassword_functions(original_implementation: EmailPasswordRecipeInterface):
    original_sign_up = original_implementation.sign_up

    async def sign_up(
        email: str,
        password: str,
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        user_context: Dict[str, Any],
    ):
        result = await original_sign_up(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        if isinstance(result, SignUpOkResult) and email.endswith("@shop.example"):
            await create_new_role_or_add_permissions("staff", ["refund"])
            await add_role_to_user(tenant_id, result.user.id, "staff")
        return result

    original_implementation.sign_up = sign_up
    return original_implementation


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
        if api_options.request.get_header("x-closed") == "yes":
            return GeneralErrorResponse("We are closed")
        user_context["plan"] = api_options.request.get_query_param("plan", "free")
        response = await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )
        if isinstance(response, EmailAlreadyExistsError):
            api_options.response.set_status_code(409)
            api_options.response.set_json_content({"status": response.status, "hint": "Sign in instead"})
        return response

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


plans: Dict[str, str] = {}


async def fetch_plan(
    user_id: str,
    recipe_user_id: RecipeUserId,
    tenant_id: str,
    current_payload: Dict[str, Any],
    user_context: Dict[str, Any],
) -> str:
    return plans.setdefault(user_id, user_context.get("plan", "free"))


PlanClaim = PrimitiveClaim[str]("plan", fetch_plan)


def override_session_functions(original_implementation: SessionRecipeInterface):
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: Optional[Dict[str, Any]],
        session_data_in_database: Optional[Dict[str, Any]],
        disable_anti_csrf: Optional[bool],
        tenant_id: str,
        user_context: Dict[str, Any],
    ):
        plan = await PlanClaim.build(user_id, recipe_user_id, tenant_id, access_token_payload or {}, user_context)
        return await original_create_new_session(
            user_id,
            recipe_user_id,
            {**(access_token_payload or {}), **plan},
            session_data_in_database,
            disable_anti_csrf,
            tenant_id,
            user_context,
        )

    original_implementation.create_new_session = create_new_session
    return original_implementation


async def on_unauthorised(request: BaseRequest, message: str, response: BaseResponse):
    response.set_status_code(401)
    response.set_json_content({"sign_in_at": "/auth", "wanted": request.get_path()})
    return response


async def on_invalid_claim(request: BaseRequest, errors: List[ClaimValidationError], response: BaseResponse):
    response.set_status_code(402 if errors[0].id_ == PlanClaim.key else 403)
    response.set_json_content({"missing": [error.id_ for error in errors]})
    return response


init(
    app_info=InputAppInfo(
        app_name="Shop",
        api_domain="http://localhost:8000",
        website_domain="http://localhost:3000",
        api_base_path="/auth",
        website_base_path="/auth",
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(
            override=emailpassword.InputOverrideConfig(
                functions=override_emailpassword_functions, apis=override_emailpassword_apis
            )
        ),
        session.init(
            override=session.InputOverrideConfig(functions=override_session_functions),
            error_handlers=session.InputErrorHandlers(
                on_unauthorised=on_unauthorised, on_invalid_claim=on_invalid_claim
            ),
        ),
        userroles.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:3000"],
    allow_credentials=True,
    allow_methods=["GET", "POST"],
    allow_headers=["Content-Type"] + get_all_cors_headers(),
)


@app.get("/orders")
async def orders(session: SessionContainer = Depends(verify_session())):
    return {"orders": [], "plan": await session.get_claim_value(PlanClaim)}


@app.get("/discounts")
async def discounts(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda validators, session, user_context: (
                validators + [PlanClaim.validators.has_value("gold", 300)]
            )
        )
    ),
):
    return {"discounts": [10, 20]}


@app.post("/refunds")
async def refunds(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda validators, session, user_context: (
                validators + [UserRoleClaim.validators.includes("staff")]
            )
        )
    ),
):
    return {"refunded_by": session.get_user_id()}
