"""The functions and APIs of the session recipe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import ContextArgument, Interface, UserContext, overridable
from authweave.types import JSON, BaseRequest, GeneralErrorResponse, RecipeUserId, UncheckedJSON

from .claims.base import AnyClaim, ClaimValidationResult, SessionClaim, SessionClaimValidator
from .claims.timed import JSONPrimitive, JSONPrimitiveList
from .config import SessionConfig
from .container import SessionContainer
from .exceptions import UnauthorisedError
from .handle_interface import HandleInterface
from .transport.described import AUTH_MODE, CHANGED_TOKEN, LINKING, NEW_TOKENS, DescribedSessions
from .types import (
    AccessTokenObj,
    ClaimsValidationResult,
    ClaimValidationError,
    CreateJwtOkResult,
    CreateJwtResultUnsupportedAlgorithm,
    GetClaimValueOkResult,
    GetJWKSResult,
    GetOpenIdDiscoveryConfigurationResult,
    GetSessionTokensDangerouslyDict,
    JsonWebKey,
    RegenerateAccessTokenOkResult,
    ReqResInfo,
    SessionDoesNotExistError,
    SessionInformationResult,
    SessionObj,
    SignOutOkayResponse,
    SignOutPostResult,
    TokenInfo,
    TokenTransferMethod,
)

__all__ = [
    "AUTH_MODE",
    "CHANGED_TOKEN",
    "LINKING",
    "NEW_TOKENS",
    "APIInterface",
    "APIOptions",
    "AccessTokenObj",
    "AnyClaim",
    "ClaimValidationError",
    "ClaimValidationResult",
    "ClaimsValidationResult",
    "CreateJwtOkResult",
    "CreateJwtResultUnsupportedAlgorithm",
    "DescribedSessions",
    "GeneralErrorResponse",
    "GetClaimValueOkResult",
    "GetJWKSResult",
    "GetOpenIdDiscoveryConfigurationResult",
    "GetSessionTokensDangerouslyDict",
    "JSONObject",
    "JSONPrimitive",
    "JSONPrimitiveList",
    "JsonWebKey",
    "OverrideClaimValidators",
    "RecipeInterface",
    "RegenerateAccessTokenOkResult",
    "ReqResInfo",
    "SessionClaim",
    "SessionClaimValidator",
    "SessionContainer",
    "SessionContent",
    "SessionDoesNotExistError",
    "SessionInformationResult",
    "SessionObj",
    "SessionOptions",
    "SessionRequests",
    "SignOutOkayResponse",
    "SignOutPostResult",
    "TokenInfo",
    "no_claim_validators",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)
ContextT = TypeVar("ContextT")

JSONObject: TypeAlias = dict[str, Any]  # Any: as SuperTokens has it, for code that was moved
"""What code that was moved calls JSON. `authweave.types.JSONObject` is checked."""

OverrideClaimValidatorsIn: TypeAlias = Callable[
    [list[SessionClaimValidator], SessionContainer, ContextT],
    Sequence[SessionClaimValidator] | Awaitable[Sequence[SessionClaimValidator]],
]
OverrideClaimValidators: TypeAlias = (
    OverrideClaimValidatorsIn[UserContext] | OverrideClaimValidatorsIn[dict[str, Any]]  # Any: as ContextArgument
)
"""Takes the validators that would run, the session and the context; returns those that are to run instead."""

OverrideParameter: TypeAlias = Callable[
    [list[SessionClaimValidator], SessionContainer, Any],  # Any: one of either kind of context
    list[SessionClaimValidator] | Awaitable[list[SessionClaimValidator]] | Any,  # Any: or a sequence of them
]
"""What an override is handed for `OverrideClaimValidators`, and hands on, whichever way it annotates that."""


def no_claim_validators(
    _validators: Sequence[SessionClaimValidator], _session: SessionContainer, _user_context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Let a session pass whatever it claims: one may sign out, or in again, with an address that is not verified."""
    return ()


