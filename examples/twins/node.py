"""
The twin of examples/seeds/node.py: the functions that sign up know whether the user is new.

    uvicorn --factory examples.twins.node:app
"""

from fastapi import FastAPI

from authweave.recipe.emailpassword import SignUp, SignUpOkResult, SignUpResult
from examples.twins.current import mark_first_sign_in
from examples.twins.no_session import AppContext, serve


@SignUp[AppContext].override
async def mark_sign_up(call: SignUp[AppContext]) -> SignUpResult:
    result = await call.original()
    if isinstance(result, SignUpOkResult) and len(result.user.login_methods) == 1 and call.session is None:
        call.user_context["is_sign_up"] = True
    return result


def app() -> FastAPI:
    return serve(mark_sign_up, mark_first_sign_in)
