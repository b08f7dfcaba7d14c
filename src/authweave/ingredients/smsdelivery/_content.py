"""A finished text message: whether it can be sent, and as bytes in the outbox."""

from __future__ import annotations

import json
import re
from typing import Final, TypedDict, cast

from authweave.kernel import AuthweaveError

from .types import SMSContent

NUMBER: Final = re.compile(r"\+[1-9][0-9]{1,14}")
"""E.164."""

MAX_BODY_CHARACTERS: Final = 1600
"""Ten messages and more that a phone puts together: what gateways take at most."""


class SMSContentError(AuthweaveError):
    """
    A text message cannot be written: its template fails, or its number or its text cannot be sent.

    .. versionadded:: 0.1.0
    """

    code = "sms_content"


class Written(TypedDict):
    """A text message in JSON."""

    body: str
    to_phone: str
    message_id: str | None


def check_content(content: object) -> SMSContent:
    """
    Check what ``get_content`` returned.

    Raises:
        SMSContentError: it is no message, or none that can be sent.
    """
    if not isinstance(content, SMSContent):
        raise SMSContentError(f"get_content returned {type(content).__name__}: it has to return an SMSContent.")
    if NUMBER.fullmatch(content.to_phone) is None:
        raise SMSContentError("The recipient's number is not written as + and digits (E.164).")
    if not content.body or len(content.body) > MAX_BODY_CHARACTERS:
        raise SMSContentError(f"The text of a message has to have 1 to {MAX_BODY_CHARACTERS} characters.")
    try:
        content.body.encode()
    except UnicodeEncodeError as error:
        raise SMSContentError("The text of a message holds half a character (a lone surrogate).") from error
    return content


def to_bytes(content: SMSContent, message_id: str) -> bytes:
    """Return a message as it is put into the outbox."""
    written: Written = {
        "body": content.body,
        "to_phone": content.to_phone,
        "message_id": content.message_id or message_id,
    }
    return json.dumps(written).encode()


def from_bytes(data: bytes) -> SMSContent:
    """Return a message as it was put into the outbox."""
    written = cast("Written", json.loads(data))  # it was sealed by this library
    return SMSContent(written["body"], written["to_phone"], message_id=written["message_id"])
