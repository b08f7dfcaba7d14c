"""Overrides that are handed a call, for any context: it is left out."""

from typing import assert_type

from authweave.kernel import Override, Plugin, UserContext
from authweave.recipe.emailpassword import SignIn, SignInResult, SignUp, SignUpPost, SignUpPostResult, SignUpResult
from authweave.recipe.emailpassword.interfaces import RecipeInterface


class AppContext(UserContext, total=False):
    attempts: int


# program: an override without its context
@SignUp.override
async def lower_case(call: SignUp) -> SignUpResult:
    call.email = call.email.lower()
    return await call.original()


# program: an override with a name
@SignIn.override(name="audit", after=["lower_case"])
async def audit(call: SignIn) -> SignInResult:
    assert_type(call.user_context, UserContext)
    return await call.original()


# program: an override of an API
@SignUpPost.override
async def no_aliases(call: SignUpPost) -> SignUpPostResult:
    assert_type(call.field("email"), str)
    return await call.original()


# program: hooks
@SignIn.before
async def before(call: SignIn) -> None: ...


@SignIn.after
async def after(call: SignIn, result: SignInResult) -> None: ...


# program: they fit every application
fits: list[Override[RecipeInterface[AppContext]]] = [lower_case, audit, before, after]
plugin = Plugin[AppContext]("any", [lower_case, no_aliases])
