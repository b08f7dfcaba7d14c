"""Mails on a development machine: printed and collected, not sent."""

from __future__ import annotations

from authweave.ingredients.delivery import Collector
from authweave.kernel import UserContext

from .types import EmailContent


class MailCollector(Collector[EmailContent]):
    """Prints mails on standard error and collects them."""

    async def send_email(self, content: EmailContent, user_context: UserContext) -> None:
        """Print a mail, and keep it."""
        del user_context
        text = content.text if content.text is not None else content.body
        first = f"Mail to {content.to_email} (printed, not sent)"
        self.collect(content, [first, content.subject, *text.splitlines()])
