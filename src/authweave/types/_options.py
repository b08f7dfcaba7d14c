"""What an application hands over as settings."""

from __future__ import annotations


class Options:
    """
    The base of attrs classes whose instances an application hands to an ``init``: their fields are checked there.

    See `authweave.extending.check_options`.
    """

    __slots__ = ()
