"""Sends a mail by SMTP."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Final

from authweave.ingredients.delivery import is_this_machine
from authweave.kernel import UserContext
from authweave.outbox import RefusedError
from authweave.types import ConfigurationError, install_command

from ._addresses import MailContentError
from .types import EmailContent, SMTPSettings, StartTLS

if TYPE_CHECKING:
    import aiosmtplib

TLS_PORT: Final = 465

PERMANENT: Final = 500
"""From here on an answer is final (RFC 5321, section 4.2.1)."""


class SMTPTransporter:
    """
    Sends mails by SMTP, over a connection for each.

    Args:
        settings: the server.

    Raises:
        ConfigurationError: a setting cannot be used, or aiosmtplib is not installed.
    """

    def __init__(self, settings: SMTPSettings) -> None:
        if importlib.util.find_spec("aiosmtplib") is None:
            raise ConfigurationError(f"SMTPService needs aiosmtplib, which is not installed: {install_command('mail')}")
        if not 0 < settings.port < 65536:  # noqa: PLR2004  as many ports as there are
            raise ConfigurationError(f"SMTPSettings: port={settings.port!r} is no port.")
        if settings.timeout_s <= 0:
            raise ConfigurationError(f"SMTPSettings: timeout_s={settings.timeout_s!r} must be above 0.")
        if settings.port == TLS_PORT and settings.secure is None:
            raise ConfigurationError(
                f"SMTPSettings: port {TLS_PORT} is for connections that begin with TLS (RFC 8314): write secure=True. "
                "Where this server's do not, write secure=False."
            )
        if settings.secure and settings.starttls not in {None, "never"}:
            raise ConfigurationError(
                "SMTPSettings: a connection that begins with TLS (secure) has no use for starttls."
            )
        self._settings = settings

    @property
    def starttls(self) -> StartTLS:
        """What becomes of a connection that does not begin with TLS."""
        if self._settings.starttls is not None:
            return self._settings.starttls
        return "if_offered" if is_this_machine(self._settings.host) else "required"

    @property
    def server(self) -> str:
        """The server and how it is reached, without what is secret."""
        settings = self._settings
        how = (
            "TLS"
            if settings.secure
            else {"required": "STARTTLS", "if_offered": "STARTTLS if offered"}.get(self.starttls)
        )
        login = "with a password" if settings.password is not None else "without a login"
        return f"{settings.host}:{settings.port}, {how or 'in the clear'}, {login}"

    @property
    def is_encrypted(self) -> bool:
        """Whether nothing is sent in the clear, but to a server on this machine."""
        return bool(self._settings.secure) or self.starttls == "required" or is_this_machine(self._settings.host)

    async def check_connection(self) -> None:
        """
        Connect, encrypt and log in, as for a mail, and send none.

        Raises:
            aiosmtplib.SMTPException: the server cannot be reached, or refuses.
        """
        async with self._client(self._settings.from_.email):
            return

    async def send_email(self, content: EmailContent, user_context: UserContext) -> None:
        """
        Send a mail.

        Raises:
            authweave.outbox.RefusedError: the server will never take it.
            aiosmtplib.SMTPException: it does not take it now, or cannot be reached.
        """
        del user_context
        # Loaded by the first mail: it takes as long as half of the application's start.
        import aiosmtplib  # noqa: PLC0415  as above

        from ._message import wire_message  # noqa: PLC0415  as above

        settings = self._settings
        message = wire_message(content, settings.from_)
        data = message.data if settings.dkim is None else signed(message.data, settings.dkim(message.data))
        client = self._client(message.sender)
        try:
            async with client:
                if message.needs_utf8 and not client.supports_extension("smtputf8"):
                    raise RefusedError("the server takes no such address: it has no SMTPUTF8 (RFC 6531)")
                options = ["SMTPUTF8", "BODY=8BITMIME"] if message.needs_utf8 else []
                await client.sendmail(message.sender, [message.recipient], data, mail_options=options)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise_if_final("the recipient", refused.code)
            raise refused from None
        except (aiosmtplib.SMTPDataError, aiosmtplib.SMTPSenderRefused) as error:
            what = "the sender" if isinstance(error, aiosmtplib.SMTPSenderRefused) else "the message"
            raise_if_final(what, error.code)
            raise

    def _client(self, sender: str) -> aiosmtplib.SMTP:
        """Return what speaks to the server."""
        import aiosmtplib  # noqa: PLC0415  loaded by the first mail

        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=bool(settings.secure),
            start_tls={"required": True, "if_offered": None, "never": False}[self.starttls]
            if not settings.secure
            else False,
            username=(settings.username or settings.from_.email) if settings.password is not None else None,
            password=settings.password,
            local_hostname=settings.local_hostname or sender.rpartition("@")[2],
            timeout=settings.timeout_s,
            tls_context=settings.tls_context,
        )


def raise_if_final(what: str, code: int) -> None:
    """
    Look whether an answer is final.

    Raises:
        RefusedError: it is. It says the code alone: servers quote addresses in their texts.
    """
    if code >= PERMANENT:
        raise RefusedError(f"the server refuses {what} ({code})") from None


def signed(message: bytes, header: bytes) -> bytes:
    """
    Put a signature in front of a message.

    Raises:
        MailContentError: what the hook returned is none.
    """
    if not header.lower().startswith(b"dkim-signature:") or b"\r\n\r\n" in header:
        raise MailContentError("SMTPSettings: dkim has to return one DKIM-Signature header, and did not.")
    return header.rstrip(b"\r\n") + b"\r\n" + message
