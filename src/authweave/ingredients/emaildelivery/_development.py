"""Mails on a development machine: printed and collected, not sent."""

from __future__ import annotations

import sys
from collections import deque
from typing import Final

from authweave.kernel import UserContext

from ._addresses import UNPRINTABLE
from .types import EmailContent

KEPT: Final = 100
"""How many mails are collected; the oldest go first."""


class MailCollector:
    """
    Prints mails on standard error and collects them.

    Attributes:
        mails: the mails, the latest last; 100 at most.
    """

    def __init__(self, *, prints: bool = True) -> None:
        self.mails: deque[EmailContent] = deque(maxlen=KEPT)
        self._prints = prints

    async def send_email(self, content: EmailContent, user_context: UserContext) -> None:
        """Print a mail, and keep it."""
        del user_context
        self.mails.append(content)
        if self._prints:
            text = content.text if content.text is not None else content.body
            lines = [f"Mail to {content.to_email} (printed, not sent)", content.subject, *text.splitlines()]
            shown = "\n".join(f"| {UNPRINTABLE.sub('?', line)}" for line in lines if line)
            sys.stderr.write(f"{shown}\n")
