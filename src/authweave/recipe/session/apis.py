"""The HTTP APIs of the recipe as they come; each may be overridden."""

from __future__ import annotations

from typing_extensions import override

from authweave.events import Events
from authweave.kernel import overridable
from authweave.types import ConfigurationError

from .config import SessionConfig
from .container import SessionContainer
from .interfaces import (
    APIInterface,
    APIOptions,
    ContextT_contra,
    OverrideClaimValidators,
    SessionOptions,
    SessionRequests,
)
from .types import SignOutOkayResponse, SignOutPostResult


class APIImplementation(APIInterface[ContextT_contra]):
    """
    The APIs of the recipe.

    Attributes:
        config: of the recipe.
        sessions: those of requests.
        events: is told who signed out.
    """

    def __init__(self, config: SessionConfig, sessions: SessionRequests, events: Events) -> None:
        self.config = config
        self.sessions = sessions
        self.events = events

    @overridable
    @override
    async def refresh_post(self, api_options: APIOptions, user_context: ContextT_contra) -> SessionContainer:
        return await self.sessions.refresh_session(api_options.request, user_context=user_context)

    @overridable
    @override
    async def signout_post(
        self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra
    ) -> SignOutPostResult:
        await session.revoke_session(user_context)
        self.events.emit(
            "sign_out",
            "session",
            user_context,
            user_id=session.get_user_id(),
            tenant_id=session.get_tenant_id(),
            session_handle=session.get_handle(),
        )
        return SignOutOkayResponse()

    @overridable
    @override
    async def verify_session(
        self,
        api_options: APIOptions,
        anti_csrf_check: bool | None,
        session_required: bool,
        check_database: bool,
        override_global_claim_validators: OverrideClaimValidators | None,
        user_context: ContextT_contra,
    ) -> SessionContainer | None:
        request = api_options.request
        if request.http_method in {"options", "trace"}:
            if session_required:
                raise ConfigurationError(
                    f"verify_session is used on {request.method()} {request.path}, which never brings a "
                    "session: leave it out there, or pass session_required=False."
                )
            return None
        if request.http_method == "post" and self.config.refresh_path in {path.rstrip("/") for path in request.paths()}:
            return await self.sessions.refresh_session(request, user_context=user_context)
        options = SessionOptions(
            session_required=session_required,
            anti_csrf_check=anti_csrf_check,
            check_database=check_database,
            override_global_claim_validators=override_global_claim_validators,
        )
        return await self.sessions.get_session(request, options, user_context=user_context)
