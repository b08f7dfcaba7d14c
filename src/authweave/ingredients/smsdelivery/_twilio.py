"""Text messages by Twilio's HTTP API, or by a gateway that is shaped alike."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from typing import Final, Generic, TypeAlias

from typing_extensions import TypeVar, override

from authweave.ingredients.delivery import ChooseLocale, Translations
from authweave.kernel import UserContext
from authweave.outbox import RefusedError
from authweave.types import ConfigurationError, install_command

from ._service import LaterSMS, OriginalSMS
from .types import SMSContent, SMSServiceInterface, TwilioServiceInterface, TwilioSettings

TemplateVarsT = TypeVar("TemplateVarsT", default=object)

TwilioOverride: TypeAlias = Callable[[TwilioServiceInterface[TemplateVarsT]], TwilioServiceInterface[TemplateVarsT]]
"""Is handed what a service does, and returns what is used in its place; it may be the same object, changed."""

NEVER: Final = frozenset({400, 404})
"""Number or text are at fault: the same fails again. A wrong password (401) may be put right."""


class GatewayAnswerError(Exception):
    """A gateway did not take a message, and may take it later. Of its answer the status alone is said."""

    def __init__(self, status: int) -> None:
        self.code = status
        super().__init__(f"The gateway answered {status}.")


class TwilioSender:
    """
    Hands messages to the gateway, each within a deadline.

    Args:
        settings: the account.
    """

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings

    async def send_sms(
        self, content: SMSContent, from_: str | None = None, messaging_service_sid: str | None = None
    ) -> None:
        """
        Send one.

        Raises:
            authweave.outbox.RefusedError: the gateway will never take it.
            Exception: it may, later.
        """
        import httpx2  # noqa: PLC0415  an extra has it

        settings = self._settings
        if from_ is None and messaging_service_sid is None:
            from_, messaging_service_sid = settings.from_, settings.messaging_service_sid
        given = {"From": from_, "MessagingServiceSid": messaging_service_sid}
        sender = {name: value for name, value in given.items() if value is not None}
        message = {"To": content.to_phone, **sender, "Body": content.body}
        url = f"{settings.url}/2010-04-01/Accounts/{settings.account_sid}/Messages.json"
        async with asyncio.timeout(settings.deadline_s):  # for all of it: a gateway may trickle
            async with httpx2.AsyncClient(auth=(settings.account_sid, settings.auth_token)) as client:
                answer = await client.post(url, data=message)
        if answer.status_code in NEVER:
            raise RefusedError(f"the gateway refuses the message ({answer.status_code})")
        if not answer.is_success:  # also 429: the outbox waits, longer each time
            raise GatewayAnswerError(answer.status_code)


class OriginalTwilio(OriginalSMS[TemplateVarsT], TwilioServiceInterface[TemplateVarsT]):
    """What a service does without its override."""

    def __init__(
        self,
        sender: TwilioSender,
        app_name: str,
        translations: Translations,
        locale: ChooseLocale[TemplateVarsT] | None,
    ) -> None:
        super().__init__(sender, app_name, translations, locale)
        self._twilio = sender

    @override
    async def send_raw_sms(
        self,
        content: SMSContent,
        user_context: UserContext,
        from_: str | None = None,
        messaging_service_sid: str | None = None,
    ) -> None:
        await self._twilio.send_sms(content, from_, messaging_service_sid)


class TwilioService(LaterSMS[TemplateVarsT], Generic[TemplateVarsT]):
    """
    Sends text messages by Twilio: what `SMSService` does, with a sender of the library's.

    Args:
        twilio_settings: the account.
        override: is handed what the service does, and returns what is used in its place. It may be the same object,
            changed.
        translations: as for `SMSService`.
        locale: likewise.

    Raises:
        authweave.types.ConfigurationError: a translation is of no text; or the extra ``webhooks``, which has what
            speaks HTTP, is not installed.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        twilio_settings: TwilioSettings,
        override: TwilioOverride[TemplateVarsT] | None = None,
        *,
        translations: Translations | None = None,
        locale: ChooseLocale[TemplateVarsT] | None = None,
    ) -> None:
        if importlib.util.find_spec("httpx2") is None:
            raise ConfigurationError(
                f"TwilioService needs httpx2, which is not installed: {install_command('webhooks')}."
            )
        self._twilio = TwilioSender(twilio_settings)
        self._of_twilio = override
        super().__init__(self._twilio, None, translations, locale)

    @override
    def implement(self, app_name: str) -> SMSServiceInterface[TemplateVarsT]:
        original = OriginalTwilio(self._twilio, app_name, self._translations, self._locale)
        return original if self._of_twilio is None else self._of_twilio(original)
