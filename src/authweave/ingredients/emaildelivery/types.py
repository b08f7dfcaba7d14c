"""How mail is delivered, as an application configures it. Names and parameters are those of SuperTokens."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType
from typing import Generic, Literal, TypeAlias, get_args

import attrs
from typing_extensions import TypeVar

from authweave.kernel import ContextParameter
from authweave.types import ConfigurationError, Options

from ._addresses import check_header_text, check_sender

TemplateVarsT = TypeVar("TemplateVarsT", default=object)
TemplateVarsT_contra = TypeVar("TemplateVarsT_contra", default=object, contravariant=True)

StartTLS: TypeAlias = Literal["required", "if_offered", "never"]
"""
What becomes of a connection that does not begin with TLS (RFC 3207).

- ``required``: it is encrypted, or nothing is sent.
- ``if_offered``: it is encrypted where the server offers that; a server that does not, or somebody on the way who
  removes the offer, gets everything in the clear. An offer that fails is a failure.
- ``never``: in the clear.
"""


class EmailDeliveryInterface(ABC, Generic[TemplateVarsT_contra]):
    """
    Delivers the mails of a recipe. Subclass it for a service of your own.

    .. versionadded:: 0.1.0
    """

    @abstractmethod
    async def send_email(self, template_vars: TemplateVarsT_contra, user_context: ContextParameter) -> None:
        """
        Send one mail. It runs in the request that wants it, with that request's context.

        Args:
            template_vars: what the mail is to say: ``PasswordResetEmailTemplateVars``, for example.
            user_context: the request's.

        Raises:
            Exception: anything. Where an answer must not tell whether there is an account, it is logged
                (``mail_failed``) and answered as if the mail had been sent.
        """


@attrs.define(kw_only=False)
class EmailContent:
    """
    A finished mail.

    Attributes:
        body: HTML, or plain text where ``is_html`` is False.
        subject: one line.
        to_email: the recipient's address.
        is_html: whether ``body`` is HTML.
        text: the plain text beside an HTML body; None sends the HTML alone.
        message_id: the ``Message-ID``, without angle brackets (RFC 5322, section 3.6.4). Set when the mail is put into
            the outbox, so that a mail that is delivered twice can be recognised. None has one made.
        date: when it was written; None is now.

    .. versionadded:: 0.1.0
    """

    body: str = attrs.field(repr=False)
    subject: str
    to_email: str = attrs.field(repr=False)
    is_html: bool = True
    text: str | None = attrs.field(default=None, repr=False, kw_only=True)
    message_id: str | None = attrs.field(default=None, kw_only=True)
    date: datetime | None = attrs.field(default=None, kw_only=True)


class WritesMail(ABC):
    """
    What a mail is to say that writes itself, where nothing else does: that of a recipe that is not the library's.

    A recipe hands one to `authweave.ingredients.emaildelivery.EmailDelivery`, and an application may override
    ``get_content`` as for any mail.

    .. versionadded:: 0.1.0
    """

    @abstractmethod
    def write(self, app_name: str, locale: str) -> EmailContent:
        """
        Return the mail.

        Args:
            app_name: the application's.
            locale: the language tag that the application chose, one of its translations; ``en`` without any.
        """


class SMTPServiceInterface(ABC, Generic[TemplateVarsT]):
    """
    What an `authweave.ingredients.emaildelivery.SMTPService` does, and an override of it may change.

    .. versionadded:: 0.1.0
    """

    @abstractmethod
    async def get_content(self, template_vars: TemplateVarsT, user_context: ContextParameter) -> EmailContent:
        """
        Write a mail. It runs in the request, with the request's context.

        It is also called for addresses that have no account, so that those cannot be told apart by the time that an
        answer takes; what it returns is thrown away then.
        """

    @abstractmethod
    async def send_raw_email(self, content: EmailContent, user_context: ContextParameter) -> None:
        """
        Send a finished mail. It runs later, in the background, with a context of its own, which is empty.

        It is called again where it raises, or where its process was killed before it was noted that it had returned.
        ``content.message_id`` stays the same then.

        Raises:
            authweave.outbox.RefusedError: the mail can never be sent; it is not tried again.
            Exception: anything else: it is tried again later.
        """


@attrs.frozen
class EmailDeliveryConfig(Options, Generic[TemplateVarsT]):
    """
    How the mails of a recipe are delivered, or those of all recipes (``init(email_delivery=...)``).

    Args:
        service: sends them: `authweave.ingredients.emaildelivery.SMTPService`, or one of your own. Without it, that of
            the application.
        override: is handed the service, and returns what is used in its place. It may be the same object, changed.

    .. versionadded:: 0.1.0
    """

    service: EmailDeliveryInterface[TemplateVarsT] | None = None
    override: Callable[[EmailDeliveryInterface[TemplateVarsT]], EmailDeliveryInterface[TemplateVarsT]] | None = None


def check_kinds(settings: object, kinds: Mapping[str, tuple[type | tuple[type, ...], str]]) -> None:
    """
    Check the types of settings, in programs that were not type-checked. No value is shown: it may be a secret.

    Args:
        settings: what has them.
        kinds: of what type each has to be, and what people call that.

    Raises:
        ConfigurationError: one is of another.
    """
    for name, (kind, wanted) in kinds.items():
        value: object = getattr(settings, name)
        if not isinstance(value, kind) or (isinstance(value, bool) and "True" not in wanted):
            path = f"{type(settings).__name__}: {name}"
            raise ConfigurationError(f"{path} is of the type {type(value).__name__}: it has to be {wanted}.")


@attrs.frozen
class SMTPSettingsFrom:
    """
    Who mails are from.

    Args:
        name: shown beside the address.
        email: the address.

    Raises:
        authweave.types.ConfigurationError: one cannot stand in a header.

    .. versionadded:: 0.1.0
    """

    name: str
    email: str

    def __attrs_post_init__(self) -> None:
        """Check both."""
        check_kinds(self, {"name": (str, "a text"), "email": (str, "a text")})
        check_header_text(self.name, "SMTPSettingsFrom: name")
        check_sender(self.email)


@attrs.frozen
class SMTPSettings:
    """
    An SMTP server, and how to reach it.

    Args:
        host: its name or address.
        port: usually 465 with ``secure=True``, 587 otherwise.
        from_: who mails are from.
        password: to log in with; without one there is no login.
        secure: whether the connection begins with TLS (RFC 8314). Otherwise it is upgraded, as ``starttls`` says.
        username: to log in with; the sender's address by default.
        starttls: what becomes of a connection that does not begin with TLS. By default it has to be upgraded, but for
            a server on this machine (``localhost``, ``127.0.0.1``, ``::1``): there it is if that is offered.
            SuperTokens sends in the clear where the upgrade fails, and says nothing.
        timeout_s: how long the server has for each answer, in seconds.
        tls_context: what certificates to trust; those of the system by default.
        dkim: signs a message (RFC 6376): is handed its bytes and returns the ``DKIM-Signature`` header to put in front
            of them, as ``dkim.sign`` of the package dkimpy does. It runs on the loop that sends.
        local_hostname: what the server is told as this machine's name; the host of the sender's address by default.

    Raises:
        authweave.types.ConfigurationError: one is of the wrong type.

    .. versionadded:: 0.1.0
    """

    host: str
    port: int
    from_: SMTPSettingsFrom
    password: str | None = attrs.field(default=None, repr=False)
    secure: bool | None = None
    username: str | None = None
    starttls: StartTLS | None = attrs.field(default=None, kw_only=True)
    timeout_s: float = attrs.field(default=30.0, kw_only=True)
    tls_context: ssl.SSLContext | None = attrs.field(default=None, kw_only=True, repr=False)
    dkim: Callable[[bytes], bytes] | None = attrs.field(default=None, kw_only=True, repr=False)
    local_hostname: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check the types. A misspelt ``starttls`` must not send in the clear."""
        check_kinds(
            self,
            {
                "host": (str, "a text"),
                "port": (int, "a whole number"),
                "from_": (SMTPSettingsFrom, "SMTPSettingsFrom(name, email)"),
                "password": ((str, NoneType), "a text"),
                "secure": ((bool, NoneType), "True or False"),
                "username": ((str, NoneType), "a text"),
                "timeout_s": ((int, float), "a number"),
                "tls_context": ((ssl.SSLContext, NoneType), "an ssl.SSLContext"),
                "local_hostname": ((str, NoneType), "a text"),
            },
        )
        if self.dkim is not None and not callable(self.dkim):
            raise ConfigurationError("SMTPSettings: dkim has to be a function.")
        if self.starttls is not None and self.starttls not in get_args(StartTLS):
            raise ConfigurationError(f"SMTPSettings: starttls is none of {', '.join(map(repr, get_args(StartTLS)))}.")


__all__ = [
    "EmailContent",
    "EmailDeliveryConfig",
    "EmailDeliveryInterface",
    "SMTPServiceInterface",
    "SMTPSettings",
    "SMTPSettingsFrom",
    "StartTLS",
    "WritesMail",
]
