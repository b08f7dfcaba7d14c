"""The sessions of HTTP requests, around the composed functions (docs/reference/http.md, Sessions)."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, Final, assert_never, cast

import attrs
from typing_extensions import override

from authweave.kernel import ContextArgument, UserContext, context_for, current_context, use_context
from authweave.recipe.session.claims.base import resolve
from authweave.recipe.session.claims.global_claims import GlobalClaims
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.container import EmptySession, SessionContainer
from authweave.recipe.session.exceptions import (
    ClaimsTooLargeError,
    ClearDuplicateSessionCookiesError,
    NotASessionError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.session.interfaces import (
    DEFAULT_OPTIONS,
    NO_CONTENT,
    RecipeInterface,
    SessionContent,
    SessionOptions,
    SessionRequests,
)
from authweave.recipe.session.transport import (
    ACCESS_COOKIE,
    ANY_RID,
    CSRF_TOKEN,
    NEW_SESSION_TABLE,
    NO_PROOF,
    REFRESH_COOKIE,
    USE_COOKIE,
    USE_HEADER,
    AntiCsrf,
    Genuineness,
    Refresh,
    Verify,
    auth_mode,
    carried,
    choose_refresh,
    clear_older_domain,
    cookie_values,
    encoded_front_token,
    find_access_token,
    find_refresh_token,
    genuine_access,
    newest_access,
    proof_needed,
)
from authweave.recipe.session.transport.described import DescribedSessions
from authweave.recipe.session.transport.hints import TOKENS_IN_HEADERS
from authweave.recipe.session.types import AnyTransferMethod, TokenTransferMethod
from authweave.types import (
    JSON,
    AnswerBegunError,
    BadInputError,
    BaseRequest,
    Clock,
    ConfigurationError,
    RecipeUserId,
)

ANTI_CSRF_HEADER: Final = "anti-csrf"
RID_HEADER: Final = "rid"
TOKEN_HEADERS: Final = ("Authorization", "Cookie")

logger: Final = logging.getLogger("authweave.session")


@attrs.frozen
class RequestSessions(SessionRequests):
    """
    Creates, finds and refreshes the sessions of requests.

    Attributes:
        functions: the composed functions of the recipe.
        claims: what every session gets and has to satisfy.
        ours: knows our tokens again.
    """

    config: SessionConfig
    functions: RecipeInterface[UserContext]
    claims: GlobalClaims
    ours: Genuineness
    clock: Clock

    @property
    @override
    def description(self) -> DescribedSessions:
        config = self.config
        return DescribedSessions(config.anti_csrf, config.session_expired_status_code, config.invalid_claim_status_code)

    @override
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
        request.require_no_answer()
        with use_context(context_for(self.functions, user_context)) as context:
            wish = await self.ask_transfer_method(request, context, for_create_new_session=True)
            method = transfer_method or NEW_SESSION_TABLE[wish, auth_mode(request)]
            if transfer_method is not None and wish not in {"any", transfer_method}:
                if wish == auth_mode(request):  # which is what the client says, and not the application
                    raise BadInputError(f"This sign-in hands out its session by {transfer_method}, not by {wish}.")
                raise ConfigurationError(
                    f"This sign-in hands out its session by {transfer_method}, and get_token_transfer_method of "
                    f"session.init allows {wish} alone: let it return 'any'."
                )
            if method == "cookie" and not self.config.cookies_of(request).allowed:
                raise ConfigurationError(
                    "A session cookie of an http API cannot be used from a website of another site: browsers refuse "
                    "SameSite=none without Secure. Serve the API by https, or let tokens travel by header."
                )
            payload = await self.claims.payload_of_new_session(
                content.access_token_payload,
                user_id=user_id,
                recipe_user_id=recipe_user_id,
                tenant_id=tenant_id,
                user_context=context,
            )
            with carried(request, method) as carriage:
                try:
                    created = await self.functions.create_new_session(
                        user_id,
                        recipe_user_id,
                        payload,
                        content.session_data_in_database,
                        method == "header",
                        tenant_id,
                        context,
                    )
                    session = require_session("create_new_session", created)
                    await session.attach_to_request_response(request, method)
                except ClaimsTooLargeError:  # by what an override merged after the session had been stored
                    await self.functions.revoke_multiple_sessions(carriage.created, context)
                    raise
            if method == "header" and wish == "any" and auth_mode(request) is None and session.access_token_updated:
                request.hint(TOKENS_IN_HEADERS)
            return session

    @override
    async def get_session(
        self,
        request: BaseRequest,
        options: SessionOptions = DEFAULT_OPTIONS,
        *,
        user_context: ContextArgument | None = None,
    ) -> SessionContainer | None:
        context = context_for(self.functions, user_context)
        if current_context() is not context:  # seldom: while a request is served it is
            with use_context(context):
                return await self.get_session(request, options, user_context=context)
        request.changes.vary = TOKEN_HEADERS
        token, method = self.access_token_of(
            request, await self.ask_transfer_method(request, context, for_create_new_session=False)
        )
        proof: AntiCsrf = NO_PROOF
        if token is not None:
            proof = proof_needed(
                self.config.anti_csrf_of(request), method, request.http_method, asked=options.anti_csrf_check
            )
        if proof is ANY_RID and request.get_header(RID_HEADER) is None:
            raise TryRefreshTokenError("The request has no rid header: anti-CSRF mode is VIA_CUSTOM_HEADER.")
        session = await self.functions.get_session(
            token,
            request.get_header(ANTI_CSRF_HEADER),
            proof is CSRF_TOKEN,
            options.session_required,
            options.check_database,
            options.override_global_claim_validators,
            context,
        )
        if session is None or isinstance(session, EmptySession):  # an override says that there is none
            return None
        require_session("get_session", session)
        await self.claims.assert_for(session, options.override_global_claim_validators, context)
        with suppress(AnswerBegunError):  # a claim was fetched again: the log says so, the caller asked for no change
            await session.attach_to_request_response(request, method)
        if session.is_session_of(request):
            request.session = session
        return session

    @override
    async def refresh_session(
        self, request: BaseRequest, *, user_context: ContextArgument | None = None
    ) -> SessionContainer:
        request.require_no_answer()
        with use_context(context_for(self.functions, user_context)) as context:
            token, method = await self.refresh_token_of(
                request, await self.ask_transfer_method(request, context, for_create_new_session=False), context
            )
            proof = proof_needed(self.config.anti_csrf_of(request), method, request.http_method, asked=True)
            if proof is ANY_RID and request.get_header(RID_HEADER) is None:
                raise UnauthorisedError("The refresh request has no rid header: anti-CSRF mode is VIA_CUSTOM_HEADER.")
            try:
                with carried(request, method):
                    refreshed = await self.functions.refresh_session(
                        token, request.get_header(ANTI_CSRF_HEADER), proof is not CSRF_TOKEN, context
                    )
                session = require_session("refresh_session", refreshed)
                if isinstance(session, EmptySession):
                    raise UnauthorisedError("An override says that there is no session.")
                await session.attach_to_request_response(request, method)
            except ClaimsTooLargeError as error:
                raise await self.outgrown(token, error, context) from error
            return session

    async def outgrown(self, refresh_token: str, error: ClaimsTooLargeError, context: UserContext) -> UnauthorisedError:
        """
        End a session whose client would not keep its tokens, and return the error that says so.

        Its claims have grown elsewhere: by handle, in an override, under other settings. Were it left as it is, every
        request would ask for a refresh, and every refresh fail: its user would never get to the sign-in.
        """
        presented = self.ours.refresh(refresh_token)
        handle = "" if presented is None else presented.handle
        logger.error(
            "Session %r ends at its refresh. %s",
            handle,
            error,
            extra={"event": "session_outgrown", "session_handle": handle, "claim": error.claim, "size": error.size},
        )
        await self.functions.revoke_session(handle, context)
        return UnauthorisedError(f"The claims of session {handle!r} have become too large: it was revoked.")

    def access_token_of(
        self, request: BaseRequest, allowed: AnyTransferMethod
    ) -> tuple[str | None, TokenTransferMethod]:
        """Find the access token of a request, and how it came (docs/reference/http.md, Verifying)."""
        decision, token = find_access_token(request, allowed, self.ours)
        if decision is USE_HEADER:
            return token, "header"
        if decision is USE_COOKIE:
            return token, "cookie"
        match decision:
            case Verify.NO_TOKEN:
                return None, "cookie" if allowed == "cookie" else "header"
            case Verify.TRY_REFRESH:
                raise TryRefreshTokenError("The request has outdated session cookies, or those of two sessions.")
            case _:
                assert_never(decision)

    async def refresh_token_of(
        self, request: BaseRequest, allowed: AnyTransferMethod, user_context: UserContext
    ) -> tuple[str, TokenTransferMethod]:
        """Find the refresh token of a request, and how it came (docs/reference/http.md, Refreshing)."""
        cookies = self.config.cookies_of(request)
        has_older_domain = cookies.older_domain is not None
        decision, token = find_refresh_token(request, allowed, self.ours, has_older_domain=has_older_domain)
        if allowed != "header" and not has_older_domain:
            log_repeated_cookies(request)
        match decision:
            case Refresh.CLEAR_OLDER:
                clear_older_domain(request, cookies, await self.expired_front_token(request, user_context))
                raise ClearDuplicateSessionCookiesError
            case Refresh.REFUSE:
                raise BadInputError(
                    "The request contains multiple session cookies. If cookie_domain was changed, set "
                    "older_cookie_domain in session.init to its former value, so that the older ones are cleared."
                )
            case Refresh.USE_HEADER:
                return token or "", "header"
            case Refresh.USE_COOKIE:
                return token or "", "cookie"
            case Refresh.NO_TOKEN:
                raise UnauthorisedError("The request has no refresh token.")
            case _:
                assert_never(decision)

    async def expired_front_token(self, request: BaseRequest, user_context: UserContext) -> str:
        """
        Return a front token that says of the session that came, as far as one did, that its access token has expired.

        It is dated now, for frontends take their clock's skew from the date.
        """
        user_id, payload, now_ms = "", dict[str, JSON](), self.clock()
        if came := genuine_access(cookie_values(request, ACCESS_COOKIE), self.ours):
            newest = newest_access(came)
            user_id, payload = newest.user_id, dict(newest.payload)
        elif token := self.ours.refresh(choose_refresh(cookie_values(request, REFRESH_COOKIE), self.ours).token or ""):
            stored = await self.functions.get_session_information(token.handle, user_context)
            if stored is not None:
                user_id, payload = stored.user_id, dict(stored.custom_claims_in_access_token_payload)
        return encoded_front_token(user_id, now_ms, {**payload, "iat": now_ms // 1000})

    async def ask_transfer_method(
        self, request: BaseRequest, user_context: UserContext, *, for_create_new_session: bool
    ) -> AnyTransferMethod:
        """Ask the application how tokens travel."""
        either = cast("Any", user_context)  # a context of either kind
        wish: AnyTransferMethod = await resolve(
            self.config.get_token_transfer_method(request, for_create_new_session, either)
        )
        if wish not in {"cookie", "header", "any"}:
            raise ConfigurationError(
                f"get_token_transfer_method returned {wish!r}: return 'cookie', 'header' or 'any'."
            )
        return wish


def log_repeated_cookies(request: BaseRequest) -> None:
    """Log which cookies of a refresh request came more than once: somebody may have forgotten a setting."""
    repeated = [name for name in (ACCESS_COOKIE, REFRESH_COOKIE) if len(cookie_values(request, name)) > 1]
    if repeated:
        logger.warning(
            "A refresh request has more than one cookie %s, and session.init has no older_cookie_domain: if "
            "cookie_domain was changed, set it to the former value. Otherwise another host of the site sets them.",
            " and more than one ".join(repeated),
            extra={"event": "repeated_cookies", "cookies": repeated},
        )


def require_session(function: str, returned: object) -> SessionContainer:
    """Return a session that an override may have made, if it is one."""
    if not isinstance(returned, SessionContainer):
        raise NotASessionError(function, returned)
    return returned
