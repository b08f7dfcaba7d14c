"""Calls of the recipes' functions, as documents of the reference write them."""

from typing import Any, Dict, List, Optional, Union

from authweave.recipe.emailpassword import syncio as emailpassword_syncio
from authweave.recipe.emailpassword.asyncio import (
    create_reset_password_link,
    send_reset_password_email,
    sign_in,
    sign_up,
    update_email_or_password,
)
from authweave.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    SignInOkResult,
    SignUpOkResult,
    UpdateEmailOrPasswordOkResult,
)
from authweave.recipe.emailverification.asyncio import (
    create_email_verification_token,
    is_email_verified,
    verify_email_using_token,
)
from authweave.recipe.emailverification.interfaces import (
    CreateEmailVerificationTokenOkResult,
)
from authweave.recipe.session import SessionContainer
from authweave.recipe.session import syncio as session_syncio
from authweave.recipe.session.asyncio import (
    create_new_session_without_request_response,
    get_all_session_handles_for_user,
    get_session_information,
    merge_into_access_token_payload,
    revoke_all_sessions_for_user,
    revoke_multiple_sessions,
    revoke_session,
    update_session_data_in_database,
    validate_claims_for_session_handle,
)
from authweave.recipe.session.interfaces import (
    SessionClaimValidator,
    SessionInformationResult,
)
from authweave.recipe.thirdparty.asyncio import manually_create_or_update_user
from authweave.recipe.thirdparty.interfaces import ManuallyCreateOrUpdateUserOkResult
from authweave.recipe.usermetadata.asyncio import (
    get_user_metadata,
    update_user_metadata,
)
from authweave.recipe.userroles.asyncio import add_role_to_user, get_roles_for_user
from authweave.recipe.userroles.interfaces import UnknownRoleError
from authweave.types import RecipeUserId


def keep(payload: Dict[str, Any]) -> Dict[str, Any]:
    return payload


async def with_contexts(email: str, password: str) -> None:
    user_context: Dict[str, Any] = {"from": "a job"}
    inferred = {"count": 1}
    created = await sign_up("public", email, password, user_context=user_context)
    if isinstance(created, EmailAlreadyExistsError):
        again = await sign_in("public", email, password, user_context={"a": 1})
        if not isinstance(again, SignInOkResult):
            raise ValueError(email)
        user = again.user
    elif isinstance(created, SignUpOkResult):
        user = created.user
    else:
        raise ValueError(created.reason)
    recipe_user_id: RecipeUserId = user.login_methods[0].recipe_user_id
    await update_user_metadata(user.id, {"preferences": {"theme": "dark"}, "score": 1.5}, inferred)
    await add_role_to_user("public", user.id, "admin", user_context)
    changed = await update_email_or_password(recipe_user_id, email=email, user_context=user_context)
    if not isinstance(changed, UpdateEmailOrPasswordOkResult):
        raise ValueError(email)
    link: Any = await create_reset_password_link("public", user.id, email, user_context)
    print(link, await send_reset_password_email("public", user.id, email, {"x": None}))


async def payloads(session: SessionContainer, user_context: Dict[str, Any]) -> Dict[str, Any]:
    payload: Dict[str, Any] = session.get_access_token_payload()
    kept = keep(session.get_access_token_payload(user_context))
    count: int = payload.get("count", 0)
    in_database = await session.get_session_data_from_database()
    in_database["count"] = count + 1
    await session.update_session_data_in_database(in_database)
    await session.merge_into_access_token_payload({"count": count, "nested": {"a": [1, 2]}, **kept})
    metadata = await get_user_metadata(session.get_user_id())
    await update_session_data_in_database(session.get_handle(), metadata.metadata, user_context)
    return keep(metadata.metadata)


async def read(session: SessionContainer) -> Union[str, None]:
    payload = session.get_access_token_payload()
    if payload["role"] == "admin" and payload["limits"]["a"] > 3:
        return payload["name"].lower()
    metadata = (await get_user_metadata(session.get_user_id())).metadata
    first: str = metadata["first_name"]
    print(metadata["preferences"]["theme"], first)
    return None


async def of_sessions(user_id: str, user_context: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    session = await create_new_session_without_request_response(
        "public", RecipeUserId(user_id), {"a": 1}, {"b": {"c": []}}, True, user_context
    )
    await merge_into_access_token_payload(session.get_handle(), {"plan": None}, user_context)
    handles: List[str] = await get_all_session_handles_for_user(user_id)
    information: Union[SessionInformationResult, None] = await get_session_information(handles[0])
    await revoke_multiple_sessions(handles, user_context)
    await revoke_session(handles[0])
    await revoke_all_sessions_for_user(user_id, user_context=user_context)
    if information is None:
        return None
    return information.custom_claims_in_access_token_payload


async def of_claims(session_handle: str) -> None:
    def only_first(
        validators: List[SessionClaimValidator], information: SessionInformationResult, user_context: Dict[str, Any]
    ) -> List[SessionClaimValidator]:
        return validators[:1]

    print(await validate_claims_for_session_handle(session_handle, only_first))
    print(await validate_claims_for_session_handle(session_handle, lambda validators, _, __: validators))


async def of_roles(user_id: str) -> List[str]:
    added = await add_role_to_user("public", user_id, "admin")
    if isinstance(added, UnknownRoleError):
        return []
    found = await get_roles_for_user("public", user_id, {"a": {"b": 1}})
    return found.roles


async def of_addresses(recipe_user_id: RecipeUserId) -> bool:
    token = await create_email_verification_token("public", recipe_user_id)
    if isinstance(token, CreateEmailVerificationTokenOkResult):
        await verify_email_using_token("public", token.token)
    return await is_email_verified(recipe_user_id, None, {"a": 1})


async def of_third_parties(user_context: Dict[str, Any]) -> str:
    made = await manually_create_or_update_user("public", "google", "1", "a@b.example", True, None, user_context)
    if isinstance(made, ManuallyCreateOrUpdateUserOkResult):
        return made.user.id
    return ""


def synchronous(session: SessionContainer, user_context: Dict[str, Any]) -> None:
    emailpassword_syncio.sign_in("public", "a@b.example", "secret12", user_context={"a": 1})
    session_syncio.revoke_session(session.get_handle(user_context), user_context)
