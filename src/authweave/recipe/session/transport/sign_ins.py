"""What recipes that sign users in do alike: the wish to link, the tenant, the new session, the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final, TypeAlias

import attrs

from authweave.extending import putting_off
from authweave.http import Exchange, fdi_version, takes_linking_flag, user_json
from authweave.kernel import UserContext
from authweave.recipe.session.container import SessionContainer
from authweave.recipe.session.exceptions import ClaimsTooLargeError
from authweave.recipe.session.interfaces import SessionOptions, SessionRequests, no_claim_validators
from authweave.recipe.session.types import TokenTransferMethod
from authweave.types import (
    FAKE_EMAIL_DOMAIN,
    BaseRequest,
    JSONObject,
    RecipeUserId,
    User,
    normal_email,
)

# Stand in for the address of a user whose provider gave none. Nobody can receive mail there, so nobody owns them.
FAKE_EMAIL_ENDINGS: Final = (f"@{FAKE_EMAIL_DOMAIN}", ".fakeemail.com")

DISABLED: Final = "Cannot sign in, since this account is disabled. Please contact support."
"""What somebody is told who has proved to be a disabled user."""

Undo: TypeAlias = Callable[[], Awaitable[object]]


@attrs.frozen
class Whole:
    """
    What `SignIns.whole` knows of its block.

    Attributes:
        transfer_method: how the tokens of a session travel that is created there; None: as ever.
        undos: what takes back what was done.
    """

    transfer_method: TokenTransferMethod | None = None
    undos: list[Undo] = attrs.field(factory=list[Undo])


_whole: ContextVar[Whole | None] = ContextVar("authweave_whole_sign_in", default=None)


@attrs.frozen
class SigningIn:
    """
    Who signs in, as far as the request says so before anything is checked.

    Attributes:
        session: whose user the login method is to be linked to; None where nothing is linked.
        should_try_linking: what the client says of that; None for older clients, which say nothing.
        tenant_id: that of the session where there is one, else that of the path.
    """

    session: SessionContainer | None
    should_try_linking: bool | None
    tenant_id: str


@attrs.frozen
class SignIns:
    """
    What recipes that sign users in do alike.

    Attributes:
        sessions: the sessions of requests.
        are_served: whether the application has sessions, so that somebody can sign in.
    """

    sessions: SessionRequests
    are_served: bool = attrs.field(default=True, kw_only=True)

    async def begin(self, exchange: Exchange, body: JSONObject) -> SigningIn:
        """
        Find out to whose user a login method is to be linked.

        Newer clients say whether they want it (a session is required if so, and not looked at if not); of older ones
        the session is taken where there is one (docs/reference/http.md, Linking). The store is asked for it: nothing
        is linked to the user of a session that was revoked.
        """
        says = takes_linking_flag(fdi_version(exchange.request))
        wants = body.get("shouldTryLinkingWithSessionUser") is True
        if says and not wants:
            return SigningIn(session=None, should_try_linking=False, tenant_id=exchange.tenant_id)
        options = SessionOptions(
            session_required=says, check_database=True, override_global_claim_validators=no_claim_validators
        )
        session = await self.sessions.get_session(exchange.request, options, user_context=exchange.user_context)
        tenant_id = exchange.tenant_id if session is None else session.get_tenant_id()
        return SigningIn(session, wants if says else None, tenant_id)

    async def new_session(
        self,
        request: BaseRequest,
        user: User,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        user_context: UserContext,
        *,
        undo_sign_up: Undo | None = None,
    ) -> SessionContainer:
        """
        Create the session of a user who has just signed up or in, and attach it to the answer.

        Args:
            request: whose answer it is.
            user: who signed in.
            recipe_user_id: the login method that was used.
            tenant_id: the tenant that was signed in to.
            user_context: handed on.
            undo_sign_up: deletes the user, who was created in this request. Claims are fetched for a user, so only then
                it turns out that they are too large: the address must not be taken by somebody who cannot sign in.

        Raises:
            authweave.errors.ClaimsTooLargeError: the client would not keep the session's tokens.
        """
        whole = _whole.get()
        try:
            created = await self.sessions.create_new_session(
                request,
                user_id=user.id,
                recipe_user_id=recipe_user_id,
                tenant_id=tenant_id,
                transfer_method=None if whole is None else whole.transfer_method,
                user_context=user_context,
            )
        except ClaimsTooLargeError:
            if undo_sign_up is not None:
                await undo_sign_up()
            raise
        if whole is not None:
            whole.undos.extend([created.revoke_session, *([] if undo_sign_up is None else [undo_sign_up])])
        return created

    @asynccontextmanager
    async def whole(self, transfer_method: TokenTransferMethod | None = None) -> AsyncGenerator[None]:
        """
        Let signing up or in, with all that an override of the API does, fail whole where claims are too large.

        An override may merge claims into the session that it was given: if they are refused, and it does not say what
        else to do, the session ends, and a user who was created in the block is deleted. So it is where the password
        turns out to have been changed meanwhile, after a session was stored without a look at it.

        Args:
            transfer_method: how the new session's tokens travel; None: as configuration and request say.
        """
        whole = Whole(transfer_method)
        token, is_over = _whole.set(whole), False
        try:
            async with putting_off():
                yield
                is_over = True
        except Exception as error:
            if is_over or isinstance(error, ClaimsTooLargeError):
                for undo in whole.undos:
                    await undo()
            raise
        finally:
            _whole.reset(token)


def is_fake(email: str) -> bool:
    """Return whether an address is one that stands in for none."""
    return normal_email(email).endswith(FAKE_EMAIL_ENDINGS)


def signed_in_user(exchange: Exchange, user: User, session: SessionContainer) -> JSONObject:
    """Return a user who has just signed in, in the shape of the client's version."""
    return user_json(user, session.get_recipe_user_id(), fdi_version(exchange.request))
