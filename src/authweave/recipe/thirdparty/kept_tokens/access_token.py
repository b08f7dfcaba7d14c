"""An access token, with what is known of it, and the refresh token beside it."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Final

import attrs

from authweave.recipe.thirdparty.oauth.discovery import text_of
from authweave.recipe.thirdparty.providers.returned import VSCHARS, is_access_token
from authweave.recipe.thirdparty.types import GetProviderTokenOkResult
from authweave.types import JSON, JSONObject

MAX_SCOPE_CHARACTERS: Final = 4096
LONGEST_LIFETIME_S: Final = 10 * 365 * 24 * 3600


@attrs.frozen(kw_only=True)
class AccessToken:
    """
    An access token, with what the provider said of it.

    Attributes:
        text: the token.
        scope: what it may be used for.
        obtained_at_ms: when it was given.
        expires_at_ms: until when it is good; None: as far as is known it has no end.
    """

    text: str = attrs.field(repr=False)
    scope: str | None
    obtained_at_ms: int
    expires_at_ms: int | None

    @classmethod
    def of(cls, answer: JSONObject, now_ms: int, scope: str | None = None) -> AccessToken | None:
        """
        Read what a token endpoint answered; None where there is no token in it that can be kept.

        Args:
            answer: the answer.
            now_ms: when it came.
            scope: that of the token before, which an answer need not repeat (RFC 6749, section 6).
        """
        text, lifetime_s = text_of(answer, "access_token"), seconds(answer.get("expires_in"))
        if text is None or not is_access_token(text):
            return None
        expires_at_ms = None if lifetime_s is None else now_ms + int(lifetime_s * 1000)
        said = text_of(answer, "scope")
        scope = said if said and len(said) <= MAX_SCOPE_CHARACTERS and VSCHARS.fullmatch(said) else scope
        return cls(text=text, scope=scope, obtained_at_ms=now_ms, expires_at_ms=expires_at_ms)

    def is_due(self, now_ms: int, margin_ms: int) -> bool:
        """Return whether it is time to have another one: it ends within the margin, or half of its life is over."""
        if self.expires_at_ms is None:
            return False
        return now_ms >= self.expires_at_ms - min(margin_ms, (self.expires_at_ms - self.obtained_at_ms) // 2)

    def is_over(self, now_ms: int) -> bool:
        """Return whether it has ended."""
        return self.expires_at_ms is not None and now_ms >= self.expires_at_ms

    def to_bytes(self) -> bytes:
        """Write it, to be sealed."""
        return json.dumps(attrs.asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> AccessToken:
        """Read what `to_bytes` wrote."""
        return cls(**json.loads(content))

    def to_result(self) -> GetProviderTokenOkResult:
        """Return what an application is given."""
        end = None if self.expires_at_ms is None else datetime.fromtimestamp(self.expires_at_ms / 1000, UTC)
        return GetProviderTokenOkResult(access_token=self.text, expires_at=end, scope=self.scope)


def seconds(value: JSON) -> float | None:
    """Return a lifetime, which some providers write as a text; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(read) else min(max(read, 0.0), LONGEST_LIFETIME_S)


def refresh_token_in(answer: JSONObject) -> str | None:
    """Return the refresh token of an answer; what is none counts as none."""
    text = text_of(answer, "refresh_token")
    return text if text is not None and is_access_token(text) else None
