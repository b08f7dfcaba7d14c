"""What an application hands over as settings."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


class Options:
    """
    The base of attrs classes whose instances an application hands to an ``init``: their fields are checked there.

    See `authweave.extending.check_options`.
    """

    __slots__ = ()


def or_default(value: T | None, default: T) -> T:
    """Return the value of an option, or its default where it is None: in every ``init`` None means the default."""
    return default if value is None else value
