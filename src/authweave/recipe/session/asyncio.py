"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from authweave.extending import app_in_use
from authweave.http import FrameworkRequest
from authweave.kernel import ContextArgument, context_for
from authweave.types import PUBLIC_TENANT, JSONObject, RecipeUserId

from .claims.base import SessionClaim
from .claims.global_claims import OverrideValidatorsOfHandle, OverrideValidatorsOfUser
from .container import EmptySession
from .interfaces import (
    ClaimsValidationResult,
    CreateJwtOkResult,
    GetClaimValueOkResult,
    GetJWKSResult,
    GetOpenIdDiscoveryConfigurationResult,
    OverrideClaimValidators,
    RegenerateAccessTokenOkResult,
    SessionContainer,
    SessionContent,
    SessionDoesNotExistError,
    SessionInformationResult,
    SessionOptions,
)
from .setup import SessionRecipe
from .transport.of_request import served

T = TypeVar("T")


def recipe_in_use(user_context: ContextArgument | None = None) -> SessionRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(SessionRecipe)


async def create_new_session(
    request: FrameworkRequest,
    tenant_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None = None,
    session_data_in_database: JSONObject | None = None,
    user_context: ContextArgument | None = None,
) -> SessionContainer:
    """
    Create a session, and attach its tokens to the answer of a request.

    Args:
        request: that of the framework, or the library's own (``user_context["_default"]["request"]``). The session is
            one of the application that serves it.
        tenant_id: ``"public"`` where there are no others.
        recipe_user_id: whose session it is: the login method that somebody signed in with. The session is its user's;
            for the id of a user who has no such login method any more, the oldest one is taken.
        access_token_payload: claims of the application's own.
        session_data_in_database: what to keep on the server only.
        user_context: the current one by default.

    Raises:
        authweave.types.AnswerBegunError: the answer has begun; nothing was created.
        authweave.types.ConfigurationError: authweave's middleware has not seen the request.
    """
    recipe, own_request = served(request, user_context)

    async def create(user_id: str, method_id: RecipeUserId) -> SessionContainer:
        return await recipe.requests.create_new_session(
            own_request,
            user_id=user_id,
            recipe_user_id=method_id,
            tenant_id=tenant_id,
            content=SessionContent(
                access_token_payload=access_token_payload, session_data_in_database=session_data_in_database
            ),
            user_context=user_context,
        )

    return await recipe.owners.session_of(recipe_user_id, create)


