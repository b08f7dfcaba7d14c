"""The functions of the session recipe, as they are without overrides."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID

from typing_extensions import override

from authweave.events import EventKind
from authweave.extending import PutOff, Services, current_put_off
from authweave.kernel import UserContext, overridable
from authweave.security import (
    RefreshTokens,
    constant_time_equal,
    parse_access_token,
)
from authweave.storage import BarredUserError, MappedUserError, StorageError
from authweave.types import PUBLIC_TENANT, ConfigurationError, JSONObject, RecipeUserId

from .claims.functions import ClaimImplementation
from .config import SessionConfig
from .container import SessionContainer
from .ended import EndedSessions, for_good
from .exceptions import SessionRefusedError, TokenTheftError, TryRefreshTokenError, UnauthorisedError
from .interfaces import ContextT_contra, OverrideClaimValidators
from .keys.signing_keys import SigningKeys
from .refresh.confirmation import Confirmations
from .refresh.issuing import Issued, Issuing, Stolen
from .refresh.store_steps import StoreSteps
from .store import SESSIONS, SessionRecord, SessionStore
from .tokens.front_token import seconds_of
from .tokens.minting import Minted, anti_csrf_token_of
from .tokens.payload import (
    copy_claims,
    custom_claims,
    made_of,
    names_set_by,
    require_small_enough,
    require_unprotected,
)
from .tokens.verification import UnknownKey, Verifier
from .tokens.verified import VerifiedToken
from .tokens.verified_session import VerifiedSession
from .transport import Genuineness, current_carriage
from .types import RegenerateAccessTokenOkResult, SessionInformationResult, SessionObj, TokenInfo

RECIPE_ID: Final = "session"

logger: Final = logging.getLogger("authweave.session")


class RecipeImplementation(ClaimImplementation[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        config: of the recipe.
    """

    def __init__(self, config: SessionConfig, services: Services, keys: SigningKeys) -> None:
        self.config = config
        self.services = services
        self.keys = keys
        self.store: SessionStore = services.storage.part(SESSIONS)
        self.refresh_tokens: RefreshTokens = RefreshTokens(services.secret, random_bytes=services.random_bytes)
        self.steps: StoreSteps = StoreSteps(self.store, services.clock, config, self.refresh_tokens)
        self.issuing: Issuing = Issuing(self.steps, keys, config, services.clock)
        self.verifier: Verifier = Verifier(keys, services.clock)
        self.confirmations: Confirmations = Confirmations(self.steps.confirm, services.in_background)

    @overridable
    @override
    async def create_new_session(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: JSONObject | None,
        session_data_in_database: JSONObject | None,
        disable_anti_csrf: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> SessionContainer:
        create = partial(
            self._create_new_session,
            payload=access_token_payload or {},
            data=session_data_in_database or {},
            disable_anti_csrf=disable_anti_csrf is True,
            tenant_id=tenant_id,
            put_off=current_put_off(),
        )
        method_id = recipe_user_id.get_as_string()
        try:
            return await create(user_id, method_id)
        except MappedUserError as mapped:
            shown_id = mapped.external_user_id
            return await create(shown_id, shown_id if method_id == user_id else method_id)

    async def _create_new_session(
        self,
        user_id: str,
        recipe_user_id: str,
        *,
        payload: JSONObject,
        data: JSONObject,
        disable_anti_csrf: bool,
        tenant_id: str,
        put_off: PutOff,
    ) -> SessionContainer:
        """
        Create a session of a user, by the id that APIs show, and do what was put off.

        Raises:
            authweave.storage.MappedUserError: they show another.
        """
        now_ms = self.services.clock()
        uuid = str(UUID(bytes=self.services.random_bytes(16), version=4))
        handle = uuid if tenant_id == PUBLIC_TENANT else f"{uuid}_{tenant_id}"
        token = self.refresh_tokens.first(handle, has_anti_csrf=self.issuing.has_anti_csrf(disabled=disable_anti_csrf))
        session = SessionRecord(
            handle=handle,
            user_id=user_id,
            recipe_user_id=recipe_user_id,
            tenant_id=tenant_id,
            refresh_hash=token.hash2,
            confirmed_at_ms=now_ms,
            payload=require_small_enough({**custom_claims(copy_claims(payload)), "iss": self.config.issuer}),
            data=data,
            created_at_ms=now_ms,
            expires_at_ms=self.config.expiry_of(now_ms, now_ms),
        )
        carriage = current_carriage()

        def store() -> Sequence[str]:
            return put_off.do_before(self.services.storage, partial(self.issuing.store, session))

        try:
            issued = await self.services.off_loop(
                self.issuing.create, session, token, store, disable_anti_csrf=disable_anti_csrf, carriage=carriage
            )
        except BarredUserError as error:
            raise SessionRefusedError(user_id) from error
        carriage.created.append(handle)
        return self.make_session(issued)

    @overridable
    @override
    async def get_session(
        self,
        access_token: str | None,
        anti_csrf_token: str | None,
        anti_csrf_check: bool | None,
        session_required: bool | None,
        check_database: bool | None,
        override_global_claim_validators: OverrideClaimValidators | None,
        user_context: ContextT_contra,
    ) -> SessionContainer | None:
        if anti_csrf_check is not False and self.config.anti_csrf == "VIA_CUSTOM_HEADER":
            raise ConfigurationError(
                "get_session was given a token without its request, so it cannot see the rid header that anti-CSRF "
                "mode VIA_CUSTOM_HEADER asks for: say anti_csrf_check=False, or verify the request."
            )
        token = None
        if access_token is not None:
            try:
                token = self.verifier.verify(access_token)
            except UnknownKey as unknown:
                token = await self.verifier.verify_newly_signed(access_token, unknown)
        if access_token is None or token is None:
            if session_required is False:
                return None
            raise UnauthorisedError(
                "There is no session: no access token came, or none of ours, by the method that is allowed.",
                clear_tokens=False,
            )
        check_token = anti_csrf_check is not False and self.config.anti_csrf == "VIA_TOKEN"
        if check_token and not anti_csrf_tokens_match(anti_csrf_token, token.anti_csrf_token):
            raise TryRefreshTokenError("The anti-CSRF token is missing, or is not the one of this session.")
        new_token: Minted | None = None
        if check_database:
            new_token = await self._look_up(token)
        elif token.parent_refresh_hash1 is not None and not self.confirmations.note(token):
            with suppress(StorageError):  # it is overrun: the next use tries again
                await self.services.off_loop(self.confirmations.write, token)
        session = VerifiedSession(self, self.config, access_token, token)
        return session if new_token is None else replace_access_token(session, new_token)

    async def _look_up(self, token: VerifiedToken) -> Minted | None:
        """
        Return a new token for the session of a verified one, where that says something else than what is stored.

        Raises:
            UnauthorisedError: there is no session any more.
        """
        new_token: Minted | None = None
        stored = await self.services.at_once(self.steps.find, token.session_handle)
        if stored is not None and self.issuing.is_behind(stored, token):
            stored, new_token = await self.services.off_loop(self.issuing.look_up, token)
        if stored is None:
            raise UnauthorisedError(f"Session {token.session_handle!r} does not exist any more.")
        return new_token

    @overridable
    @override
    async def refresh_session(
        self,
        refresh_token: str,
        anti_csrf_token: str | None,
        disable_anti_csrf: bool,
        user_context: ContextT_contra,
    ) -> SessionContainer:
        presented = self.refresh_tokens.genuine(refresh_token)
        if presented is None:
            raise UnauthorisedError("The refresh token is not one of ours.")
        # One that was made without an anti-CSRF token, before the mode was VIA_TOKEN, is not asked for one: its child
        # has one.
        check_token = presented.has_anti_csrf and self.issuing.has_anti_csrf(disabled=disable_anti_csrf)
        if check_token and not anti_csrf_tokens_match(anti_csrf_token, anti_csrf_token_of(presented)):
            raise UnauthorisedError("The anti-CSRF token is missing, or is not the one of this refresh token.")
        refresh = self.issuing.refresh
        carriage = current_carriage()
        issued = await self.services.off_loop(
            refresh, presented, disable_anti_csrf=disable_anti_csrf, carriage=carriage
        )
        if isinstance(issued, Stolen):
            stolen = issued.session
            self.tell("token_theft", stolen, user_context)
            try:
                await self.revoke_session(stolen.handle, user_context)
            except Exception:  # an override failed: neither the session nor its tokens must outlive that
                logger.exception(
                    "An override of revoke_session failed for session %r, which was stolen: it is revoked without it.",
                    stolen.handle,
                    extra={"event": "revocation_failed", "session_handle": stolen.handle},
                )
                await self.services.off_loop(self.store.revoke_session, stolen.handle)
                self.tell("session_revoked", stolen, user_context)
            raise TokenTheftError(stolen.user_id, RecipeUserId(stolen.recipe_user_id), stolen.handle)
        if issued is None:
            raise UnauthorisedError("The session of the refresh token does not exist, or has expired.")
        self.tell("session_refreshed", issued.session, user_context)
        session = self.make_session(issued)
        if self.config.refreshed_claims:
            await self.refresh_claims(session, user_context)
        return session

    @overridable
    @override
    async def revoke_session(self, session_handle: str, user_context: ContextT_contra) -> bool:
        revoked = await self.services.off_loop(self.steps.revoke, session_handle)
        for each in self.services.contributions(EndedSessions) if revoked is None else ():
            await self.services.off_loop(each.forget_session, self.services, session_handle)
        if revoked is not None:
            self.tell("session_revoked", revoked, user_context)
        return revoked is not None

    @overridable
    @override
    async def revoke_multiple_sessions(
        self, session_handles: Sequence[str], user_context: ContextT_contra
    ) -> list[str]:
        return [handle for handle in session_handles if await self.revoke_session(handle, user_context)]

    @overridable
    @override
    async def revoke_all_sessions_for_user(
        self,
        user_id: str,
        revoke_sessions_for_linked_accounts: bool,
        tenant_id: str,
        revoke_across_all_tenants: bool,
        user_context: ContextT_contra,
    ) -> list[str]:
        tenant = None if revoke_across_all_tenants else tenant_id
        services, linked_too = self.services, revoke_sessions_for_linked_accounts

        def revoke() -> tuple[str, ...]:
            return self.store.revoke_sessions_of_user(user_id, tenant, linked_too=linked_too)

        def forget(ended: EndedSessions) -> None:
            ended.forget_sessions_of_user(services, user_id, linked_too)

        handles = list(await services.off_loop(for_good, services, revoke, forget))
        if handles:
            self.services.events.emit(
                "session_revoked",
                RECIPE_ID,
                user_context,
                user_id=user_id,
                tenant_id=tenant,
                sessions=str(len(handles)),
            )
        return handles

    @overridable
    @override
    async def get_all_session_handles_for_user(
        self,
        user_id: str,
        fetch_sessions_for_linked_accounts: bool,
        tenant_id: str,
        fetch_across_all_tenants: bool,
        user_context: ContextT_contra,
    ) -> list[str]:
        tenant = None if fetch_across_all_tenants else tenant_id
        find = partial(self.store.session_handles_of_user, linked_too=fetch_sessions_for_linked_accounts)
        return list(await self.services.off_loop(find, user_id, tenant, self.services.clock()))

    @overridable
    @override
    async def get_session_information(
        self, session_handle: str, user_context: ContextT_contra
    ) -> SessionInformationResult | None:
        session = await self.services.off_loop(self.steps.find, session_handle)
        if session is None:
            return None
        return SessionInformationResult(
            session_handle=session.handle,
            user_id=session.user_id,
            recipe_user_id=RecipeUserId(session.recipe_user_id),
            session_data_in_database=session.data,
            expiry=session.expires_at_ms,
            custom_claims_in_access_token_payload=session.payload,
            time_created=session.created_at_ms,
            tenant_id=session.tenant_id,
        )

    @overridable
    @override
    async def update_session_data_in_database(
        self, session_handle: str, new_session_data: JSONObject, user_context: ContextT_contra
    ) -> bool:
        return await self.services.off_loop(self.store.update_session_data, session_handle, new_session_data)

    @overridable
    @override
    async def merge_into_access_token_payload(
        self, session_handle: str, access_token_payload_update: JSONObject, user_context: ContextT_contra
    ) -> bool:
        update = copy_claims(access_token_payload_update)
        return await self.services.off_loop(self.issuing.merge, session_handle, update) is not None

    @overridable
    @override
    async def regenerate_access_token(
        self, access_token: str, new_access_token_payload: JSONObject | None, user_context: ContextT_contra
    ) -> RegenerateAccessTokenOkResult | None:
        token = parse_access_token(access_token)
        if token is None:
            raise UnauthorisedError("The access token is not one of ours.", clear_tokens=False)
        now_ms = self.services.clock()
        self.verifier.require_genuine(token, now_ms)
        payload = new_access_token_payload
        new = None if payload is None else require_small_enough(copy_claims(require_unprotected(payload)))
        named, seen = names_set_by(payload), made_of(payload)
        new_token = await self.services.off_loop(self.issuing.regenerate, token, new, named, seen, current_carriage())
        if new_token is None:
            return None
        said, expiry_ms = new_token.payload, token.expires_at_s * 1000
        return RegenerateAccessTokenOkResult(
            SessionObj(token.session_handle, token.user_id, RecipeUserId(token.recipe_user_id), said, token.tenant_id),
            TokenInfo(new_token.access_token, expiry_ms, seconds_of(said, "iat") * 1000)
            if expiry_ms > now_ms
            else None,
        )

    def ours(self) -> Genuineness:
        """Return what knows our tokens again."""
        return Genuineness(
            has_shape=self.verifier.is_usable, access=self.verifier.genuine, refresh=self.refresh_tokens.genuine
        )

    def tell(self, kind: EventKind, session: SessionRecord, user_context: UserContext) -> None:
        """Tell what happened to a session."""
        self.services.events.emit(
            kind,
            RECIPE_ID,
            user_context,
            user_id=session.user_id,
            tenant_id=session.tenant_id,
            session_handle=session.handle,
        )

    def make_session(self, issued: Issued) -> SessionContainer:
        """Return a session with its new tokens."""
        session, refresh_token, now_ms = issued.session, issued.refresh_token, issued.issued_at_ms
        return SessionContainer(
            self,
            self.config,
            issued.access.access_token,
            issued.access.front_token,
            TokenInfo(refresh_token.text, self.config.expiry_of(session.created_at_ms, now_ms), now_ms),
            issued.anti_csrf_token,
            session.handle,
            session.user_id,
            RecipeUserId(session.recipe_user_id),
            issued.access.payload,
            None,
            True,  # noqa: FBT003  the documents' order of parameters
            session.tenant_id,
        )


def replace_access_token(session: SessionContainer, new_token: Minted) -> SessionContainer:
    """Put a new access token into a session."""
    session.access_token, session.front_token = new_token.access_token, new_token.front_token
    session.user_data_in_access_token = new_token.payload
    session.access_token_updated = True
    return session


def anti_csrf_tokens_match(token: str | None, expected: str | None) -> bool:
    """Return whether an anti-CSRF token is the right one. Where none is expected, none is right."""
    return token is not None and expected is not None and constant_time_equal(token, expected)
