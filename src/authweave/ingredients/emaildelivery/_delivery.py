"""How a recipe has its mails delivered."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Final, Generic, Never, Protocol, cast
from urllib.parse import urlsplit

import attrs
from typing_extensions import TypeVar, override

from authweave.ingredients.delivery import AppDelivery, DeliveryServices, Medium, Messages, Queue, messages_of
from authweave.kernel import ContextArgument, UserContext, context_for

from ._addresses import ascii_domain
from ._content import from_bytes, to_bytes
from ._service import DevelopmentMails
from .types import EmailContent, EmailDeliveryConfig, EmailDeliveryInterface

TemplateVarsT = TypeVar("TemplateVarsT", default=object)

LIFETIME_S: Final = 3600


class AppEmailDelivery(AppDelivery[EmailDeliveryInterface, EmailDeliveryInterface[Never]]):
    """
    How an application delivers the mails of recipes that are told nothing else.

    Attributes:
        config: what ``init(email_delivery=...)`` was told.
        development: prints the mails of all recipes, where nothing was told and that is wanted.
        has_warned: whether the log says already that no mail is sent.
        services: what delivers the mails of each recipe that sends some, by the recipe's id.
    """


class MailServices(DeliveryServices, Protocol):
    """What of an application the delivery of mails needs."""

    @property
    def email_delivery(self) -> AppEmailDelivery:
        """How mails are delivered by default."""
        ...


class EmailDelivery(Generic[TemplateVarsT]):
    """
    How a recipe has its mails delivered. It makes one when it is built.

    Args:
        services: the application's.
        recipe_id: the recipe's.
        config: what the recipe was told; what is missing is the application's.
        lifetime_s: for how many seconds the link in a mail is worth something; afterwards the mail is erased.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        services: MailServices,
        recipe_id: str,
        config: EmailDeliveryConfig[TemplateVarsT] | None = None,
        *,
        lifetime_s: float = LIFETIME_S,
    ) -> None:
        own: EmailDeliveryConfig[TemplateVarsT] = config or EmailDeliveryConfig()
        queue = MailQueue(services, f"mail.{recipe_id}", round(lifetime_s * 1000))
        # The application's service takes what any recipe has to say, and its override is handed that of this one alone.
        told = services.email_delivery
        app = cast("AppDelivery[EmailDeliveryInterface[TemplateVarsT], object]", told)  # takes any recipe's
        medium = cast("Medium[EmailDeliveryInterface[TemplateVarsT]]", MAILS)  # takes any recipe's
        service, later = messages_of(services, medium, recipe_id, own, app, queue)
        self._messages: Messages[TemplateVarsT] = Messages(MAILS, recipe_id, service.send_email, later)

    async def send_email(self, template_vars: TemplateVarsT, user_context: ContextArgument | None = None) -> None:
        """
        Have a mail sent, for an answer that must not tell whether there is an account.

        What a service or an override raises is logged (``mail_failed``): the answer is the same as for an account that
        does not exist.

        Args:
            template_vars: what the mail is to say.
            user_context: the function's; None is the current one.

        Raises:
            StorageError: the store failed, as it does for an account that does not exist (`send_decoy`).
        """
        await self._messages.send_or_log(template_vars, context_for(self, user_context))

    async def send_email_or_raise(
        self, template_vars: TemplateVarsT, user_context: ContextArgument | None = None
    ) -> None:
        """
        Have a mail sent, for a caller who knows the account, and wants to know what is wrong.

        Raises:
            MailContentError: it cannot be written.
            StorageError: the store failed.
            Exception: whatever the application's service or override raises.
        """
        await self._messages.deliver(template_vars, context_for(self, user_context))

    async def send_decoy(self, template_vars: TemplateVarsT, user_context: ContextArgument | None = None) -> None:
        """
        Do for an account that does not exist what `send_email` does for one that does, and send nothing.

        The mail is written, and a row of the same size is put into the outbox, which is deleted when it is due. What
        the application's own service or override of ``send_email`` does is not done.

        Args:
            template_vars: as if there were an account: an id of the right length, and a link with a token that is
                worth nothing.
            user_context: the function's; None is the current one.

        Raises:
            StorageError: the store failed.
        """
        await self._messages.write_decoy(template_vars, context_for(self, user_context))


class MailQueue(Queue[EmailContent]):
    """The mails of one recipe in the outbox."""

    @override
    def to_bytes(self, content: EmailContent, message_id: str, now_ms: int) -> bytes:
        host = urlsplit(self.services.app_info.api_domain).hostname or ""
        named = "localhost" if ":" in host else ascii_domain(host)  # a colon cannot stand in a Message-ID
        date = content.date or datetime.fromtimestamp(now_ms / 1000, UTC)
        new_id = content.message_id or f"{message_id}@{named}"
        return to_bytes(attrs.evolve(content, message_id=new_id, date=date))

    @override
    def from_bytes(self, data: bytes) -> EmailContent:
        return from_bytes(data)


class NoService(EmailDeliveryInterface[object]):
    """Sends nothing: the application said nothing of mail, and the log says so since its start."""

    @override
    async def send_email(self, template_vars: object, user_context: UserContext) -> None:
        """Send nothing."""


MAILS: Final[Medium[EmailDeliveryInterface]] = Medium(
    kind="mail",
    one="mail",
    advice="write init(email_delivery=EmailDeliveryConfig(service=SMTPService(SMTPSettings(...))))",
    logger=logging.getLogger("authweave.mail"),
    development=DevelopmentMails,
    nothing=NoService,
)


__all__ = ["AppEmailDelivery", "EmailDelivery", "MailServices"]
