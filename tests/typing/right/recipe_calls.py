"""Calling recipes: the functions of the default application, awaited or not."""

from typing import assert_type

from authweave.kernel import UserContext
from authweave.recipe.emailpassword import asyncio as emailpassword
from authweave.recipe.emailpassword import syncio as emailpassword_sync
from authweave.recipe.emailpassword.types import SignInResult, SignUpResult, UpdateEmailOrPasswordResult
from authweave.recipe.session import asyncio as sessions
from authweave.recipe.session import syncio as sessions_sync
from authweave.recipe.session.interfaces import SessionContainer, SessionInformationResult
from authweave.types import BaseRequest, RecipeUserId


# program: emailpassword, awaited
async def sign_up_and_in() -> None:
    assert_type(await emailpassword.sign_up("public", "a@b.example", "secret12"), SignUpResult)
    signed_in = await emailpassword.sign_in(tenant_id="public", email="a@b.example", password="secret12")
    assert_type(signed_in, SignInResult)
    changed = await emailpassword.update_email_or_password(RecipeUserId("user"), password="secret34")
    assert_type(changed, UpdateEmailOrPasswordResult)


# program: emailpassword, from a thread without a loop
def sign_up_in_a_script() -> None:
    assert_type(emailpassword_sync.sign_up("public", "a@b.example", "secret12"), SignUpResult)
    assert_type(
        emailpassword_sync.verify_credentials(tenant_id="public", email="a@b.example", password="secret12"),
        SignInResult,
    )


# program: sessions, awaited
async def sessions_of(request: BaseRequest) -> None:
    created = await sessions.create_new_session(request, "public", RecipeUserId("user"), {"plan": "free"})
    assert_type(created, SessionContainer)
    found = await sessions.get_session(request, session_required=False)
    assert_type(found, SessionContainer | None)
    assert_type(await sessions.get_session_information("handle"), SessionInformationResult | None)
    assert_type(await sessions.revoke_all_sessions_for_user("user"), list[str])


# program: sessions, from a thread without a loop
def revoke_in_a_script() -> None:
    assert_type(sessions_sync.revoke_session("handle"), bool)
    assert_type(sessions_sync.merge_into_access_token_payload("handle", {"plan": None}), bool)


class JobContext(UserContext, total=False):
    job: str


# program: a context handed over explicitly, of a type of one's own
async def in_a_job() -> None:
    user_context = JobContext(job="clean up")
    await emailpassword.sign_in("public", "a@b.example", "secret12", user_context=user_context)
    await sessions.revoke_session("handle", user_context)