async def create_new_session_without_request_response(
    tenant_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None = None,
    session_data_in_database: JSONObject | None = None,
    disable_anti_csrf: bool = False,
    user_context: ContextArgument | None = None,
) -> SessionContainer:
    """
    Create a session whose tokens the caller hands over; `SessionContainer` has them.

    Args:
        tenant_id: ``"public"`` where there are no others.
        recipe_user_id: whose session it is: the login method that somebody signed in with. The session is its user's;
            for the id of a user who has no such login method any more, the oldest one is taken.
        access_token_payload: claims of the application's own.
        session_data_in_database: what to keep on the server only.
        disable_anti_csrf: whether the session needs no anti-CSRF token (it does not travel by cookie, say).
        user_context: the current one by default.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)

    async def create(user_id: str, method_id: RecipeUserId) -> SessionContainer:
        payload = await recipe.claims.payload_of_new_session(
            access_token_payload,
            user_id=user_id,
            recipe_user_id=method_id,
            tenant_id=tenant_id,
            user_context=context,
        )
        return await recipe.functions.create_new_session(
            user_id, method_id, payload, session_data_in_database, disable_anti_csrf, tenant_id, context
        )

    return await recipe.owners.session_of(recipe_user_id, create)


async def get_session(
    request: FrameworkRequest,
    session_required: bool | None = None,
    anti_csrf_check: bool | None = None,
    check_database: bool | None = None,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    user_context: ContextArgument | None = None,
) -> SessionContainer | None:
    """
    Verify the session of a request, and attach what changed to its answer.

    The request is as for `create_new_session`.

    Raises:
        authweave.errors.SessionError: as for `RecipeInterface.get_session`, and where a claim is refused.
        authweave.types.ConfigurationError: authweave's middleware has not seen the request.
    """
    options = SessionOptions(
        session_required=session_required is not False,
        anti_csrf_check=anti_csrf_check,
        check_database=check_database is True,
        override_global_claim_validators=override_global_claim_validators,
    )
    recipe, own_request = served(request, user_context, adds_headers=False)
    return await recipe.requests.get_session(own_request, options, user_context=user_context)


async def get_session_without_request_response(
    access_token: str | None,
    anti_csrf_token: str | None = None,
    anti_csrf_check: bool | None = None,
    session_required: bool | None = None,
    check_database: bool | None = None,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    user_context: ContextArgument | None = None,
) -> SessionContainer | None:
    """
    Verify the session of an access token, and its claims. What is new of its tokens the caller hands over.

    Raises:
        authweave.errors.SessionError: as for `RecipeInterface.get_session`, and where a claim is refused.
        authweave.types.ConfigurationError: anti-CSRF mode is ``VIA_CUSTOM_HEADER``, and ``anti_csrf_check`` not False.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    session = await recipe.functions.get_session(
        access_token,
        anti_csrf_token,
        anti_csrf_check,
        session_required,
        check_database,
        override_global_claim_validators,
        context,
    )
    if session is None or isinstance(session, EmptySession):  # an override says that there is none
        return None
    await recipe.claims.assert_for(session, override_global_claim_validators, context)
    return session


async def refresh_session(request: FrameworkRequest, user_context: ContextArgument | None = None) -> SessionContainer:
    """
    Refresh the session of a request, and attach the new tokens to its answer.

    The request is as for `create_new_session`.

    Raises:
        authweave.errors.SessionError: as for `RecipeInterface.refresh_session`.
        authweave.types.ConfigurationError: authweave's middleware has not seen the request.
    """
    recipe, own_request = served(request, user_context)
    return await recipe.requests.refresh_session(own_request, user_context=user_context)


