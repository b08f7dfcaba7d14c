"""
Several cookies of one name: which of them is ours (docs/reference/http.md, Several cookies of one name).

A page beside the API, on another host of its site, can set cookies that travel to the API (RFC 6265, section 8.6, weak
integrity); the request does not say who set which. So all of this only reads: no token counts as used because somebody
sent it along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

if TYPE_CHECKING:
    from authweave.security import ParsedToken, RefreshToken

T = TypeVar("T")

AT_EACH_END: Final = 2
"""
Of more than four the first two and the last two are looked at. Browsers send longer paths first (RFC 6265, section
5.4): of all that can be set, our refresh cookie has the longest path and our access cookie the shortest.
"""


@attrs.frozen(kw_only=True)
class Genuineness:
    """
    Knows our tokens again, without using them.

    Attributes:
        has_shape: returns whether a text has the shape of our access tokens.
        access: returns an access token that we signed, expired or not; None for any other text.
        refresh: returns a refresh token that we made, current or not; None for any other text.
    """

    has_shape: Callable[[str], bool]
    access: Callable[[str], ParsedToken | None]
    refresh: Callable[[str], RefreshToken | None]


@attrs.frozen
class Choice:
    """
    What was chosen of several cookies of one name.

    Attributes:
        token: the one to use; None where none has the shape of a token.
        of_two_sessions: whether genuine ones are of two sessions, so that none may be used.
    """

    token: str | None = attrs.field(repr=False)
    of_two_sessions: bool = False


def choose_access(values: Sequence[str], ours: Genuineness) -> Choice:
    """
    Choose one of several access tokens: of the genuine ones, if they are of one session, the newest.

    Where none is genuine, the first that has the shape of one: it is refused as it would be alone.
    """
    shaped = [value for value in looked_at(values) if ours.has_shape(value)]
    if len(shaped) <= 1:
        return Choice(next(iter(shaped), None))
    genuine = genuine_access(shaped, ours)
    if not genuine:
        return Choice(shaped[0])
    return Choice(newest_access(genuine).text, len({token.session_handle for token in genuine}) > 1)


def choose_refresh(values: Sequence[str], ours: Genuineness) -> Choice:
    """
    Choose one of several refresh tokens: of the genuine ones, if they are of one session, the newest.

    Where none is genuine, the first: it is refused as it would be alone.
    """
    genuine = [token for value in looked_at(values) if (token := ours.refresh(value)) is not None]
    if not genuine:
        return Choice(next(iter(values), None))
    newest = max(genuine, key=lambda token: token.generation)
    return Choice(newest.text, len({token.handle for token in genuine}) > 1)


def genuine_access(values: Sequence[str], ours: Genuineness) -> list[ParsedToken]:
    """Return those of several access tokens that we signed, in order."""
    return [token for value in looked_at(values) if (token := ours.access(value)) is not None]


def newest_access(tokens: Sequence[ParsedToken]) -> ParsedToken:
    """
    Return the newest of a session's access tokens.

    They have no number, but name the refresh token that was exchanged for them: who has a successor is not the newest.
    Of several without one, that which expires last was refreshed last, or its claims were changed last.
    """
    replaced = {token.parent_refresh_hash1 for token in tokens}
    latest = [token for token in tokens if token.refresh_hash1 not in replaced] or tokens
    return max(latest, key=lambda token: (token.expires_at_s, token.issued_at_s))


def looked_at(values: Sequence[T]) -> Sequence[T]:
    """Return those of several cookies that are looked at: four at most, whatever a client sends."""
    return values if len(values) <= 2 * AT_EACH_END else [*values[:AT_EACH_END], *values[-AT_EACH_END:]]
