"""
The twin of examples/seeds/current.py: the API of sign-up says what it is.

    uvicorn --factory examples.twins.current:app
"""

from fastapi import FastAPI

from authweave import override
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions
from authweave.recipe.emailpassword.signatures import SignUpPost
from authweave.recipe.emailpassword.types import FormField, SignUpPostResult
from authweave.recipe.session import SessionContainer
from examples.twins.no_session import AppContext, serve


@override(APIInterface[AppContext].sign_up_post)
async def mark_sign_up(
    original: SignUpPost[AppContext], form_fields: list[FormField], tenant_id: str, session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None, api_options: APIOptions, user_context: AppContext,
) -> SignUpPostResult:  # fmt: skip
    user_context["is_sign_up"] = True
    linking = should_try_linking_with_session_user
    return await original(form_fields, tenant_id, session, linking, api_options, user_context)


def app() -> FastAPI:
    return serve(mark_sign_up)
