"""Who may use the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeAlias

import attrs
from typing_extensions import override

from authweave.extending import Services
from authweave.http import Exchange, Security
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.recipe.session.exceptions import InvalidClaimsError, SessionError
from authweave.recipe.session.interfaces import SessionOptions
from authweave.types import PUBLIC_TENANT, Clock

from .exceptions import NotAllowedError, NotSignedInError, StaleSignInError

Allowed: TypeAlias = str | Callable[[SessionContainer], Awaitable[bool] | bool]
"""Who may use the page: a role of the tenant ``public``, or a function that is asked with each request."""

FRESH_S: Final = 600
"""How long ago the session may have been made, in seconds."""

ASKED: Final = SessionOptions(anti_csrf_check=False, check_database=True)
"""Forms bring a token of the page's own. The store is asked: a session that was revoked is noticed at once."""


@attrs.frozen
class Administrator:
    """
    Who uses the page.

    Attributes:
        name: as it stands in events (``by``): the user's id, or that it is the command line.
        session_handle: what forms are bound to.
        user_id: the user's id; None on the command line.
        session: the session; None there.
    """

    name: str
    session_handle: str
    user_id: str | None = None
    session: SessionContainer | None = None


class Guard(Protocol):
    """Lets administrators in."""

    async def admit(self, exchange: Exchange) -> Administrator:
        """
        Return who sent a request.

        Raises:
            AdminRefusalError: whoever it is may not use the page.
        """
        ...

    def security(self) -> Security:
        """Return how an administrator shows who it is, for the routes to say so."""
        ...


class Freshness(Protocol):
    """Decides whether a session is good for what matters most."""

    async def require_fresh(self, session: SessionContainer) -> None:
        """
        Return where it is.

        Raises:
            StaleSignInError: the user has to prove again who it is.
        """
        ...


@attrs.frozen
class RecentSignIn(Freshness):
    """
    Take a session that was made a short time ago.

    Attributes:
        clock: tells the time.
        within_s: how long ago, in seconds.
    """

    clock: Clock
    within_s: int = FRESH_S

    @override
    async def require_fresh(self, session: SessionContainer) -> None:
        made_ms = await session.get_time_created()
        if self.clock() - made_ms > self.within_s * 1000:
            raise StaleSignInError(
                f"You signed in more than {self.within_s // 60} minutes ago. What can be done here cannot be undone, "
                "so it asks for a fresh sign-in.",
                session,
            )


@attrs.frozen
class SessionGuard(Guard):
    """
    Let in who has a session of the application, may use the page, and signed in a short time ago.

    Attributes:
        services: of the application.
        allowed: who may use the page.
        freshness: what decides how fresh the sign-in has to be.
    """

    services: Services
    allowed: Allowed = attrs.field(repr=False)
    freshness: Freshness

    @override
    async def admit(self, exchange: Exchange) -> Administrator:
        requests = self.services.recipe(SessionRecipe).requests
        try:
            session = await requests.require_session(exchange.request, ASKED, user_context=exchange.user_context)
        except InvalidClaimsError as error:
            raise NotAllowedError("Your session lacks something that the application asks of every session.") from error
        except SessionError as error:
            raise NotSignedInError("There is no session here, or it has expired.") from error
        user_id = await self.shown_id_of(session)
        if not await self.is_allowed(session, user_id, exchange):
            self.services.events.emit(
                "admin_refused",
                "admin",
                exchange.user_context,
                user_id=user_id,
                tenant_id=session.get_tenant_id(),
                session_handle=session.get_handle(),
            )
            raise NotAllowedError("Your account may not use this page.")
        await self.freshness.require_fresh(session)
        return Administrator(user_id, session.get_handle(), user_id, session)

    @override
    def security(self) -> Security:
        return self.services.recipe(SessionRecipe).requests.description.required(
            "get"
        )  # no proof is asked for (`ASKED`)

    async def shown_id_of(self, session: SessionContainer) -> str:
        """
        Return the id of a session's user as the store shows it.

        The session may know another, that of a login method or one from before a mapping; and who signs in by a route
        of the application's own may be no user of the store's.
        """
        user = await self.services.off_loop(self.services.storage.find_user, session.get_user_id())
        return session.get_user_id() if user is None else user.id

    async def is_allowed(self, session: SessionContainer, user_id: str, exchange: Exchange) -> bool:
        """Return whether a user may use the page. A role is looked up anew: one that was taken away counts at once."""
        if callable(self.allowed):
            answer = self.allowed(session)
            return (await answer if isinstance(answer, Awaitable) else answer) is True
        if session.get_tenant_id() != PUBLIC_TENANT:
            return False  # an administrator of a customer's tenant is none of all
        from authweave.recipe.userroles import UserRolesRecipe

        functions = self.services.recipe(UserRolesRecipe).functions
        result = await functions.get_roles_for_user(user_id, PUBLIC_TENANT, exchange.user_context)
        return self.allowed in result.roles
