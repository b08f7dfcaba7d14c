"""How a recipe has its text messages delivered."""

from __future__ import annotations

import logging
from typing import Final, Generic, Never, Protocol, cast

from typing_extensions import TypeVar, override

from authweave.ingredients.delivery import AppDelivery, DeliveryServices, Medium, Messages, Queue, messages_of
from authweave.kernel import ContextArgument, UserContext, context_for

from ._content import from_bytes, to_bytes
from ._service import DevelopmentSMS
from .types import SMSContent, SMSDeliveryConfig, SMSDeliveryInterface

TemplateVarsT = TypeVar("TemplateVarsT", default=object)


class AppSMSDelivery(AppDelivery[SMSDeliveryInterface, SMSDeliveryInterface[Never]]):
    """
    How an application delivers the text messages of recipes that are told nothing else.

    Attributes:
        config: what ``init(sms_delivery=...)`` was told.
        development: prints the messages of all recipes, where nothing was told and that is wanted.
        has_warned: whether the log says already that no message is sent.
        services: what delivers the messages of each recipe that sends some, by the recipe's id.
    """


class SMSServices(DeliveryServices, Protocol):
    """What of an application the delivery of text messages needs."""

    @property
    def sms_delivery(self) -> AppSMSDelivery:
        """How text messages are delivered by default."""
        ...


class SMSDelivery(Generic[TemplateVarsT]):
    """
    How a recipe has its text messages delivered. It makes one when it is built.

    Args:
        services: the application's.
        recipe_id: the recipe's.
        config: what the recipe was told; what is missing is the application's.
        lifetime_s: for how many seconds the code in a message is worth something; afterwards the message is erased.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        services: SMSServices,
        recipe_id: str,
        config: SMSDeliveryConfig[TemplateVarsT] | None = None,
        *,
        lifetime_s: float,
    ) -> None:
        own: SMSDeliveryConfig[TemplateVarsT] = config or SMSDeliveryConfig()
        queue = SMSQueue(services, f"sms.{recipe_id}", round(lifetime_s * 1000))
        # The application's service takes what any recipe has to say, and its override is handed that of this one alone.
        told = services.sms_delivery
        app = cast("AppDelivery[SMSDeliveryInterface[TemplateVarsT], object]", told)  # takes any recipe's
        medium = cast("Medium[SMSDeliveryInterface[TemplateVarsT]]", SMS)  # takes any recipe's
        service, later = messages_of(services, medium, recipe_id, own, app, queue)
        self._messages: Messages[TemplateVarsT] = Messages(SMS, recipe_id, service.send_sms, later)

    async def send_sms(self, template_vars: TemplateVarsT, user_context: ContextArgument | None = None) -> None:
        """
        Have a message sent, for an answer that must not tell whether there is an account.

        What a service or an override raises is logged (``sms_failed``): the answer is the same as for an account that
        does not exist.

        Args:
            template_vars: what the message is to say.
            user_context: the function's; None is the current one.

        Raises:
            StorageError: the store failed, as it does for an account that does not exist (`send_decoy`).
        """
        await self._messages.send_or_log(template_vars, context_for(self, user_context))

    async def send_sms_or_raise(
        self, template_vars: TemplateVarsT, user_context: ContextArgument | None = None
    ) -> None:
        """
        Have a message sent, for a caller who wants to know what is wrong.

        Raises:
            SMSContentError: it cannot be written.
            StorageError: the store failed.
            Exception: whatever the application's service or override raises.
        """
        await self._messages.deliver(template_vars, context_for(self, user_context))

    async def send_decoy(self, template_vars: TemplateVarsT, user_context: ContextArgument | None = None) -> None:
        """
        Do what `send_sms` does, and send nothing: see `authweave.ingredients.emaildelivery.EmailDelivery.send_decoy`.

        Args:
            template_vars: as if it were sent: with a code that is worth nothing.
            user_context: the function's; None is the current one.

        Raises:
            StorageError: the store failed.
        """
        await self._messages.write_decoy(template_vars, context_for(self, user_context))


class SMSQueue(Queue[SMSContent]):
    """The text messages of one recipe in the outbox."""

    @override
    def to_bytes(self, content: SMSContent, message_id: str, now_ms: int) -> bytes:
        return to_bytes(content, message_id)

    @override
    def from_bytes(self, data: bytes) -> SMSContent:
        return from_bytes(data)


class NoSMSService(SMSDeliveryInterface[object]):
    """Sends nothing: the application said nothing of text messages, and the log says so since its start."""

    @override
    async def send_sms(self, template_vars: object, user_context: UserContext) -> None:
        """Send nothing."""


SMS: Final[Medium[SMSDeliveryInterface]] = Medium(
    kind="sms",
    one="text message",
    advice="write init(sms_delivery=SMSDeliveryConfig(service=SMSService(sender)))",
    logger=logging.getLogger("authweave.sms"),
    development=DevelopmentSMS,
    nothing=NoSMSService,
)


__all__ = ["AppSMSDelivery", "SMSDelivery", "SMSServices"]
