"""
The twin of examples/seeds/current.py: the API of sign-up says what it is, and signing in with a provider finds out.

    uvicorn --factory examples.twins.current:app
"""

from fastapi import FastAPI

from authweave.recipe.emailpassword import SignUpPost, SignUpPostResult
from authweave.recipe.thirdparty import SignInUp, SignInUpOkResult, SignInUpResult
from examples.twins.no_session import AppContext, serve


@SignUpPost[AppContext].override
async def mark_sign_up(call: SignUpPost[AppContext]) -> SignUpPostResult:
    call.user_context["is_sign_up"] = True
    return await call.original()


@SignInUp[AppContext].override
async def mark_first_sign_in(call: SignInUp[AppContext]) -> SignInUpResult:
    result = await call.original()
    if isinstance(result, SignInUpOkResult) and result.created_new_recipe_user and call.session is None:
        call.user_context["is_sign_up"] = True
    return result


def app() -> FastAPI:
    return serve(mark_sign_up, mark_first_sign_in)
