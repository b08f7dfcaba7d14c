"""
What the demo's application does in its own way: who signs up is not signed in by that.

Two overrides of two recipes. They speak through the user context: the first leaves a key there, the second reads it.
"""

from __future__ import annotations

from authweave import UserContext, override
from authweave.recipe.emailpassword.interfaces import RecipeInterface as EmailPassword
from authweave.recipe.emailpassword.interfaces import SignUpOkResult, SignUpResult
from authweave.recipe.emailpassword.signatures import SignUp
from authweave.recipe.session import EmptySession, SessionContainer
from authweave.recipe.session.interfaces import RecipeInterface as Session
from authweave.recipe.session.signatures import CreateNewSession
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
