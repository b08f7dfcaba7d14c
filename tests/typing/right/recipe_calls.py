"""Calling recipes: the functions of the default application, awaited or not."""

from typing import assert_type

from authweave.kernel import UserContext
from authweave.recipe.emailpassword import asyncio as emailpassword
from authweave.recipe.emailpassword import syncio as emailpassword_sync
from authweave.recipe.emailpassword.types import SignInResult, SignUpResult, UpdateEmailOrPasswordResult
from authweave.recipe.session import asyncio as sessions
from authweave.recipe.session import syncio as sessions_sync
from authweave.recipe.session.claims import BooleanClaim, PrimitiveArrayClaim, PrimitiveClaim
from authweave.recipe.session.interfaces import (
    ClaimsValidationResult,
    GetClaimValueOkResult,
    SessionContainer,
    SessionDoesNotExistError,
    SessionInformationResult,
)
from authweave.types import BaseRequest, JSONObject, RecipeUserId


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


# program: sessions without a request
async def by_hand() -> str:
    created = await sessions.create_new_session_without_request_response("public", RecipeUserId("user"))
    tokens = created.get_all_session_tokens_dangerously()
    found = await sessions.get_session_without_request_response(tokens["accessToken"], anti_csrf_check=False)
    assert_type(found, SessionContainer | None)
    refreshed = await sessions.refresh_session_without_request_response(tokens["refreshToken"] or "")
    assert_type(refreshed, SessionContainer)
    handles = await sessions.get_all_session_handles_for_user("user", tenant_id="public")
    assert_type(await sessions.revoke_multiple_sessions(handles), list[str])
    return refreshed.get_access_token()


# program: a claim knows the type of its value
async def level_of(
    user_id: str, recipe_user_id: RecipeUserId, tenant_id: str, payload: JSONObject, user_context: UserContext
) -> int | None:
    return len(user_id) or None


LEVEL = PrimitiveClaim("level", level_of)
assert_type(LEVEL, PrimitiveClaim[int])


async def level(session: SessionContainer) -> int:
    assert_type(await session.get_claim_value(LEVEL), int | None)
    await session.set_claim_value(LEVEL, 3)
    match await sessions.get_claim_value("handle", LEVEL):
        case SessionDoesNotExistError():
            return 0
        case GetClaimValueOkResult(value=value):
            assert_type(value, int | None)
            return value or 0


# program: claims of a handle, from a thread without a loop
BANNED = BooleanClaim("banned", lambda user, recipe_user, tenant, payload, context: user == "eve", 300)
ROLES = PrimitiveArrayClaim[str]("roles", lambda user, recipe_user, tenant, payload, context: ["user"])


def banned_in_a_script() -> None:
    result = sessions_sync.get_claim_value("handle", BANNED)
    assert_type(result, SessionDoesNotExistError | GetClaimValueOkResult[bool])
    roles = sessions_sync.get_claim_value("handle", ROLES)
    assert_type(roles, SessionDoesNotExistError | GetClaimValueOkResult[list[str]])
    assert_type(sessions_sync.set_claim_value("handle", ROLES, ["user", "admin"]), bool)
    assert_type(sessions_sync.remove_claim("handle", BANNED), bool)
    checked = sessions_sync.validate_claims_for_session_handle("handle")
    assert_type(checked, SessionDoesNotExistError | ClaimsValidationResult)