async def refresh_session_without_request_response(
    refresh_token: str,
    disable_anti_csrf: bool = False,
    anti_csrf_token: str | None = None,
    user_context: ContextArgument | None = None,
) -> SessionContainer:
    """
    Refresh the session of a refresh token. The caller hands over the new tokens; `SessionContainer` has them.

    Raises:
        authweave.errors.SessionError: as for `RecipeInterface.refresh_session`.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.refresh_session(
        refresh_token, anti_csrf_token, disable_anti_csrf, context_for(functions, user_context)
    )


async def revoke_session(session_handle: str, user_context: ContextArgument | None = None) -> bool:
    """Revoke a session. Returns whether it existed. Where the store is not asked, its access token still works."""
    functions = recipe_in_use(user_context).functions
    return await functions.revoke_session(session_handle, context_for(functions, user_context))


async def revoke_multiple_sessions(
    session_handles: Sequence[str], user_context: ContextArgument | None = None
) -> list[str]:
    """Revoke sessions, one after the other. Returns the handles of those that existed."""
    functions = recipe_in_use(user_context).functions
    return await functions.revoke_multiple_sessions(session_handles, context_for(functions, user_context))


async def revoke_all_sessions_for_user(
    user_id: str,
    revoke_sessions_for_linked_accounts: bool = True,
    tenant_id: str | None = None,
    user_context: ContextArgument | None = None,
    *,
    revoke_across_all_tenants: bool | None = None,
) -> list[str]:
    """
    Revoke a user's sessions, of all tenants unless one is named. Returns their handles.

    Args:
        user_id: whose sessions: the user's id, or that of one of the login methods.
        revoke_sessions_for_linked_accounts: False for those alone that were made with the login method of this id, and
            not with others of the user.
        tenant_id: of one tenant only; by default of all.
        user_context: the current one by default.
        revoke_across_all_tenants: says it outright: False with no ``tenant_id`` is the public tenant only, True with
            one is all of them.
    """
    everywhere = tenant_id is None if revoke_across_all_tenants is None else revoke_across_all_tenants
    functions = recipe_in_use(user_context).functions
    return await functions.revoke_all_sessions_for_user(
        user_id,
        revoke_sessions_for_linked_accounts,
        tenant_id or PUBLIC_TENANT,
        everywhere,
        context_for(functions, user_context),
    )


async def get_all_session_handles_for_user(
    user_id: str,
    fetch_sessions_for_linked_accounts: bool = True,
    tenant_id: str | None = None,
    user_context: ContextArgument | None = None,
    *,
    fetch_across_all_tenants: bool | None = None,
) -> list[str]:
    """
    Return the handles of a user's sessions, of all tenants unless one is named, the oldest first.

    The parameters are those of `revoke_all_sessions_for_user`.
    """
    everywhere = tenant_id is None if fetch_across_all_tenants is None else fetch_across_all_tenants
    functions = recipe_in_use(user_context).functions
    return await functions.get_all_session_handles_for_user(
        user_id,
        fetch_sessions_for_linked_accounts,
        tenant_id or PUBLIC_TENANT,
        everywhere,
        context_for(functions, user_context),
    )


async def get_session_information(
    session_handle: str, user_context: ContextArgument | None = None
) -> SessionInformationResult | None:
    """Return what the store knows of a session; None if it does not exist or has expired."""
    functions = recipe_in_use(user_context).functions
    return await functions.get_session_information(session_handle, context_for(functions, user_context))


async def update_session_data_in_database(
    session_handle: str, new_session_data: JSONObject, user_context: ContextArgument | None = None
) -> bool:
    """Replace what a session keeps on the server. Returns whether the session exists."""
    functions = recipe_in_use(user_context).functions
    return await functions.update_session_data_in_database(
        session_handle, new_session_data, context_for(functions, user_context)
    )


async def merge_into_access_token_payload(
    session_handle: str, new_access_token_payload: JSONObject, user_context: ContextArgument | None = None
) -> bool:
    """Merge claims into the stored payload; None deletes one. Clients see it with their next access token."""
    functions = recipe_in_use(user_context).functions
    return await functions.merge_into_access_token_payload(
        session_handle, new_access_token_payload, context_for(functions, user_context)
    )


async def regenerate_access_token(
    access_token: str, new_access_token_payload: JSONObject | None = None, user_context: ContextArgument | None = None
) -> RegenerateAccessTokenOkResult | None:
    """
    Mint an access token with other claims and the same expiry; None if the session does not exist.

    Raises:
        authweave.errors.SessionError: the access token is not one of ours.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.regenerate_access_token(
        access_token, new_access_token_payload, context_for(functions, user_context)
    )


async def fetch_and_set_claim(
    session_handle: str, claim: SessionClaim[T], user_context: ContextArgument | None = None
) -> bool:
    """Fetch the value of a claim and store it. Returns whether the session exists."""
    functions = recipe_in_use(user_context).functions
    return await functions.fetch_and_set_claim(session_handle, claim, context_for(functions, user_context))


async def set_claim_value(
    session_handle: str, claim: SessionClaim[T], value: T, user_context: ContextArgument | None = None
) -> bool:
    """Store a value of a claim; clients see it with their next access token. Returns whether the session exists."""
    functions = recipe_in_use(user_context).functions
    return await functions.set_claim_value(session_handle, claim, value, context_for(functions, user_context))


