"""A hash that somebody else has made, once it was read."""

from __future__ import annotations

from collections.abc import Callable

import attrs


@attrs.frozen
class ForeignHash:
    """
    A hash of another library, of a known kind and within bounds.

    Attributes:
        stand_in: a hash of nobody's, of the same kind and costs: hashes that take the same work have the same.
        matches: returns whether a password, as bytes, is the one that was hashed. Does the work.
    """

    stand_in: str
    matches: Callable[[bytes], bool] = attrs.field(repr=False, eq=False)
