"""Requests for a link that recovers: the same work and the same answer, whether there is the account or not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final, Generic

import attrs
from typing_extensions import TypeVar

from authweave.events import EventKind
from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.attempts import Ahead, Attempts
from authweave.types import User, normal_email

from .recovering import RecoveryDecisions, Refuse, SendLink
from .recovery_mails import RecoveryMails

FunctionsT = TypeVar("FunctionsT")
TemplateVarsT = TypeVar("TemplateVarsT", default=object)

NOBODY: Final = "00000000-0000-4000-8000-000000000000"
"""Nobody's id, of a length that ids have."""


@attrs.frozen
class RecoveryRequests(ABC, Generic[FunctionsT, TemplateVarsT]):
    """
    Sends links to whoever asks for one, and has the account.

    Each request counts as a failed attempt, so that nobody fills the mailbox of another.

    Attributes:
        recipe_id: the recipe that recovers.
        action: what requests are counted as.
        event: what tells of a request.
        purpose: what the tokens are good for.
        decisions: says who gets a link.
    """

    recipe_id: ClassVar[str]
    action: ClassVar[str]
    event: ClassVar[EventKind]
    purpose: ClassVar[str]
    services: Services = attrs.field(repr=False)
    attempts: Attempts = attrs.field(repr=False)
    tokens: OneTimeTokens = attrs.field(repr=False)
    mails: RecoveryMails[TemplateVarsT] = attrs.field(repr=False)
    decisions: RecoveryDecisions

    @abstractmethod
    def find(self, tenant_id: str, email: str) -> tuple[Sequence[User], str]:
        """Return the users who have an address, and how it is stored. Blocks."""

    @abstractmethod
    def look_up_nobody(self) -> None:
        """Ask the store what making a token for somebody asks it. Blocks."""

    @abstractmethod
    async def create_token(
        self, link: SendLink, tenant_id: str, functions: FunctionsT, user_context: UserContext
    ) -> str | None:
        """Return a token that recovers; None where the account is gone."""

    async def request(
        self, email: str, tenant_id: str, functions: FunctionsT, user_context: UserContext
    ) -> Refuse | None:
        """
        Send a link to an address.

        Args:
            email: as the client sent it.
            tenant_id: the tenant.
            functions: the composed functions of the recipe.
            user_context: handed on.

        Returns:
            Why none may be sent; None where one was, or nobody is told whether.

        Raises:
            authweave.errors.TooManyAttemptsError: too many links were asked for.
            authweave.errors.StorageError: the store failed.
        """
        services = self.services
        find = Ahead(lambda: self.find(tenant_id, email))
        async with self.attempts.attempt(self.action, tenant_id, normal_email(email), user_context, find) as attempt:
            users, stored = await find.result(services.off_loop)
            enabled = [user for user in users if not user.disabled]
            decision = await self.decisions.decide(enabled, tenant_id, stored, user_context)
            sent_to = None
            if isinstance(decision, SendLink) and await self.send(decision, tenant_id, functions, user_context):
                sent_to = decision.user_id
            else:
                await self.pretend(stored, tenant_id, user_context)
            services.events.emit(self.event, self.recipe_id, user_context, user_id=sent_to, tenant_id=tenant_id)
            attempt.succeeded = False
        return decision if isinstance(decision, Refuse) else None

    async def send(self, link: SendLink, tenant_id: str, functions: FunctionsT, user_context: UserContext) -> bool:
        """Send a link. Returns whether the account was there still."""
        token = await self.create_token(link, tenant_id, functions, user_context)
        if token is None:
            return False
        mail = self.mails.mail(link.user_id, link.recipe_user_id, link.email, token, tenant_id, user_context)
        await self.mails.delivery.send_email(mail, user_context)
        return True

    async def pretend(self, email: str, tenant_id: str, user_context: UserContext) -> None:
        """Do what `send` does, and send nothing."""

        def create() -> str:
            self.look_up_nobody()
            return self.tokens.create_decoy(self.purpose, tenant_id=tenant_id, email=email)

        decoy = await self.services.off_loop(create)
        await self.mails.send_decoy(email, decoy, tenant_id, user_context)
