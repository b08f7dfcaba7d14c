"""How text messages are delivered, as an application configures it. Names and parameters are those of SuperTokens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Generic, Protocol

import attrs
from typing_extensions import TypeVar, override

from authweave.kernel import ContextParameter
from authweave.types import ConfigurationError, Options

TemplateVarsT = TypeVar("TemplateVarsT", default=object)
TemplateVarsT_contra = TypeVar("TemplateVarsT_contra", default=object, contravariant=True)


class SMSDeliveryInterface(ABC, Generic[TemplateVarsT_contra]):
    """
    Delivers the text messages of a recipe. Subclass it for a service of your own that also writes them.

    .. versionadded:: 0.1.0
    """

    @abstractmethod
    async def send_sms(self, template_vars: TemplateVarsT_contra, user_context: ContextParameter) -> None:
        """
        Send one message. It runs in the request that wants it, with that request's context.

        Args:
            template_vars: what the message is to say: ``PasswordlessLoginSMSTemplateVars``, for example.
            user_context: the request's.

        Raises:
            Exception: anything. Where an answer must not tell whether there is an account, it is logged
                (``sms_failed``) and answered as if the message had been sent.
        """


@attrs.define(kw_only=False)
class SMSContent:
    """
    A finished text message.

    Attributes:
        body: the text. More than 160 characters, or 70 where some are not of GSM's alphabet, are several messages.
        to_phone: the recipient's number, as ``+`` and digits (E.164).
        message_id: set when the message is put into the outbox, and the same each time that it is handed to the
            sender: a gateway that takes such a key sends it once.

    .. versionadded:: 0.1.0
    """

    body: str = attrs.field(repr=False)
    to_phone: str = attrs.field(repr=False)
    message_id: str | None = attrs.field(default=None, kw_only=True)


class SMSSender(Protocol):
    """
    Sends finished text messages: a gateway, as an `authweave.ingredients.smsdelivery.SMSService` uses it.

    .. versionadded:: 0.1.0
    """

    async def send_sms(self, content: SMSContent) -> None:
        """
        Send one. It runs later, in the background, on a loop that other messages share.

        It is called again where it raises, or where its process was killed before it was noted that it had returned.
        It has two minutes; a deadline of its own, which is shorter, says more in the log.

        Raises:
            authweave.outbox.RefusedError: the message can never be sent; it is not tried again.
            Exception: anything else: it is tried again later.
        """
        ...


class WritesSMS(ABC):
    """
    What a text message is to say that writes itself: that of a recipe that is not the library's.

    .. versionadded:: 0.1.0
    """

    @abstractmethod
    def write(self, app_name: str, locale: str) -> SMSContent:
        """
        Return the message.

        Args:
            app_name: the application's.
            locale: the language tag that the application chose, one of its translations; ``en`` without any.
        """


class SMSServiceInterface(ABC, Generic[TemplateVarsT]):
    """
    What an `authweave.ingredients.smsdelivery.SMSService` does, and an override of it may change.

    .. versionadded:: 0.1.0
    """

    @abstractmethod
    async def get_content(self, template_vars: TemplateVarsT, user_context: ContextParameter) -> SMSContent:
        """Write a message. It runs in the request, with the request's context."""

    @abstractmethod
    async def send_raw_sms(self, content: SMSContent, user_context: ContextParameter) -> None:
        """
        Send a finished message. It runs later, in the background, with a context of its own, which is empty.

        It is called again as `SMSSender.send_sms` is.

        Raises:
            authweave.outbox.RefusedError: the message can never be sent; it is not tried again.
            Exception: anything else: it is tried again later.
        """


class TwilioServiceInterface(SMSServiceInterface[TemplateVarsT]):
    """
    What an `authweave.ingredients.smsdelivery.TwilioService` does, and an override of it may change.

    .. versionadded:: 0.1.0
    """

    @abstractmethod
    @override
    async def send_raw_sms(
        self,
        content: SMSContent,
        user_context: ContextParameter,
        from_: str | None = None,
        messaging_service_sid: str | None = None,
    ) -> None:
        """
        Send a finished message: as `SMSServiceInterface.send_raw_sms`.

        Args:
            content: it.
            user_context: empty.
            from_: the number that it comes from, where that is another than the settings'.
            messaging_service_sid: or the messaging service.
        """


@attrs.frozen
class TwilioSettings(Options):
    """
    An account at Twilio, or at a gateway that is shaped alike.

    Args:
        account_sid: the account's id.
        auth_token: its password.
        from_: the number that messages come from.
        messaging_service_sid: or the messaging service; exactly one of the two.
        opts: what SuperTokens hands to the package twilio, which is not used here: nothing.
        url: where the gateway is.
        deadline_s: how long it has for an answer, in seconds. A message that it has not taken by then is sent later.

    Raises:
        authweave.types.ConfigurationError: it has not exactly one sender, or has ``opts``.

    .. versionadded:: 0.1.0
    """

    account_sid: str
    auth_token: str = attrs.field(repr=False)
    from_: str | None = None
    messaging_service_sid: str | None = None
    opts: Mapping[str, object] | None = None
    url: str = attrs.field(default="https://api.twilio.com", kw_only=True)
    deadline_s: float = attrs.field(default=10.0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check them."""
        if (self.from_ is None) == (self.messaging_service_sid is None):
            raise ConfigurationError("TwilioSettings: give exactly one of from_ and messaging_service_sid.")
        if self.opts:
            raise ConfigurationError(
                "TwilioSettings: opts are for the package twilio, which is not used: leave them out. url= says where "
                "the gateway is."
            )


@attrs.frozen
class SMSDeliveryConfig(Options, Generic[TemplateVarsT]):
    """
    How the text messages of a recipe are delivered, or those of all recipes (``init(sms_delivery=...)``).

    Args:
        service: sends them: `authweave.ingredients.smsdelivery.SMSService`, or one of your own. Without it, that of
            the application.
        override: is handed the service, and returns what is used in its place. It may be the same object, changed.

    .. versionadded:: 0.1.0
    """

    service: SMSDeliveryInterface[TemplateVarsT] | None = None
    override: Callable[[SMSDeliveryInterface[TemplateVarsT]], SMSDeliveryInterface[TemplateVarsT]] | None = None


__all__ = [
    "SMSContent",
    "SMSDeliveryConfig",
    "SMSDeliveryInterface",
    "SMSSender",
    "SMSServiceInterface",
    "TwilioServiceInterface",
    "TwilioSettings",
    "WritesSMS",
]
