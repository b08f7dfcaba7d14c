"""What becomes of the session of a request when its user's address was verified."""

from __future__ import annotations

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.session import SessionRecipe, SessionRefusedError
from authweave.recipe.session.claims import Authentication, AuthenticationClaim
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import SessionContainer, SessionContent
from authweave.types import BaseRequest, JSONObject, RecipeUserId, User

from .addresses import shown_id
from .claim import EmailVerificationClaim


@attrs.frozen
class VerifiedSessions:
    """
    Brings the session of a request up to date (docs/reference/http.md, Verifying an address).

    Attributes:
        sessions: the session recipe.
        linking: what links login methods, and remembers which sessions that ended.
    """

    services: Services = attrs.field(repr=False)
    sessions: SessionRecipe
    linking: Linking = attrs.field(repr=False)

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
        return await self.of_linked_user(session, user, request, user_context)

    async def find_shown_id(self, named: RecipeUserId) -> str:
        """Return the id that APIs show now; an access token has the one from when it was made."""
        return await self.services.off_loop(shown_id, self.services.storage, named.get_as_string())

    async def of_linked_user(
        self, session: SessionContainer, user: User, request: BaseRequest, user_context: UserContext
    ) -> SessionContainer:
        """
        Follow a session that linking has ended by one of the user who its login method was linked to.

        Only what linking itself has ended has a successor: a session that its user or an administrator had ended
        before stays at its end. What linking ended are all sessions of the login method, so there is none to end here:
        those that there are now are successors in other browsers.

        Raises:
            UnauthorisedError: linking did not end it, or the user has no sessions, or none in its tenant any more.
        """
        handle, recipe_user_id = session.get_handle(), session.get_recipe_user_id()
        successor = await self.linking.ended_by_linking(handle, user_context)
        login_id = RecipeUserId(await self.find_shown_id(recipe_user_id))
        is_here = any(
            each.recipe_user_id == login_id and session.get_tenant_id() in each.tenant_ids
            for each in user.login_methods
        )
        if successor is None or not is_here or await self.find_shown_id(RecipeUserId(successor)) != user.id:
            raise UnauthorisedError(f"Session {handle!r} does not exist any more.")
        try:
            created = await self.sessions.requests.create_new_session(
                request,
                user_id=user.id,
                recipe_user_id=recipe_user_id,
                tenant_id=session.get_tenant_id(),
                content=SessionContent(access_token_payload=authentication_of(session)),
                user_context=user_context,
            )
        except SessionRefusedError as error:
            raise UnauthorisedError(f"Session {handle!r} gets no successor: {error}") from error
        await self.linking.succeeded(handle)
        return created


def authentication_of(session: SessionContainer) -> JSONObject:
    """
    Return what the successor of a session says of when its user has shown who he is: not just now.

    Where the session that ended says nothing of it nobody knows any more, and it counts as long ago.
    """
    said = AuthenticationClaim.get_value_from_payload(session.get_access_token_payload())
    return AuthenticationClaim.add_to_payload_({}, said or Authentication(0, ()))
