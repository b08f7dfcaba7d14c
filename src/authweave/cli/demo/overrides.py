"""
What the demo's application does in its own way: who signs up is not signed in by that.

Overrides of three recipes. They speak through the user context: those of the functions that create users leave a key
there, that of the function that creates sessions reads it.
"""

from __future__ import annotations

from authweave import UserContext, override
from authweave.recipe.emailpassword.interfaces import RecipeInterface as EmailPassword
from authweave.recipe.emailpassword.interfaces import SignUpOkResult, SignUpResult
from authweave.recipe.emailpassword.signatures import SignUp
from authweave.recipe.session import EmptySession, SessionContainer
from authweave.recipe.session.interfaces import RecipeInterface as Session
from authweave.recipe.session.signatures import CreateNewSession
from authweave.recipe.thirdparty.interfaces import RecipeInterface as ThirdParty
from authweave.recipe.thirdparty.interfaces import SignInUpOkResult, SignInUpResult
from authweave.recipe.thirdparty.signatures import SignInUp
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider
from authweave.types import JSONObject, RecipeUserId


class DemoContext(UserContext, total=False):
    """
    The keys that the overrides share.

    Keys:
        isSignUp: the request has created a user.
    """

    isSignUp: bool  # noqa: N815  the documents' key


@override(EmailPassword[DemoContext].sign_up)
async def note_sign_up(
    original: SignUp[DemoContext],
    email: str,
    password: str,
    tenant_id: str,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,  # noqa: FBT001  the interface's order of parameters
    user_context: DemoContext,
) -> SignUpResult:
    """Note in the user context that a user was created."""
    result = await original(email, password, tenant_id, session, should_try_linking_with_session_user, user_context)
    if isinstance(result, SignUpOkResult) and len(result.user.login_methods) == 1 and session is None:
        user_context["isSignUp"] = True
    return result


@override(ThirdParty[DemoContext].sign_in_up)
async def note_first_sign_in(
    original: SignInUp[DemoContext],
    third_party_id: str,
    third_party_user_id: str,
    email: str,
    is_verified: bool,  # noqa: FBT001  the interface's order of parameters
    oauth_tokens: JSONObject,
    raw_user_info_from_provider: RawUserInfoFromProvider,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,  # noqa: FBT001  likewise
    tenant_id: str,
    user_context: DemoContext,
) -> SignInUpResult:
    """Note in the user context that a user was created. Only the answer tells: it may as well have been a sign-in."""
    result = await original(
        third_party_id,
        third_party_user_id,
        email,
        is_verified,
        oauth_tokens,
        raw_user_info_from_provider,
        session,
        should_try_linking_with_session_user,
        tenant_id,
        user_context,
    )
    if isinstance(result, SignInUpOkResult) and result.created_new_recipe_user and session is None:
        user_context["isSignUp"] = True
    return result


@override(Session[DemoContext].create_new_session)
async def no_session_after_sign_up(
    original: CreateNewSession[DemoContext],
    user_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    disable_anti_csrf: bool | None,  # noqa: FBT001  the interface's order of parameters
    tenant_id: str,
    user_context: DemoContext,
) -> SessionContainer:
    """Create no session where the user has only just been created."""
    if user_context.get("isSignUp"):
        return EmptySession()
    return await original(
        user_id,
        recipe_user_id,
        access_token_payload,
        session_data_in_database,
        disable_anti_csrf,
        tenant_id,
        user_context,
    )
