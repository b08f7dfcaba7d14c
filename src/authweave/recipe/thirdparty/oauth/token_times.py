"""Times in ID tokens (RFC 7519, section 4.1), and what they tell of the provider's clock."""

from __future__ import annotations

from math import isfinite
from typing import Final

from authweave.types import JSONObject

from .signers import Refusal

LONG_S: Final = 10**9
"""Thirty years: what is off by more is no clock."""


def check_times(claims: JSONObject, now_s: int, leeway_s: float, refuse: Refusal, *, is_new: bool) -> None:
    """
    Check that a token is valid now.

    Args:
        claims: what it says.
        now_s: the time, in seconds since the epoch.
        leeway_s: how far the clocks may differ.
        refuse: takes what is wrong.
        is_new: whether the token has been made just now: then it tells how late it is at the provider.
    """
    issued_s, expires_s = numeric_date(claims, "iat"), numeric_date(claims, "exp")
    if issued_s is None:
        refuse("expired", "it does not say when it was made (iat).")
    if expires_s is None:
        refuse("expired", "it does not say when it expires (exp).")
    remedy = f"OAuthSettings(leeway=...) allows for {leeway_s:g} s: set the clock that is wrong."
    if issued_s > now_s + leeway_s:
        ahead = span(issued_s - now_s)
        refuse("expired", f"by its iat, the provider's clock is {ahead} ahead of this server's, and {remedy}")
    if expires_s <= now_s - leeway_s:
        past, behind_s = f"it expired {span(now_s - expires_s)} ago", now_s - issued_s
        if not is_new or behind_s <= leeway_s:
            refuse("expired", f"{past}.")
        why = f"by its iat, the provider's clock is {span(behind_s)} behind this server's, and {remedy}"
        refuse("expired", f"{past}, yet it has just been made: {why}")
    if "nbf" in claims:
        valid_from_s = numeric_date(claims, "nbf")
        if valid_from_s is None:
            refuse("expired", "its nbf is no time.")
        if valid_from_s > now_s + leeway_s:
            refuse("expired", f"it is valid only in {span(valid_from_s - now_s)} (nbf).")


def numeric_date(claims: JSONObject, name: str) -> float | None:
    """Return a time in seconds since the epoch; None where there is none. Infinity, which is no JSON, is none."""
    value = claims.get(name)
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int) or (isinstance(value, float) and isfinite(value)) else None


def span(seconds: float) -> str:
    """Say how long something is."""
    return f"{seconds:.0f} s" if seconds < LONG_S else "more than thirty years"
