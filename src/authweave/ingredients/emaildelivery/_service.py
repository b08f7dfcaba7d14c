"""Services whose mails are written in the request, and sent later: by SMTP, or to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, Protocol, TypeAlias

from typing_extensions import TypeVar, override

from authweave.ingredients.delivery import ChooseLocale, LaterService, Translations, choose_locale
from authweave.kernel import UserContext

from ._content import check_content
from ._development import MailCollector
from ._templates import TEXTS, write_mail
from ._transport import SMTPTransporter
from .types import EmailContent, EmailDeliveryInterface, SMTPServiceInterface, SMTPSettings

TemplateVarsT = TypeVar("TemplateVarsT", default=object)

ServiceOverride: TypeAlias = Callable[[SMTPServiceInterface[TemplateVarsT]], SMTPServiceInterface[TemplateVarsT]]
"""Is handed what a service does, and returns what is used in its place; it may be the same object, changed."""


class Transporter(Protocol):
    """Sends finished mails."""

    async def send_email(self, content: EmailContent, user_context: UserContext) -> None:
        """Send one."""
        ...


class LaterMails(
    LaterService[TemplateVarsT, EmailContent, SMTPServiceInterface[TemplateVarsT]],
    EmailDeliveryInterface[TemplateVarsT],
    Generic[TemplateVarsT],
):
    """
    A service whose mails are written in the request, and sent later through the outbox.

    Attributes:
        transporter: sends finished mails.
    """

    handed_by: ClassVar[str] = "by email_delivery=EmailDeliveryConfig(service=...)"

    def __init__(
        self,
        transporter: Transporter,
        override: ServiceOverride[TemplateVarsT] | None,
        translations: Translations | None,
        locale: ChooseLocale[TemplateVarsT] | None,
    ) -> None:
        super().__init__()
        TEXTS.check(translations or {})
        self.transporter = transporter
        self._override = override
        self._translations = translations or {}
        self._locale = locale

    @override
    def implement(self, app_name: str) -> SMTPServiceInterface[TemplateVarsT]:
        original = Original(self.transporter, app_name, self._translations, self._locale)
        return original if self._override is None else self._override(original)

    @override
    async def content(self, template_vars: TemplateVarsT, user_context: UserContext) -> EmailContent:
        return check_content(await self.service_implementation.get_content(template_vars, user_context))

    @override
    async def send_raw(self, content: EmailContent, user_context: UserContext) -> None:
        await self.service_implementation.send_raw_email(content, user_context)

    @override
    async def send_email(self, template_vars: TemplateVarsT, user_context: UserContext) -> None:
        await self.write(template_vars, user_context, is_decoy=False)


class Original(SMTPServiceInterface[TemplateVarsT]):
    """What a service does without its override."""

    def __init__(
        self,
        transporter: Transporter,
        app_name: str,
        translations: Translations,
        locale: ChooseLocale[TemplateVarsT] | None,
    ) -> None:
        self._transporter = transporter
        self._app_name = app_name
        self._translations = translations
        self._locale = locale

    @override
    async def get_content(self, template_vars: TemplateVarsT, user_context: UserContext) -> EmailContent:
        locale = await choose_locale(self._locale, template_vars, user_context, self._translations)
        return write_mail(template_vars, app_name=self._app_name, translations=self._translations, locale=locale)

    @override
    async def send_raw_email(self, content: EmailContent, user_context: UserContext) -> None:
        await self._transporter.send_email(content, user_context)


class SMTPService(LaterMails[TemplateVarsT]):
    """
    Sends mails by SMTP.

    They are written in the request (``get_content``) and put into the outbox; a process of the application sends them
    (``send_raw_email``), and tries again where it fails.

    Args:
        smtp_settings: the server.
        override: is handed what the service does, and returns what is used in its place. It may be the same object,
            changed.
        translations: texts of the mails by language and name.
        locale: chooses the language. By default it is the request's ``Accept-Language`` that does.

    Raises:
        authweave.types.ConfigurationError: a setting cannot be used, a translation is of no text, or the extra
            ``mail`` is not installed.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        smtp_settings: SMTPSettings,
        override: ServiceOverride[TemplateVarsT] | None = None,
        *,
        translations: Translations | None = None,
        locale: ChooseLocale[TemplateVarsT] | None = None,
    ) -> None:
        self._smtp = SMTPTransporter(smtp_settings)
        super().__init__(self._smtp, override, translations, locale)

    @property
    def server(self) -> str:
        """The server and how it is reached, without what is secret."""
        return self._smtp.server

    @property
    def is_encrypted(self) -> bool:
        """Whether nothing is sent in the clear, but to a server on this machine."""
        return self._smtp.is_encrypted

    async def check_connection(self) -> None:
        """
        Connect, encrypt and log in, as for a mail, and send none.

        Raises:
            aiosmtplib.SMTPException: the server cannot be reached, or refuses.
        """
        await self._smtp.check_connection()


class DevelopmentMails(LaterMails[TemplateVarsT]):
    """
    Prints mails with their links, and collects them: what an application on a development machine does by default.

    Args:
        prints: whether they are printed on standard error.
        override: as that of `SMTPService`.
        translations: as that of `SMTPService`.
        locale: as that of `SMTPService`.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        *,
        prints: bool = True,
        override: ServiceOverride[TemplateVarsT] | None = None,
        translations: Translations | None = None,
        locale: ChooseLocale[TemplateVarsT] | None = None,
    ) -> None:
        self._collector = MailCollector(prints=prints)
        super().__init__(self._collector, override, translations, locale)

    @property
    def mails(self) -> tuple[EmailContent, ...]:
        """The mails of all recipes that use it, the latest last; 100 at most."""
        return tuple(self._collector.collected)
