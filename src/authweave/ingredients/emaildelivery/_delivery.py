"""How a recipe has its mails delivered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Generic, Never, Protocol, cast
from urllib.parse import urlsplit

import attrs
from typing_extensions import TypeVar, override

from authweave.kernel import ContextArgument, UserContext, context_for, current_context
from authweave.outbox import OffLoop, Outbox, OutboxMessage
from authweave.storage import StorageError
from authweave.types import AppInfo, Clock

from ._addresses import ascii_domain
from ._content import from_bytes, to_bytes
from ._service import DevelopmentMails, LaterService
from ._transport import is_this_machine
from .types import EmailContent, EmailDeliveryConfig, EmailDeliveryInterface

TemplateVarsT = TypeVar("TemplateVarsT", default=object)

LIFETIME_S: Final = 3600
ID_BYTES: Final = 16

logger: Final = logging.getLogger("authweave.mail")


@attrs.define(eq=False)
class AppEmailDelivery:
    """
    How an application delivers the mails of recipes that are told nothing else.

    Attributes:
        config: what ``init(email_delivery=...)`` was told.
        development: prints the mails of all recipes, where nothing was told and that is wanted.
        has_warned: whether the log says already that no mail is sent.
        services: what delivers the mails of each recipe that sends some, by the recipe's id.
    """

    config: EmailDeliveryConfig | None = None
    development: DevelopmentMails | None = None
    has_warned: bool = False
    services: dict[str, EmailDeliveryInterface[Never]] = attrs.field(factory=dict[str, EmailDeliveryInterface[Never]])


class MailServices(Protocol):
    """What of an application the delivery of mails needs."""

    @property
    def app_info(self) -> AppInfo:
        """Names and domains."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Where finished mails are put."""
        ...

    @property
    def off_loop(self) -> OffLoop:
        """Runs what blocks in a worker thread."""
        ...

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        ...

    @property
    def random_bytes(self) -> Callable[[int], bytes]:
        """Returns as many unpredictable bytes as asked."""
        ...

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
        default = service_by_default(services, recipe_id, own) if own.service is None else None
        # The application's service takes what any recipe has to say.
        base = own.service or cast("EmailDeliveryInterface[TemplateVarsT]", default)  # as said above
        self._recipe_id = recipe_id
        self._later: LaterService[TemplateVarsT] | None = None
        if isinstance(base, LaterService):
            base = self._later = base.bound(services.app_info.app_name, queue.add)
            queue.deliver_by(self._later.service_implementation.send_raw_email)
        if default is not None and (of_all := services.email_delivery.config) is not None and of_all.override:
            of_any = cast("EmailDeliveryInterface", base)  # it is handed what this recipe has to say, and nothing else
            base = cast("EmailDeliveryInterface[TemplateVarsT]", of_all.override(of_any))  # as above
        self._service = base if own.override is None else own.override(base)
        services.email_delivery.services[recipe_id] = base if isinstance(base, LaterService) else self._service

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
        try:
            await self.send_email_or_raise(template_vars, user_context)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  of the application's code
            self._tell(error)

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
        await self._service.send_email(template_vars, context_for(self, user_context))

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
        if self._later is None:
            return
        context = context_for(self, user_context)
        try:
            await self._later.write(template_vars, context, is_decoy=True)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  as above
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        """Log that a mail was not sent."""
        logger.error(
            "A mail of %s was not sent.",
            self._recipe_id,
            exc_info=error,
            extra={"event": "mail_failed", "recipe": self._recipe_id, "error": type(error).__name__},
        )


class MailQueue:
    """The mails of one recipe in the outbox."""

    def __init__(self, services: MailServices, kind: str, lifetime_ms: int) -> None:
        self._services = services
        self._kind = kind
        self._lifetime_ms = lifetime_ms
        host = urlsplit(services.app_info.api_domain).hostname or ""
        self._host = "localhost" if ":" in host else ascii_domain(host)  # a colon cannot stand in a Message-ID

    def deliver_by(self, send_raw_email: SendsRaw) -> None:
        """Have mails delivered by a service's function."""

        async def deliver(message: OutboxMessage) -> None:
            await send_raw_email(from_bytes(message.payload), current_context())

        self._services.outbox.handle(self._kind, deliver)

    async def add(self, content: EmailContent | None, *, is_decoy: bool) -> None:
        """Put a mail into the outbox."""
        now_ms = self._services.clock()
        if content is None:
            payload = b""
        else:
            message_id = f"{self._services.random_bytes(ID_BYTES).hex()}@{self._host}"
            date = content.date or datetime.fromtimestamp(now_ms / 1000, UTC)
            payload = to_bytes(attrs.evolve(content, message_id=content.message_id or message_id, date=date))
        await self._services.off_loop(
            self._services.outbox.add,
            self._kind,
            payload,
            expires_at_ms=now_ms + self._lifetime_ms,
            is_decoy=is_decoy,
        )


class SendsRaw(Protocol):
    """Sends a finished mail."""

    async def __call__(self, content: EmailContent, user_context: UserContext) -> None:
        """Send it."""
        ...


class NoService(EmailDeliveryInterface[object]):
    """Sends nothing: the application said nothing of mail, and the log says so since its start."""

    @override
    async def send_email(self, template_vars: object, user_context: UserContext) -> None:
        """Send nothing."""


def service_by_default(
    services: MailServices, recipe_id: str, own: EmailDeliveryConfig[TemplateVarsT]
) -> EmailDeliveryInterface[object]:
    """Return the application's service; without one, what prints mails on a development machine, or nothing."""
    mine = services.email_delivery
    if mine.config is not None and mine.config.service is not None:
        return mine.config.service
    if is_this_machine(urlsplit(services.app_info.api_domain).hostname or ""):
        mine.development = mine.development or DevelopmentMails()
        return mine.development
    overrides = (own.override, None if mine.config is None else mine.config.override)  # which may send by themselves
    if not mine.has_warned and not any(overrides):
        mine.has_warned = True
        logger.warning(
            "No mail is sent, since nothing says how: write init(email_delivery=EmailDeliveryConfig(service="
            "SMTPService(SMTPSettings(...)))).",
            extra={"event": "mail_not_configured", "recipe": recipe_id},
        )
    return NoService()


__all__ = ["AppEmailDelivery", "EmailDelivery", "MailServices"]