async def get_claim_value(
    session_handle: str, claim: SessionClaim[T], user_context: ContextArgument | None = None
) -> SessionDoesNotExistError | GetClaimValueOkResult[T]:
    """Return the value of a claim as it is stored; it is None where the session has none."""
    functions = recipe_in_use(user_context).functions
    result = await functions.get_claim_value(session_handle, claim, context_for(functions, user_context))
    # The claim read the value, so it is of the claim's type, which a composed function cannot tell.
    return cast("SessionDoesNotExistError | GetClaimValueOkResult[T]", result)  # the claim's own type


async def remove_claim(
    session_handle: str, claim: SessionClaim[T], user_context: ContextArgument | None = None
) -> bool:
    """Take a claim out of what is stored. Returns whether the session exists."""
    functions = recipe_in_use(user_context).functions
    return await functions.remove_claim(session_handle, claim, context_for(functions, user_context))


async def validate_claims_for_session_handle(
    session_handle: str,
    override_global_claim_validators: OverrideValidatorsOfHandle | None = None,
    user_context: ContextArgument | None = None,
) -> SessionDoesNotExistError | ClaimsValidationResult:
    """
    Validate the claims of a session as they are stored, and store those that had to be fetched.

    Returns:
        Every refusal, in the order of the validators.
    """
    recipe = recipe_in_use(user_context)
    return await recipe.claims.validate_stored(
        session_handle, override_global_claim_validators, context_for(recipe.functions, user_context)
    )


async def validate_claims_in_jwt_payload(
    tenant_id: str,
    user_id: str,
    recipe_user_id: RecipeUserId,
    jwt_payload: JSONObject,
    override_global_claim_validators: OverrideValidatorsOfUser | None = None,
    user_context: ContextArgument | None = None,
) -> ClaimsValidationResult:
    """
    Let the validators look at the payload of a token, which the caller has verified. Nothing is fetched or stored.

    Returns:
        Every refusal, in the order of the validators.
    """
    recipe = recipe_in_use(user_context)
    return await recipe.claims.validate_payload(
        jwt_payload,
        override_global_claim_validators,
        tenant_id=tenant_id,
        user_id=user_id,
        recipe_user_id=recipe_user_id,
        user_context=context_for(recipe.functions, user_context),
    )


async def create_jwt(
    payload: JSONObject,
    validity_seconds: int | None = None,
    use_static_signing_key: bool | None = None,
    user_context: ContextArgument | None = None,
) -> CreateJwtOkResult:
    """
    Sign a JWT of the application's own, which other programs verify with the keys of `get_jwks` (RFC 7519).

    It is never taken for an access token: those have a ``sessionHandle``, which it cannot have.

    Args:
        payload: its claims. ``iss`` is the application's unless it is among them; ``iat`` and ``exp`` are set.
        validity_seconds: how long it is good; by default a hundred years, for nobody can revoke it: say less. With a
            key that is replaced in time, no longer than access tokens live, which is the default then.
        use_static_signing_key: False signs with the key of access tokens, which is replaced in time; by default a key
            signs that stays. The first call makes it.
        user_context: the current one by default.

    Raises:
        authweave.errors.JWTRefusedError: the payload is not JSON, is too large or has claims that make an access
            token; the validity is not between 1 and what the key allows; or there is no key that is replaced in time.
    """
    recipe = recipe_in_use(user_context)
    return await recipe.create_jwt(payload, validity_seconds, with_static_key=use_static_signing_key is not False)


async def get_jwks(user_context: ContextArgument | None = None) -> GetJWKSResult:
    """Return the public keys of all tokens that are in use, as ``GET /jwt/jwks.json`` answers them (RFC 7517)."""
    return await recipe_in_use(user_context).well_known().key_set()


async def get_open_id_discovery_configuration(
    user_context: ContextArgument | None = None,
) -> GetOpenIdDiscoveryConfigurationResult:
    """Return who issues tokens, and where the keys are: what ``GET /.well-known/openid-configuration`` answers."""
    return await recipe_in_use(user_context).well_known().configuration()
