"""The codes of devices (RFC 6238), as pyotp makes them, and what apps read of a device."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote

from authweave.security import constant_time_equal

from .config import DIGITS, SECRET_BYTES


def new_secret(random_bytes: Callable[[int], bytes]) -> str:
    """Return a new secret, in base32."""
    return base64.b32encode(random_bytes(SECRET_BYTES)).decode("ascii")


def is_code(secret: str, code: str, *, now_ms: int, period_s: int, skew: int) -> bool:
    """
    Return whether a code is that of a step, or of one of so many before and after.

    All are looked at, so that how long it takes does not tell which it was.
    """
    from pyotp.totp import TOTP  # noqa: PLC0415  many applications have no device

    device = TOTP(secret, digits=DIGITS, interval=period_s)
    now = now_ms // (1000 * period_s)
    steps = range(max(0, now - skew), now + skew + 1)
    return sum(constant_time_equal(device.generate_otp(step), code) for step in steps) > 0


def lifetime_ms(period_s: int, skew: int) -> int:
    """Return for how long a code is one: that of its step, and of those before and after."""
    return 1000 * period_s * (2 * skew + 1)


def qr_code_string(secret: str, *, issuer: str, user_identifier_info: str | None, period_s: int) -> str:
    """Return what apps read of a device (Key URI Format, Google Authenticator)."""
    issuer = quote(issuer, safe="")
    account = "" if user_identifier_info is None else f":{quote(user_identifier_info, safe='')}"
    return f"otpauth://totp/{issuer}{account}?secret={secret}&issuer={issuer}&digits={DIGITS}&period={period_s}"
