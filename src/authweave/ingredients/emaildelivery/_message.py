"""A mail as it goes over the wire (RFC 5322, RFC 2046)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid

import attrs

from ._addresses import sendable_address
from .types import EmailContent, SMTPSettingsFrom


@attrs.frozen
class WireMessage:
    """
    A message, and its envelope.

    Attributes:
        data: all of it, with CRLF at the ends of lines; ASCII unless ``needs_utf8``.
        needs_utf8: whether an address has other letters in front of the @, which not every server takes (RFC 6531).
    """

    sender: str
    recipient: str
    data: bytes = attrs.field(repr=False)
    needs_utf8: bool


def wire_message(content: EmailContent, sender: SMTPSettingsFrom) -> WireMessage:
    """Write a mail as it goes over the wire."""
    from_address, to_address = sendable_address(sender.email), sendable_address(content.to_email)
    needs_utf8 = not (from_address + to_address).isascii()
    # 7bit: whatever it passes through leaves it as it is, which a signature needs (RFC 6376, section 5.3).
    policy = SMTPUTF8 if needs_utf8 else SMTP.clone(cte_type="7bit")
    message = EmailMessage(policy)
    message["From"] = Address(sender.name, *parts_of(from_address))
    message["To"] = Address("", *parts_of(to_address))
    message["Subject"] = content.subject
    message["Date"] = format_datetime(content.date or datetime.now(UTC))
    domain = from_address.rpartition("@")[2]
    message["Message-ID"] = f"<{content.message_id}>" if content.message_id else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # no reply by a machine, please (RFC 3834, section 5)
    if not content.is_html:
        message.set_content(content.body)
    elif content.text is None:
        message.set_content(content.body, subtype="html")
    else:
        message.set_content(content.text)
        message.add_alternative(content.body, subtype="html")
    return WireMessage(from_address, to_address, message.as_bytes(), needs_utf8)


def parts_of(address: str) -> tuple[str, str]:
    """Return what is in front of the @, and what is behind it."""
    local, _, domain = address.rpartition("@")
    return local, domain
