"""The session of a request, as functions, APIs and the application see it, and the session that is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Never, TypeVar, cast, overload

from typing_extensions import override

from authweave.extending import blocking_method
from authweave.kernel import ContextParameter, UserContext, context_for
from authweave.types import PUBLIC_TENANT, BaseRequest, JSONObject, RecipeUserId

from .claims.base import SessionClaim, SessionClaimValidator
from .claims.session_claims import SessionClaims
from .config import SessionConfig
from .exceptions import UnauthorisedError
from .handle_interface import HandleInterface
from .tokens.front_token import front_token_of, seconds_of
from .tokens.payload import MergedClaims, copy_claims, custom_claims
from .transport import (
    OutgoingTokens,
    attach_tokens,
    carriage_of,
    carried,
    carries_token,
    clear_legacy_cookie,
    clear_tokens,
    require_kept,
    warn_if_large,
)
from .types import GetSessionTokensDangerouslyDict, ReqResInfo, SessionInformationResult, TokenInfo, TokenTransferMethod

T = TypeVar("T")


class SessionContainer(SessionClaims):
    """
    A session: whose it is, what its access token says, and its tokens where they are new.

    Each request gets a container of its own. Payloads go in and out as copies, so nothing that one request does to
    one is seen by another.

    A class of your own may override any method and inherit the rest. The library calls the methods with the
    parameters that stand before ``user_context``, so a method need not take one.

    The methods ``sync_...`` are for ``def`` routes and other callers without a loop: each waits for the one that it is
    named after. Under a running loop they raise `authweave.errors.RunningLoopError`, which says what to await.

    The constructor takes the arguments of either generation of the documents: with ``recipe_user_id`` and
    ``tenant_id``, or without.
    """

    @overload
    def __init__(
        self,
        recipe_implementation: HandleInterface[Never],
        config: SessionConfig,
        access_token: str,
        front_token: str,
        refresh_token: TokenInfo | None,
        anti_csrf_token: str | None,
        session_handle: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        user_data_in_access_token: JSONObject,
        req_res_info: ReqResInfo | None,
        access_token_updated: bool,
        tenant_id: str,
        /,
    ) -> None: ...
    @overload
    def __init__(
        self,
        recipe_implementation: HandleInterface[Never],
        config: SessionConfig,
        access_token: str,
        front_token: str,
        refresh_token: TokenInfo | None,
        anti_csrf_token: str | None,
        session_handle: str,
        user_id: str,
        user_data_in_access_token: JSONObject,
        req_res_info: ReqResInfo | None,
        access_token_updated: bool,
        /,
    ) -> None: ...
    def __init__(
        self,
        recipe_implementation: HandleInterface[Never],
        config: SessionConfig,
        access_token: str,
        front_token: str,
        refresh_token: TokenInfo | None,
        anti_csrf_token: str | None,
        session_handle: str,
        user_id: str,
        /,
        *rest: RecipeUserId | JSONObject | ReqResInfo | bool | str | None,
    ) -> None:
        # A context has no key that must be there, so every context is one of the application's type.
        handed_every_context = cast("HandleInterface[UserContext]", recipe_implementation)  # a container is not generic
        self.recipe_implementation: HandleInterface[UserContext] = handed_every_context
        self.config: SessionConfig = config
        self.access_token: str = access_token
        self._front_token: str | None = front_token
        self.refresh_token: TokenInfo | None = refresh_token
        self.anti_csrf_token: str | None = anti_csrf_token
        self.session_handle: str = session_handle
        self.user_id: str = user_id
        self.recipe_user_id: RecipeUserId
        self.tenant_id: str
        match rest:
            case (RecipeUserId() as recipe_user_id, Mapping() as payload, info, bool() as updated, str() as tenant_id):
                self.recipe_user_id, self.tenant_id = recipe_user_id, tenant_id
            case (Mapping() as payload, info, bool() as updated):
                self.recipe_user_id, self.tenant_id = RecipeUserId(user_id), PUBLIC_TENANT
            case _:
                raise TypeError(
                    "SessionContainer takes, after user_id, either recipe_user_id, user_data_in_access_token, "
                    "req_res_info, access_token_updated and tenant_id, or the second to the fourth of these; "
                    f"it was given {', '.join(type(value).__name__ for value in rest) or 'none of them'}."
                )
        self._payload: JSONObject = payload
        self._shares_payload: bool = False
        self.req_res_info: ReqResInfo | None = info if isinstance(info, ReqResInfo) else None
        self.access_token_updated: bool = updated

    @property
    def front_token(self) -> str:
        """What the frontend may know of the access token."""
        if self._front_token is None:
            self._front_token = front_token_of(self._payload)
        return self._front_token

    @front_token.setter
    def front_token(self, front_token: str) -> None:
        self._front_token = front_token

    @property
    def user_data_in_access_token(self) -> JSONObject:
        """What the access token says. It is this session's own: other requests see nothing that is done to it."""
        if self._shares_payload:
            self.user_data_in_access_token = copy_claims(self._payload)
        return self._payload

    @user_data_in_access_token.setter
    def user_data_in_access_token(self, payload: JSONObject) -> None:
        self._payload = payload
        self._shares_payload = False

    @override
    def __repr__(self) -> str:
        """Name the session without its tokens and claims."""
        return f"<{type(self).__name__} {self.session_handle!r} of user {self.user_id!r}>"

    @override
    def get_user_id(self, user_context: ContextParameter | None = None) -> str:
        """Return the id of the user."""
        del user_context
        return self.user_id

    @override
    def get_recipe_user_id(self, user_context: ContextParameter | None = None) -> RecipeUserId:
        """Return the id of the login method that was used."""
        del user_context
        return self.recipe_user_id

    @override
    def get_tenant_id(self, user_context: ContextParameter | None = None) -> str:
        """Return the tenant that was signed in to."""
        del user_context
        return self.tenant_id

    def get_handle(self, user_context: ContextParameter | None = None) -> str:
        """Return the handle of the session: what it is called in the store. It opens nothing."""
        del user_context
        return self.session_handle

    def get_access_token(self, user_context: ContextParameter | None = None) -> str:
        """Return the access token, in clear."""
        del user_context
        return self.access_token

    @override
    def get_access_token_payload(
        self, user_context: ContextParameter | None = None
    ) -> dict[str, Any]:  # Any: the application's
        """Return a copy of what the access token says."""
        del user_context
        return copy_claims(self._payload)

    def get_all_session_tokens_dangerously(self) -> GetSessionTokensDangerouslyDict:
        """Return every token of the session, in clear. Handing them on hands on the session."""
        return {
            "accessToken": self.access_token,
            "accessAndFrontTokenUpdated": self.access_token_updated,
            "refreshToken": None if self.refresh_token is None else self.refresh_token.token,
            "frontToken": self.front_token,
            "antiCsrfToken": self.anti_csrf_token,
        }

    async def revoke_session(self, user_context: ContextParameter | None = None) -> None:
        """
        Revoke the session, and make the client of the request forget its tokens.

        Where another session has been created in the request, the client keeps that one's.

        Raises:
            authweave.types.AnswerBegunError: the session is revoked, but the answer has begun, and the client keeps
                its tokens until its next refresh.
        """
        await self.recipe_implementation.revoke_session(
            self.session_handle, context_for(self.recipe_implementation, user_context)
        )
        info = self.req_res_info
        if info is not None and self.is_session_of(info.request):
            clear_tokens(info.request.changes, self.config.cookies_of(info.request), (info.transfer_method,))

    async def get_session_data_from_database(
        self, user_context: ContextParameter | None = None
    ) -> dict[str, Any]:  # Any: the application's
        """
        Return what the session keeps on the server.

        Raises:
            UnauthorisedError: the session does not exist any more.
        """
        return copy_claims((await self.require_information(user_context)).session_data_in_database)

    async def update_session_data_in_database(
        self, new_session_data: JSONObject, user_context: ContextParameter | None = None
    ) -> None:
        """
        Replace what the session keeps on the server.

        Raises:
            UnauthorisedError: the session does not exist any more.
        """
        update = self.recipe_implementation.update_session_data_in_database
        if not await update(
            self.session_handle, new_session_data, context_for(self.recipe_implementation, user_context)
        ):
            raise self.not_found()

    async def get_time_created(self, user_context: ContextParameter | None = None) -> int:
        """
        Return when the session was created, in milliseconds since the epoch.

        Raises:
            UnauthorisedError: the session does not exist any more.
        """
        return (await self.require_information(user_context)).time_created

    async def get_expiry(self, user_context: ContextParameter | None = None) -> int:
        """
        Return when the session expires unless it is refreshed, in milliseconds since the epoch.

        Raises:
            UnauthorisedError: the session does not exist any more.
        """
        return (await self.require_information(user_context)).expiry

    async def attach_to_request_response(
        self, request: BaseRequest, transfer_method: TokenTransferMethod, user_context: ContextParameter | None = None
    ) -> None:
        """
        Make this the session of a request, and add its tokens to the answer where they are new.

        With a new refresh token, the tokens that the request carries by the other method are cleared.
        """
        del user_context
        self.req_res_info = ReqResInfo(request, transfer_method)
        if self.refresh_token is not None or self.is_session_of(request):
            request.session = self
        if not self.access_token_updated:
            return
        if self.refresh_token is not None:
            other: TokenTransferMethod = "header" if transfer_method == "cookie" else "cookie"
            if carries_token(request, other):
                clear_tokens(request.changes, self.config.cookies_of(request), (other,))
            clear_legacy_cookie(request, self.config.cookies_of(request))
        self.attach_new_tokens(self.req_res_info)

    @override
    async def merge_into_access_token_payload(
        self, access_token_payload_update: JSONObject, user_context: ContextParameter | None = None
    ) -> None:
        """
        Merge claims into the payload; None deletes a claim.

        The store gets the new claims and the client a new access token with the same expiry, in the answer to the
        request. Where the access token has expired meanwhile, only the store does.

        Raises:
            UnauthorisedError: the session does not exist any more.
            ProtectedClaimError: the update has claims that belong to the library.
            ClaimsTooLargeError: a token, or the cookie that holds it, cannot carry so many.
            authweave.types.AnswerBegunError: the store has the claims, but the answer has begun, and the client gets
                its token with its next refresh.
        """
        claims = MergedClaims(custom_claims(self.get_access_token_payload()), access_token_payload_update)
        regenerate = self.recipe_implementation.regenerate_access_token
        info = self.req_res_info
        with nullcontext() if info is None else carried(info.request, info.transfer_method):
            result = await regenerate(
                self.get_access_token(), claims, context_for(self.recipe_implementation, user_context)
            )
        if result is None:
            raise self.not_found()
        self.user_data_in_access_token = payload = result.session.user_data_in_jwt
        if result.access_token is None:
            return
        self.access_token = result.access_token.token
        self.front_token = front_token_of(payload)
        self.access_token_updated = True
        if self.req_res_info is not None:
            self.attach_new_tokens(self.req_res_info)

    @blocking_method(revoke_session)
    def sync_revoke_session(self) -> None:
        """Revoke the session, as `revoke_session` does, and wait for it."""

    @blocking_method(get_session_data_from_database)
    def sync_get_session_data_from_database(self) -> None:
        """Return what the session keeps on the server, as `get_session_data_from_database` does, and wait for it."""

    @blocking_method(update_session_data_in_database)
    def sync_update_session_data_in_database(self) -> None:
        """Replace what the session keeps on the server, as `update_session_data_in_database` does, and wait for it."""

    @blocking_method(get_time_created)
    def sync_get_time_created(self) -> None:
        """Return when the session was created, as `get_time_created` does, and wait for it."""

    @blocking_method(get_expiry)
    def sync_get_expiry(self) -> None:
        """Return when the session expires, as `get_expiry` does, and wait for it."""

    @blocking_method(attach_to_request_response)
    def sync_attach_to_request_response(self) -> None:
        """Make this the session of a request, as `attach_to_request_response` does, and wait for it."""

    @blocking_method(merge_into_access_token_payload)
    def sync_merge_into_access_token_payload(self) -> None:
        """Merge claims into the payload, as `merge_into_access_token_payload` does, and wait for it."""

    def is_session_of(self, request: BaseRequest) -> bool:
        """Return whether a request may be answered with tokens of this session: not if it created another one."""
        other = request.session
        if not isinstance(other, SessionContainer) or other.refresh_token is None:
            return True
        return other.session_handle == self.session_handle

    def attach_new_tokens(self, info: ReqResInfo) -> None:
        """
        Add the tokens to the answer, unless that is another session's by now.

        Raises:
            ClaimsTooLargeError: the client would not keep them.
        """
        if not self.is_session_of(info.request):
            return
        carriage, claims = carriage_of(info.request, info.transfer_method), custom_claims(self._payload)
        cookies = self.config.cookies_of(info.request)
        given = (carriage, cookies, self.access_token, self.front_token, claims)
        require_kept(*given)
        warn_if_large(*given)
        tokens = OutgoingTokens(
            access_token=self.access_token,
            front_token=self.front_token,
            issued_at_ms=seconds_of(self.user_data_in_access_token, "iat") * 1000,
            refresh_token=self.refresh_token,
            anti_csrf_token=None if self.refresh_token is None else self.anti_csrf_token,
        )
        attach_tokens(info.request.changes, cookies, info.transfer_method, tokens)

    async def require_information(self, user_context: ContextParameter | None) -> SessionInformationResult:
        """Return what the store knows of the session."""
        find = self.recipe_implementation.get_session_information
        found = await find(self.session_handle, context_for(self.recipe_implementation, user_context))
        if found is None:
            raise self.not_found()
        return found

    def not_found(self) -> UnauthorisedError:
        """Return the error for a session that has vanished from the store."""
        return UnauthorisedError(f"Session {self.session_handle!r} does not exist any more.")


