"""
The twin of examples/seeds/current.py: the API of sign-up says what it is, and signing in with a provider finds out.

    uvicorn --factory examples.twins.current:app
"""

from fastapi import FastAPI

from authweave import override
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions
from authweave.recipe.emailpassword.signatures import SignUpPost
from authweave.recipe.emailpassword.types import FormField, SignUpPostResult
from authweave.recipe.session import SessionContainer
from authweave.recipe.thirdparty.interfaces import RecipeInterface
from authweave.recipe.thirdparty.signatures import SignInUp
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider, SignInUpResult
from authweave.recipe.thirdparty.types import SignInUpOkResult as Ok
from authweave.types import JSONObject
from examples.twins.no_session import AppContext, serve


@override(APIInterface[AppContext].sign_up_post)
async def mark_sign_up(
    original: SignUpPost[AppContext], form_fields: list[FormField], tenant_id: str, session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None, api_options: APIOptions, user_context: AppContext,
) -> SignUpPostResult:  # fmt: skip
    user_context["is_sign_up"] = True
    linking = should_try_linking_with_session_user
    return await original(form_fields, tenant_id, session, linking, api_options, user_context)


@override(RecipeInterface[AppContext].sign_in_up)
async def mark_first_sign_in(
    original: SignInUp[AppContext], third_party_id: str, third_party_user_id: str, email: str, is_verified: bool,
    oauth_tokens: JSONObject, raw_user_info_from_provider: RawUserInfoFromProvider, session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: AppContext,
) -> SignInUpResult:  # fmt: skip
    who = (third_party_id, third_party_user_id, email, is_verified, oauth_tokens, raw_user_info_from_provider)
    result = await original(*who, session, should_try_linking_with_session_user, tenant_id, user_context)
    user_context["is_sign_up"] = isinstance(result, Ok) and result.created_new_recipe_user and session is None
    return result


def app() -> FastAPI:
    return serve(mark_sign_up, mark_first_sign_in)
