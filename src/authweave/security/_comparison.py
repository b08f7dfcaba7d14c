"""Comparison whose duration tells nothing."""

from __future__ import annotations

import hmac


def constant_time_equal(one: str, other: str) -> bool:
    """
    Return whether two texts are equal, in a time that depends on their lengths alone.

    Unlike `hmac.compare_digest` it takes any text: what a client sent need not be ASCII.
    """
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
