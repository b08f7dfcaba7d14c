"""Asks the application whether accounts are to be linked, and checks what it answers."""

from __future__ import annotations

import inspect
import reprlib

import attrs

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import ConfigurationError, User

from .config import ShouldDoAutomaticAccountLinking
from .rules import IF_VERIFIED, LINK, NO, Answer
from .types import AccountInfoWithRecipeIdAndUserId, ShouldAutomaticallyLink, ShouldLink, ShouldNotAutomaticallyLink


@attrs.frozen
class Callback:
    """
    The application's ``should_do_automatic_account_linking``.

    It may take its time, so it is asked outside of every transaction of the library's. What it answered may not hold
    any more when something is written: the store says what there is then.
    """

    function: ShouldDoAutomaticAccountLinking | None = attrs.field(repr=False)

    async def should_link(
        self,
        info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> ShouldLink:
        """
        Return the answer; without a callback, not to link.

        Raises:
            authweave.types.ConfigurationError: it is none of the two classes of answers.
            Exception: what the callback raises.
        """
        if self.function is None:
            return ShouldNotAutomaticallyLink()
        answer = self.function(info, user, session, tenant_id, user_context)
        return checked(await answer if inspect.isawaitable(answer) else answer)

    async def ask(
        self,
        info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> str:
        """Return the answer as the tables name it. The rest as `should_link`."""
        return named(await self.should_link(info, user, session, tenant_id, user_context))


def named(answer: ShouldLink) -> Answer:
    """Return an answer as the tables name it."""
    if isinstance(answer, ShouldNotAutomaticallyLink):
        return NO
    return IF_VERIFIED if answer.should_require_verification else LINK


def checked(answer: object) -> ShouldLink:
    """
    Return an answer, in programs that were not type-checked too.

    Raises:
        ConfigurationError: it is something else.
    """
    if isinstance(answer, ShouldNotAutomaticallyLink):
        return answer
    if isinstance(answer, ShouldAutomaticallyLink) and is_truth(answer.should_require_verification):
        return answer
    raise ConfigurationError(
        f"should_do_automatic_account_linking answered {reprlib.repr(answer)}: answer ShouldNotAutomaticallyLink(), or "
        "ShouldAutomaticallyLink(should_require_verification=...) with True or False."
    )


def is_truth(value: object) -> bool:
    """Return whether a value is True or False, in programs that were not type-checked."""
    return isinstance(value, bool)
