"""A real SMTP server on loopback, which does what it is told to."""

from __future__ import annotations

import asyncio
import queue
import socket
import ssl
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Literal, TypeAlias

import attrs
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.patience import PATIENCE_S

Manner: TypeAlias = Literal["accept", "hang", "drop", "lose"]
"""
What becomes of a mail once it has arrived whole.

- ``accept``: it is accepted.
- ``hang``: there is no answer.
- ``drop``: the connection ends, and the mail is not there.
- ``lose``: the mail is there, and the connection ends before its sender hears of it.
"""


@attrs.frozen
class Mail:
    """A mail that has arrived, with its envelope."""

    sender: str
    recipients: Sequence[str]
    data: bytes
    login: str | None
    is_encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.data, policy=default_policy)

    @property
    def text(self) -> str:
        """Its plain text."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


@attrs.define(eq=False)
class MailServer:
    """
    A server, and what has arrived.

    Attributes:
        manner: what becomes of a mail.
        recipient_answer: what is answered to ``RCPT``, if not that it is fine.
        data_answer: what is answered to a mail, if not that it is accepted.
    """

    port: int = 0
    manner: Manner = "accept"
    recipient_answer: str | None = None
    data_answer: str | None = None
    came: queue.SimpleQueue[Mail] = attrs.field(factory=queue.SimpleQueue[Mail])

    def wait(self) -> Mail:
        """Return the next mail."""
        return self.came.get(timeout=PATIENCE_S)

    def all(self) -> list[Mail]:
        """Return what has come and was not looked at."""
        found: list[Mail] = []
        while not self.came.empty():
            found.append(self.came.get())
        return found

    @staticmethod
    def login_of(session: Session) -> str | None:
        """Return the name that somebody logged in with."""
        data: LoginPassword | None = session.auth_data  # as `authenticate` says
        return None if data is None else data.login.decode()

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Answer to the name of a recipient."""
        if self.recipient_answer is not None:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  as above
        """Answer to a mail."""
        if self.data_answer is not None:
            return self.data_answer
        if self.manner == "hang":
            await asyncio.Event().wait()
        if self.manner != "drop":
            login = self.login_of(session)
            content = envelope.content
            self.came.put(
                Mail(
                    envelope.mail_from or "",
                    list(envelope.rcpt_tos),
                    content if isinstance(content, bytes) else b"",
                    login,
                    is_encrypted=server.transport is not None
                    and server.transport.get_extra_info("ssl_object") is not None,
                )
            )
        if self.manner != "accept" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 OK"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    """Let in whoever has the password."""
    if isinstance(data, LoginPassword) and data.password == b"the password":
        return AuthResult(success=True, auth_data=data)
    return AuthResult(success=False, handled=False)


@contextmanager
def mail_server(
    certificate: Path | None = None, *, starts_with_tls: bool = False, asks_password: bool = False, utf8: bool = True
) -> Generator[MailServer]:
    """
    Serve for a block.

    Args:
        certificate: a certificate and its key: the server offers STARTTLS.
        starts_with_tls: whether connections begin with TLS instead.
        asks_password: whether nothing is accepted without a login.
        utf8: whether it takes addresses that are not ASCII.
    """
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    mine = MailServer()

    def protocol() -> SMTP:
        return SMTP(
            mine,
            hostname="127.0.0.1",
            tls_context=None if starts_with_tls else context,
            authenticator=authenticate if asks_password else None,
            auth_required=asks_password,
            auth_require_tls=False,
            enable_SMTPUTF8=utf8,
            loop=loop,
        )

    loop = asyncio.new_event_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        mine.port = listener.getsockname()[1]
        serving = loop.run_until_complete(
            loop.create_server(protocol, sock=listener, ssl=context if starts_with_tls else None)
        )
        thread = threading.Thread(target=loop.run_forever, name="mail-server")
        thread.start()
        try:
            yield mine
        finally:
            asyncio.run_coroutine_threadsafe(end_conversations(serving), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


async def end_conversations(serving: asyncio.Server) -> None:
    """Close a server, end its conversations, and wait until they are closed: clients have gone by then."""
    serving.close()  # on its loop: it is not to be told of a connection that is closed meanwhile
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    latest_s = time.monotonic() + PATIENCE_S
    # Python 3.11 has no way to wait for it.
    while getattr(serving, "_active_count", 0) and time.monotonic() < latest_s:  # noqa: ASYNC110  no event tells
        await asyncio.sleep(0)


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return what trusts a certificate that nobody else does."""
    return ssl.create_default_context(cafile=certificate)
