"""
What the demo's application does in its own way.

Who signs up is not signed in by that: overrides of three recipes, which speak through the user context. Those that know
of a sign-up leave a key there, that of the function that creates sessions reads it.

Whoever has an authenticator app is asked for its code: an override of a fourth.
"""

from __future__ import annotations

from authweave.recipe.multifactorauth import GetMfaRequirementsForAuth, MFARequirementList
from authweave.recipe.thirdparty import SignInUp, SignInUpOkResult, SignInUpResult

from .forms.as_a_call import DemoContext, no_session_after_sign_up, note_sign_up


@SignInUp[DemoContext].override
async def note_first_sign_in(call: SignInUp[DemoContext]) -> SignInUpResult:
    """Note in the user context that a user was created. Only the answer tells: it may as well have been a sign-in."""
    result = await call.original()
    if isinstance(result, SignInUpOkResult) and result.created_new_recipe_user and call.session is None:
        call.user_context["isSignUp"] = True
    return result


@GetMfaRequirementsForAuth[DemoContext].override
async def ask_who_has_an_app(call: GetMfaRequirementsForAuth[DemoContext]) -> MFARequirementList:
    """Ask for a code of the app where there is one, however somebody has signed in."""
    return ["totp"] if "totp" in await call.factors_set_up_for_user() else await call.original()


OVERRIDES = (note_sign_up, note_first_sign_in, no_session_after_sign_up, ask_who_has_an_app)
