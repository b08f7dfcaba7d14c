"""Services whose text messages are written in the request, and sent later: by a gateway, or to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, TypeAlias

from typing_extensions import TypeVar, override

from authweave.ingredients.delivery import ChooseLocale, Collector, LaterService, Translations, choose_locale
from authweave.kernel import UserContext
from authweave.types import ConfigurationError

from ._content import check_content
from ._templates import TEXTS, write_sms
from .types import SMSContent, SMSDeliveryInterface, SMSSender, SMSServiceInterface

TemplateVarsT = TypeVar("TemplateVarsT", default=object)

SMSServiceOverride: TypeAlias = Callable[[SMSServiceInterface[TemplateVarsT]], SMSServiceInterface[TemplateVarsT]]
"""Is handed what a service does, and returns what is used in its place; it may be the same object, changed."""


class LaterSMS(
    LaterService[TemplateVarsT, SMSContent, SMSServiceInterface[TemplateVarsT]],
    SMSDeliveryInterface[TemplateVarsT],
    Generic[TemplateVarsT],
):
    """A service whose messages are written in the request, and sent later through the outbox."""

    handed_by: ClassVar[str] = "by sms_delivery=SMSDeliveryConfig(service=...)"

    def __init__(
        self,
        sender: SMSSender,
        override: SMSServiceOverride[TemplateVarsT] | None,
        translations: Translations | None,
        locale: ChooseLocale[TemplateVarsT] | None,
    ) -> None:
        super().__init__()
        TEXTS.check(translations or {})
        if not callable(getattr(sender, "send_sms", None)):
            raise ConfigurationError(
                f"{type(self).__name__}: the sender has no send_sms: "
                "write async def send_sms(self, content) in its class."
            )
        self.sender = sender
        self._override = override
        self._translations = translations or {}
        self._locale = locale

    @override
    def implement(self, app_name: str) -> SMSServiceInterface[TemplateVarsT]:
        original = OriginalSMS(self.sender, app_name, self._translations, self._locale)
        return original if self._override is None else self._override(original)

    @override
    async def content(self, template_vars: TemplateVarsT, user_context: UserContext) -> SMSContent:
        return check_content(await self.service_implementation.get_content(template_vars, user_context))

    @override
    async def send_raw(self, content: SMSContent, user_context: UserContext) -> None:
        await self.service_implementation.send_raw_sms(content, user_context)

    @override
    async def send_sms(self, template_vars: TemplateVarsT, user_context: UserContext) -> None:
        await self.write(template_vars, user_context, is_decoy=False)


class OriginalSMS(SMSServiceInterface[TemplateVarsT]):
    """What a service does without its override."""

    def __init__(
        self,
        sender: SMSSender,
        app_name: str,
        translations: Translations,
        locale: ChooseLocale[TemplateVarsT] | None,
    ) -> None:
        self._sender = sender
        self._app_name = app_name
        self._translations = translations
        self._locale = locale

    @override
    async def get_content(self, template_vars: TemplateVarsT, user_context: UserContext) -> SMSContent:
        locale = await choose_locale(self._locale, template_vars, user_context, self._translations)
        return write_sms(template_vars, app_name=self._app_name, translations=self._translations, locale=locale)

    @override
    async def send_raw_sms(self, content: SMSContent, user_context: UserContext) -> None:
        await self._sender.send_sms(content)


class SMSService(LaterSMS[TemplateVarsT]):
    """
    Sends text messages by a gateway.

    They are written in the request (``get_content``) and put into the outbox; a process of the application sends them
    (``send_raw_sms``), and tries again where it fails.

    Args:
        sender: hands a finished message to the gateway: anything with ``async def send_sms(self, content)``.
        override: is handed what the service does, and returns what is used in its place. It may be the same object,
            changed.
        translations: texts of the messages by language and name.
        locale: chooses the language. By default it is the request's ``Accept-Language`` that does.

    Raises:
        authweave.types.ConfigurationError: a translation is of no text, or the sender has no ``send_sms``.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        sender: SMSSender,
        override: SMSServiceOverride[TemplateVarsT] | None = None,
        *,
        translations: Translations | None = None,
        locale: ChooseLocale[TemplateVarsT] | None = None,
    ) -> None:
        super().__init__(sender, override, translations, locale)


class SMSCollector(Collector[SMSContent]):
    """Prints text messages on standard error and collects them."""

    async def send_sms(self, content: SMSContent) -> None:
        """Print a message, and keep it."""
        self.collect(content, [f"Text message to {content.to_phone} (printed, not sent)", *content.body.splitlines()])


class DevelopmentSMS(LaterSMS[TemplateVarsT]):
    """
    Prints text messages with their codes, and collects them, as an application on a development machine does.

    Args:
        prints: whether they are printed on standard error.
        override: as that of `SMSService`.
        translations: as that of `SMSService`.
        locale: as that of `SMSService`.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        *,
        prints: bool = True,
        override: SMSServiceOverride[TemplateVarsT] | None = None,
        translations: Translations | None = None,
        locale: ChooseLocale[TemplateVarsT] | None = None,
    ) -> None:
        self._collector = SMSCollector(prints=prints)
        super().__init__(self._collector, override, translations, locale)

    @property
    def messages(self) -> tuple[SMSContent, ...]:
        """The messages of all recipes that use it, the latest last; 100 at most."""
        return tuple(self._collector.collected)
