"""What becomes of the session of a request when its user's address was verified."""

from __future__ import annotations

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import BaseRequest, RecipeUserId

from .addresses import shown_id
from .claim import EmailVerificationClaim
from .interfaces import AccountLinking, LinkingContribution


@attrs.frozen
class VerifiedSessions:
    """
    Brings the session of a request up to date (docs/reference/http.md, Verifying an address).

    Attributes:
        sessions: the session recipe.
    """

    services: Services = attrs.field(repr=False)
    sessions: SessionRecipe

    @property
    def linking(self) -> AccountLinking | None:
        """What links login methods; None where the application has no such recipe."""
        return next((each.linking for each in self.services.contributions(LinkingContribution)), None)

    async def bring_up_to_date(
        self,
        session: SessionContainer | None,
        recipe_user_id: RecipeUserId,
        request: BaseRequest,
        user_context: UserContext,
    ) -> SessionContainer | None:
        """
        Have a session say what is known of its login method's address, if that is the one which was verified.

        Returns:
            A new session, where the login method belongs to another user by now; else None.

        Raises:
            UnauthorisedError: the session is gone from the store; the client is told to forget it.
        """
        if session is None:
            return None
        of_session = session.get_recipe_user_id()
        if of_session != recipe_user_id and await self.find_shown_id(of_session) != await self.find_shown_id(
            recipe_user_id
        ):
            return None
        login_id = recipe_user_id.get_as_string()
        user = await self.services.off_loop(self.services.storage.find_user, login_id)
        user_id = session.get_user_id()
        # A login method of the application's own has no user. A user may have been given another id since.
        if user is None or user.id == user_id or user.id == await self.find_shown_id(RecipeUserId(user_id)):
            await session.fetch_and_set_claim(EmailVerificationClaim, user_context)
            return None
        return await self.of_linked_user(session, user.id, request, user_context)

    async def find_shown_id(self, named: RecipeUserId) -> str:
        """Return the id that APIs show now; an access token has the one from when it was made."""
        return await self.services.off_loop(shown_id, self.services.storage, named.get_as_string())

    async def of_linked_user(
        self, session: SessionContainer, user_id: str, request: BaseRequest, user_context: UserContext
    ) -> SessionContainer:
        """
        Replace a session that linking has ended by one of the user who its login method was linked to.

        Only what linking itself has ended has a successor: a session that its user or an administrator had ended
        before stays at its end.

        Raises:
            UnauthorisedError: linking did not end it.
        """
        linking = self.linking
        successor = None if linking is None else await linking.ended_by_linking(session.get_handle(), user_context)
        if successor != user_id:
            raise UnauthorisedError(f"Session {session.get_handle()!r} does not exist any more.")
        recipe_user_id, tenant_id = session.get_recipe_user_id(), session.get_tenant_id()
        revoke = self.sessions.functions.revoke_all_sessions_for_user
        await revoke(
            recipe_user_id.get_as_string(),
            revoke_sessions_for_linked_accounts=False,
            tenant_id=tenant_id,
            revoke_across_all_tenants=True,
            user_context=user_context,
        )
        return await self.sessions.requests.create_new_session(
            request,
            user_id=user_id,
            recipe_user_id=recipe_user_id,
            tenant_id=tenant_id,
            user_context=user_context,
        )
