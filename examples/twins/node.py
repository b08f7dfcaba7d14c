"""
The twin of examples/seeds/node.py: the functions that sign up know whether the user is new.

    uvicorn --factory examples.twins.node:app
"""

from fastapi import FastAPI

from authweave import override
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.emailpassword.signatures import SignUp
from authweave.recipe.emailpassword.types import SignUpOkResult, SignUpResult
from authweave.recipe.session import SessionContainer
from examples.twins.current import mark_first_sign_in
from examples.twins.no_session import AppContext, serve


@override(RecipeInterface[AppContext].sign_up)
async def mark_sign_up(
    original: SignUp[AppContext], email: str, password: str, tenant_id: str, session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None, user_context: AppContext,
) -> SignUpResult:  # fmt: skip
    linking = should_try_linking_with_session_user
    result = await original(email, password, tenant_id, session, linking, user_context)
    if isinstance(result, SignUpOkResult) and len(result.user.login_methods) == 1 and session is None:
        user_context["is_sign_up"] = True
    return result


def app() -> FastAPI:
    return serve(mark_sign_up, mark_first_sign_in)
