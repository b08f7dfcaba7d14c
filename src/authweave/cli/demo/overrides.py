"""
What the demo's application does in its own way: who signs up is not signed in by that.

Overrides of three recipes. They speak through the user context: those of the functions that create users leave a key
there, that of the function that creates sessions reads it.
"""

from __future__ import annotations

from authweave import UserContext
from authweave.recipe.emailpassword import SignUp, SignUpOkResult, SignUpResult
from authweave.recipe.session import CreateNewSession, EmptySession, SessionContainer
from authweave.recipe.thirdparty import SignInUp, SignInUpOkResult, SignInUpResult


class DemoContext(UserContext, total=False):
    """
    The keys that the overrides share.

    Keys:
        isSignUp: the request has created a user.
    """

    isSignUp: bool  # noqa: N815  the documents' key


@SignUp[DemoContext].override
async def note_sign_up(call: SignUp[DemoContext]) -> SignUpResult:
    """Note in the user context that a user was created."""
    result = await call.original()
    if isinstance(result, SignUpOkResult) and len(result.user.login_methods) == 1 and call.session is None:
        call.user_context["isSignUp"] = True
    return result


@SignInUp[DemoContext].override
async def note_first_sign_in(call: SignInUp[DemoContext]) -> SignInUpResult:
    """Note in the user context that a user was created. Only the answer tells: it may as well have been a sign-in."""
    result = await call.original()
    if isinstance(result, SignInUpOkResult) and result.created_new_recipe_user and call.session is None:
        call.user_context["isSignUp"] = True
    return result


@CreateNewSession[DemoContext].override
async def no_session_after_sign_up(call: CreateNewSession[DemoContext]) -> SessionContainer:
    """Create no session where the user has only just been created."""
    return EmptySession() if call.user_context.get("isSignUp") else await call.original()
