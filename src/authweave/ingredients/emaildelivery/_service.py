"""Services whose mails are written in the request, and sent later: by SMTP, or to nobody."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, Protocol, TypeAlias

from typing_extensions import TypeVar, override

from authweave.kernel import UserContext
from authweave.types import ConfigurationError

from ._content import check_content
from ._development import MailCollector
from ._locales import locale_of_request
from ._templates import ENGLISH, Translations, check_translations, write_mail
from ._transport import SMTPTransporter
from .types import EmailContent, EmailDeliveryInterface, SMTPServiceInterface, SMTPSettings

TemplateVarsT = TypeVar("TemplateVarsT", default=object)

ServiceOverride: TypeAlias = Callable[[SMTPServiceInterface[TemplateVarsT]], SMTPServiceInterface[TemplateVarsT]]
"""Is handed what a service does, and returns what is used in its place; it may be the same object, changed."""

ChooseLocale: TypeAlias = Callable[[TemplateVarsT, UserContext], Awaitable[str] | str]
"""Takes what a mail is to say and the request's context, and returns a language tag (``pt-BR``)."""


class Transporter(Protocol):
    """Sends finished mails."""

    async def send_email(self, content: EmailContent, user_context: UserContext) -> None:
        """Send one."""
        ...


class PutsMail(Protocol):
    """Puts a mail into the outbox. Without one there was none to be written; a row is put there all the same."""

    async def __call__(self, content: EmailContent | None, *, is_decoy: bool) -> None:
        """Put it there."""
        ...


class LaterService(EmailDeliveryInterface[TemplateVarsT], Generic[TemplateVarsT]):
    """
    A service whose mails are written in the request, and sent later through the outbox.

    An application's object is made before the application: each of its recipes takes a copy that belongs to it.

    Attributes:
        transporter: sends finished mails.
    """

    def __init__(
        self,
        transporter: Transporter,
        override: ServiceOverride[TemplateVarsT] | None,
        translations: Translations | None,
        locale: ChooseLocale[TemplateVarsT] | None,
    ) -> None:
        check_translations(translations or {})
        self.transporter = transporter
        self._override = override
        self._translations = translations or {}
        self._locale = locale
        self._put: PutsMail | None = None
        self._implementation: SMTPServiceInterface[TemplateVarsT] | None = None

    def bound(self, app_name: str, put: PutsMail) -> LaterService[TemplateVarsT]:
        """Return the copy that belongs to a recipe of an application."""
        mine = copy.copy(self)
        mine.bind(app_name, put)
        return mine

    def bind(self, app_name: str, put: PutsMail) -> None:
        """Belong to a recipe of an application."""
        original = Original(self.transporter, app_name, self._translations, self._locale)
        self._put = put
        self._implementation = original if self._override is None else self._override(original)

    @property
    def service_implementation(self) -> SMTPServiceInterface[TemplateVarsT]:
        """
        What writes and sends mails, with its override.

        Raises:
            ConfigurationError: it is not that of a recipe.
        """
        if self._implementation is None:
            raise ConfigurationError(
                f"This {type(self).__name__} belongs to no application: hand it to one, by "
                "email_delivery=EmailDeliveryConfig(service=...)."
            )
        return self._implementation

    @override
    async def send_email(self, template_vars: TemplateVarsT, user_context: UserContext) -> None:
        await self.write(template_vars, user_context, is_decoy=False)

    async def write(self, template_vars: TemplateVarsT, user_context: UserContext, *, is_decoy: bool) -> None:
        """
        Write a mail, and put it into the outbox.

        Where it cannot be written, something else of its size is put there before the error is raised: so the
        transactions are the same for whoever has an account and for whoever has none.
        """
        implementation = self.service_implementation
        if self._put is None:
            return
        try:
            content = check_content(await implementation.get_content(template_vars, user_context))
        except Exception:
            await self._put(None, is_decoy=True)
            raise
        await self._put(content, is_decoy=is_decoy)


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
        locale = await self._choose(template_vars, user_context)
        return write_mail(template_vars, app_name=self._app_name, translations=self._translations, locale=locale)

    async def _choose(self, template_vars: TemplateVarsT, user_context: UserContext) -> str:
        """Choose a language."""
        offered: Iterable[str] = (ENGLISH, *self._translations)
        if self._locale is None:
            return locale_of_request(user_context, tuple(offered), ENGLISH)
        chosen = self._locale(template_vars, user_context)
        locale = chosen if isinstance(chosen, str) else await chosen
        return locale if locale in offered else ENGLISH

    @override
    async def send_raw_email(self, content: EmailContent, user_context: UserContext) -> None:
        await self._transporter.send_email(content, user_context)


class SMTPService(LaterService[TemplateVarsT]):
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


class DevelopmentMails(LaterService[TemplateVarsT]):
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
        return tuple(self._collector.mails)
