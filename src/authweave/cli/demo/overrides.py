"""
What the demo's application does in its own way: who signs up is not signed in by that.

Overrides of three recipes. They speak through the user context: those that know of a sign-up leave a key there, that
of the function that creates sessions reads it.
"""

from __future__ import annotations

from authweave.recipe.thirdparty import SignInUp, SignInUpOkResult, SignInUpResult

from .forms.as_a_call import DemoContext, no_session_after_sign_up, note_sign_up


@SignInUp[DemoContext].override
async def note_first_sign_in(call: SignInUp[DemoContext]) -> SignInUpResult:
    """Note in the user context that a user was created. Only the answer tells: it may as well have been a sign-in."""
    result = await call.original()
    if isinstance(result, SignInUpOkResult) and result.created_new_recipe_user and call.session is None:
        call.user_context["isSignUp"] = True
    return result


OVERRIDES = (note_sign_up, note_first_sign_in, no_session_after_sign_up)
