"""What access tokens are signed with."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Algorithm: TypeAlias = Literal["RS256", "ES256"]
"""RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA on P-256 with SHA-256 (RFC 7518, section 3.1)."""

DEFAULT_ALGORITHM: Final[Algorithm] = "ES256"
"""Of a store that has no keys yet (docs/explanation/sessions.md, Which algorithm)."""