class EmptySession(SessionContainer):
    """
    No session: overrides return one.

    That of ``create_new_session`` does where none is to be created; those of ``get_session`` and ``refresh_session`` do
    where the request is to have none.

    It has no user, no claims and no tokens; it adds nothing to an answer, and nothing done to it has an effect.

    Args:
        original_implementation: what the override was handed, as the documents write it; it need not be given, and is
            never called.
    """

    def __init__(self, original_implementation: object = None) -> None:  # the base's fields would need an application
        never_called = cast("HandleInterface[UserContext]", original_implementation)  # what would call it is overridden
        self.recipe_implementation: HandleInterface[UserContext] = never_called
        self.access_token: str = ""
        self.front_token = ""
        self.refresh_token: TokenInfo | None = None
        self.anti_csrf_token: str | None = None
        self.session_handle: str = ""
        self.user_id: str = ""
        self.recipe_user_id: RecipeUserId = RecipeUserId("")
        self.tenant_id: str = ""
        self.user_data_in_access_token = {}
        self.req_res_info: ReqResInfo | None = None
        self.access_token_updated: bool = False

    @override
    def __repr__(self) -> str:
        return "<EmptySession>"

    @override
    def get_all_session_tokens_dangerously(self) -> GetSessionTokensDangerouslyDict:
        return {
            "accessToken": "",
            "accessAndFrontTokenUpdated": False,
            "refreshToken": None,
            "frontToken": "",
            "antiCsrfToken": None,
        }

    @override
    async def revoke_session(self, user_context: ContextParameter | None = None) -> None:
        pass

    @override
    async def get_session_data_from_database(
        self, user_context: ContextParameter | None = None
    ) -> dict[str, Any]:  # Any: the application's
        return {}

    @override
    async def update_session_data_in_database(
        self, new_session_data: JSONObject, user_context: ContextParameter | None = None
    ) -> None:
        pass

    @override
    async def get_time_created(self, user_context: ContextParameter | None = None) -> int:
        return -1

    @override
    async def get_expiry(self, user_context: ContextParameter | None = None) -> int:
        return -1

    @override
    async def attach_to_request_response(
        self, request: BaseRequest, transfer_method: TokenTransferMethod, user_context: ContextParameter | None = None
    ) -> None:
        pass

    @override
    async def assert_claims(
        self, claim_validators: Sequence[SessionClaimValidator], user_context: ContextParameter | None = None
    ) -> None:
        pass

    @override
    async def fetch_and_set_claim(self, claim: SessionClaim[T], user_context: ContextParameter | None = None) -> None:
        pass

    @override
    async def merge_into_access_token_payload(
        self, access_token_payload_update: JSONObject, user_context: ContextParameter | None = None
    ) -> None:
        pass
