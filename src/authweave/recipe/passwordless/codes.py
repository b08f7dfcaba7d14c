"""Codes that people type in, links that are worth the same, and the ids of the browsers that asked for them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Final

import attrs

from authweave.security import ServerSecret, base64url
from authweave.types import BadInputError, typed_code

DEVICE_ID_BYTES: Final = 32

DIGITS: Final = 6
"""Of a code: one of a million, of which `MAX_FAILURES` may be tried."""

MAX_FAILURES: Final = 5
"""With so many codes that are wrong, or too old, a browser has to begin again."""

MAX_CODES: Final = 20
"""How many codes a browser may have, of which each is right. A newer one takes the place of the oldest."""

LIFETIME_MS: Final = 900_000
"""For how long a code is good: 15 minutes."""

MAX_CODE_CHARACTERS: Final = 64
"""Of a code that is typed in, with whatever stands between its characters."""

LINK_CODE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""The shape of what stands in links: 32 bytes in base64url. Names of devices have the same."""


@attrs.frozen
class EnteredCode:
    """
    What somebody signs in with.

    Attributes:
        pre_auth_session_id: the device that it is said to be of.
        code_hash: of the link's code, as stored.
        is_link: whether it comes from a link, which nobody can guess.
    """

    pre_auth_session_id: str
    code_hash: str = attrs.field(repr=False)
    is_link: bool

    @property
    def max_failures(self) -> int | None:
        """With how many wrong ones the device is gone; None where they are not counted."""
        return None if self.is_link else MAX_FAILURES


class LinkCodes:
    """
    Makes the codes of links: HMAC-SHA256 (RFC 2104) of the code that is typed in, with a key for each device.

    Who has the id of a device, as everybody has who asked for a code, must not be able to make the link of each of a
    million codes, and try those, since links are not counted. So a salt is part of the key that the server alone knows:
    it is made of its secret, and stands in no table.

    Args:
        secret: the server's.
    """

    def __init__(self, secret: ServerSecret) -> None:
        self._salts = hmac.new(secret.key("passwordless-codes"), digestmod="sha256")

    def link_code(self, device_id: bytes, user_input_code: str) -> str:
        """Return the code that stands in the link, of one as it is typed in."""
        salt = self._salts.copy()
        salt.update(device_id)
        typed = normal_code(user_input_code).encode("utf-8", "surrogatepass")
        return base64url(hmac.digest(device_id + salt.digest(), typed, "sha256"))

    def entered(
        self, pre_auth_session_id: str, user_input_code: str | None, device_id: str | None, link_code: str | None
    ) -> EnteredCode | None:
        """
        Return what somebody signs in with; None where it cannot be anything that was sent.

        Raises:
            authweave.types.BadInputError: it is neither a link nor a code with its device, or a code too long for one.
        """
        check_entered(user_input_code, device_id, link_code)
        if not has_name_shape(pre_auth_session_id):
            return None
        if link_code is not None:
            return (
                EnteredCode(pre_auth_session_id, hash_of(link_code), is_link=True)
                if LINK_CODE.fullmatch(link_code)
                else None
            )
        device = parse_device_id(device_id or "")
        if device is None or name_of(device) != pre_auth_session_id:
            return None
        link = self.link_code(device, user_input_code or "")
        return EnteredCode(pre_auth_session_id, hash_of(link), is_link=False)


def check_entered(user_input_code: str | None, device_id: str | None, link_code: str | None) -> None:
    """
    Check that there is either a link's code, or one that was typed in with the id of its device.

    Raises:
        authweave.types.BadInputError: it is not so, or the code is too long.
    """
    is_typed = user_input_code is not None or device_id is not None
    if is_typed == (link_code is not None):
        raise BadInputError("Please provide one of (linkCode) or (deviceId+userInputCode) and not both")
    if is_typed and (user_input_code is None or device_id is None):
        raise BadInputError("Please provide both deviceId and userInputCode")
    if user_input_code is not None and len(user_input_code) > MAX_CODE_CHARACTERS:
        raise BadInputError(f"userInputCode is longer than the {MAX_CODE_CHARACTERS} characters that are allowed")


def normal_code(code: str) -> str:
    """
    Return a code as it is compared.

    Spaces and dashes do not count, nor what cannot be seen, nor case, and digits are the same in every script: a code
    is read from one screen and typed in at another, by keyboards of all kinds.
    """
    return typed_code(code).casefold()


def is_fit(code: str) -> bool:
    """Return whether a code that an application makes can be typed in."""
    return len(code) <= MAX_CODE_CHARACTERS and bool(normal_code(code))


def check_new_code(code: str) -> None:
    """
    Check a code that a function is handed.

    Raises:
        authweave.types.BadInputError: nobody could type it in.
    """
    if not is_fit(code):
        raise BadInputError(
            f"user_input_code has to have 1 to {MAX_CODE_CHARACTERS} characters that are not all spaces and dashes."
        )


def new_code(random_bytes: Callable[[int], bytes]) -> str:
    """Return a code of `DIGITS` digits."""
    return f"{int.from_bytes(random_bytes(16)) % 10**DIGITS:0{DIGITS}}"  # of so many that each is as likely


def device_text(device: bytes) -> str:
    """Return the id of a device as browsers keep it: in base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(device).decode()


def parse_device_id(device_id: str) -> bytes | None:
    """Return the bytes of a device's id; None where it can be none."""
    try:
        device = base64.b64decode(device_id.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return device if len(device) == DEVICE_ID_BYTES and device_text(device) == device_id else None


def name_of(device: bytes) -> str:
    """Return what names a device in links, and in the store: the SHA-256 of its id, in base64url."""
    return base64url(hashlib.sha256(device).digest())


def has_name_shape(pre_auth_session_id: str) -> bool:
    """Return whether a text could name a device: what cannot, no store is asked for."""
    return LINK_CODE.fullmatch(pre_auth_session_id) is not None


def hash_of(link_code: str) -> str:
    """Return what the store has of a code."""
    return hashlib.sha256(link_code.encode()).hexdigest()
