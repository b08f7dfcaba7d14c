"""A finished mail: whether it can be sent, and as bytes in the outbox."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TypedDict, cast

from ._addresses import MailContentError, address_fault, header_fault
from .types import EmailContent


class Written(TypedDict):
    """A mail in JSON."""

    body: str
    subject: str
    to_email: str
    is_html: bool
    text: str | None
    message_id: str | None
    date: str | None


def check_content(content: object) -> EmailContent:
    """
    Check what ``get_content`` returned.

    Raises:
        MailContentError: it is no mail, or an address or a subject cannot stand in a header.
    """
    if not isinstance(content, EmailContent):
        raise MailContentError(f"get_content returned {type(content).__name__}: it has to return an EmailContent.")
    if (fault := address_fault(content.to_email)) is not None:
        raise MailContentError(f"The recipient's address {fault}.")
    if (fault := header_fault(content.subject)) is not None:
        raise MailContentError(f"The subject of a mail {fault}.")
    for text in (content.body, content.text or ""):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise MailContentError("The text of a mail holds half a character (a lone surrogate).") from error
    return content


def to_bytes(content: EmailContent) -> bytes:
    """Return a mail as it is put into the outbox."""
    written: Written = {
        "body": content.body,
        "subject": content.subject,
        "to_email": content.to_email,
        "is_html": content.is_html,
        "text": content.text,
        "message_id": content.message_id,
        "date": None if content.date is None else content.date.isoformat(),
    }
    return json.dumps(written).encode()


def from_bytes(data: bytes) -> EmailContent:
    """Return a mail as it was put into the outbox."""
    written = cast("Written", json.loads(data))  # it was sealed by this library
    return EmailContent(
        body=written["body"],
        subject=written["subject"],
        to_email=written["to_email"],
        is_html=written["is_html"],
        text=written["text"],
        message_id=written["message_id"],
        date=None if written["date"] is None else datetime.fromisoformat(written["date"]),
    )