class RecipeInterface(HandleInterface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_new_session(self, user_id: str, recipe_user_id: RecipeUserId, access_token_payload: UncheckedJSON | None, session_data_in_database: UncheckedJSON | None, disable_anti_csrf: bool | None, tenant_id: str, user_context: ContextT_contra) -> SessionContainer:
        """Create a session. To create none, an override returns `authweave.recipe.session.EmptySession`."""
        ...

    @overridable
    async def get_session(self, access_token: str | None, anti_csrf_token: str | None, anti_csrf_check: bool | None, session_required: bool | None, check_database: bool | None, override_global_claim_validators: OverrideParameter | None, user_context: ContextT_contra) -> SessionContainer | None:
        """Verify an access token (its signature, expiry and anti-CSRF token; claims are validated by the caller)."""
        ...

    @overridable
    async def refresh_session(self, refresh_token: str, anti_csrf_token: str | None, disable_anti_csrf: bool, user_context: ContextT_contra) -> SessionContainer:
        """Give a session new tokens. The same token always gives the same successor."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
    """

    recipe_id: str = "session"
    config: SessionConfig


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP APIs of the recipe. Each may be overridden.

    One that has a switch can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_refresh_post = True`` its requests reach the application's own route of that path.
    """

    disable_refresh_post: bool = False
    disable_signout_post: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def refresh_post(self, api_options: APIOptions, user_context: ContextT_contra) -> SessionContainer:
        """Answer ``POST /session/refresh``."""
        ...

    @overridable
    async def signout_post(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> SignOutPostResult:
        """Answer ``POST /signout``: revoke the session of the request."""
        ...

    @overridable
    async def verify_session(self, api_options: APIOptions, anti_csrf_check: bool | None, session_required: bool, check_database: bool, override_global_claim_validators: OverrideParameter | None, user_context: ContextT_contra) -> SessionContainer | None:
        """Verify the session of a request, before a route of the application runs."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class SessionContent:
    """
    What a new session holds of the application's own.

    Attributes:
        access_token_payload: claims for its access token.
        session_data_in_database: what is kept on the server only.
    """

    access_token_payload: Mapping[str, JSON] | None = attrs.field(default=None, repr=False)
    session_data_in_database: Mapping[str, JSON] | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class SessionOptions:
    """
    What is asked of the session of a request.

    Attributes:
        session_required: whether a request without a session is refused.
        anti_csrf_check: whether the request has to prove that the website sent it; by default unless it is a GET.
        check_database: whether the store is asked if the session has been revoked.
        override_global_claim_validators: returns the claim validators that are to run instead of the global ones.
    """

    session_required: bool = True
    anti_csrf_check: bool | None = None
    check_database: bool = False
    override_global_claim_validators: OverrideClaimValidators | None = None


DEFAULT_OPTIONS: Final = SessionOptions()
"""A session is required, and its store is not asked."""

NO_CONTENT: Final = SessionContent()
"""A new session holds nothing of the application's own but the global claims."""


class SessionRequests(Protocol):
    """What the session recipe does for other recipes' APIs: sessions of a request."""

    @property
    def description(self) -> DescribedSessions:
        """Return what routes that ask for a session, or make one, say of it (`authweave.http.Route`)."""
        ...

    async def create_new_session(
        self,
        request: BaseRequest,
        *,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        content: SessionContent = NO_CONTENT,
        transfer_method: TokenTransferMethod | None = None,
        user_context: ContextArgument | None = None,
    ) -> SessionContainer:
        """
        Create a session by the composed function, and attach it to the answer of the request.

        Its tokens travel by ``transfer_method``, or else as configuration and request say.
        """
        ...

    async def get_session(
        self,
        request: BaseRequest,
        options: SessionOptions = DEFAULT_OPTIONS,
        *,
        user_context: ContextArgument | None = None,
    ) -> SessionContainer | None:
        """Verify the session of a request (docs/reference/http.md, Verifying), and attach what changed to the answer."""
        ...

    async def require_session(
        self,
        request: BaseRequest,
        options: SessionOptions = DEFAULT_OPTIONS,
        *,
        user_context: ContextArgument | None = None,
    ) -> SessionContainer:
        """
        Verify the session of a request to a route that is for users with one.

        Raises:
            UnauthorisedError: there is none.
        """
        session = await self.get_session(request, options, user_context=user_context)
        if session is None:  # an override said so
            raise UnauthorisedError("The request has no session.", clear_tokens=False)
        return session

    async def refresh_session(
        self, request: BaseRequest, *, user_context: ContextArgument | None = None
    ) -> SessionContainer:
        """Refresh the session of a request (docs/reference/http.md, Refreshing), and attach the new tokens."""
        ...
