"""
Refresh tokens: opaque to clients, and derived, so that one parent has one child.

A token has a *proof*, which is random in the first token of a session and follows from the parent in every other, so
that the server can make a child again from what it stores of the parent: a retry gets the same one. It also has a
*tag* over all the rest, by which the server knows a token of its own without asking the store. That matters for old
generations, of which nothing is stored any more: replaying one is theft, but making one up must harm nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Callable
from functools import cached_property
from typing import Final

import attrs

from ._encoding import base64url, base64url_bytes
from .secrets import ServerSecret

MAC_BYTES: Final = 32
LAYOUT: Final = struct.Struct(f">BQ{MAC_BYTES}s{MAC_BYTES}s")
"""Version, generation, proof, tag; the handle in UTF-8 follows to the end."""

VERSION: Final = 1
MAX_TOKEN_CHARACTERS: Final = 2048
"""Longer tokens are refused before any work; with the handles that we make they have about 150."""


@attrs.frozen
class RefreshToken:
    """
    A refresh token, taken apart. Whether it is genuine, `RefreshTokens.is_genuine` says.

    Attributes:
        handle: the handle of its session.
        generation: 0 of the first token of a session, one more of each child.
    """

    handle: str
    generation: int
    proof: bytes = attrs.field(repr=False)
    tag: bytes = attrs.field(repr=False)

    @cached_property
    def text(self) -> str:
        """What the client gets: characters of base64url only, as a cookie and a header take them unescaped."""
        fixed = LAYOUT.pack(VERSION, self.generation, self.proof, self.tag)
        return base64url(fixed + self.handle.encode())

    @cached_property
    def hash1(self) -> str:
        """Hex SHA-256 of the text: what the access token beside it names as ``refreshTokenHash1``."""
        return sha256_hex(self.text)

    @cached_property
    def hash2(self) -> str:
        """Hex SHA-256 of `hash1`: what the store keeps."""
        return sha256_hex(self.hash1)


class RefreshTokens:
    """
    Makes refresh tokens, and knows them again.

    Args:
        secret: the server secret.
        random_bytes: returns as many unpredictable bytes as asked.

    .. versionadded:: 0.1.0
    """

    def __init__(self, secret: ServerSecret, *, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._key = secret.key("refresh-tokens")
        self._random_bytes = random_bytes

    def first(self, handle: str) -> RefreshToken:
        """Make the first token of a session."""
        return self._token(handle, 0, self._mac("first", handle, 0, self._random_bytes(MAC_BYTES)))

    def child(self, handle: str, *, parent_generation: int, parent_hash2: str) -> RefreshToken:
        """Make the one child that a token has; from the same parent always the same."""
        generation = parent_generation + 1
        return self._token(handle, generation, self._mac("refresh", handle, generation, parent_hash2.encode()))

    def is_genuine(self, token: RefreshToken) -> bool:
        """Return whether a token was made here, for this handle and generation, whether it is still current or not."""
        return hmac.compare_digest(token.tag, self._tag(token.handle, token.generation, token.proof))

    def genuine(self, text: str) -> RefreshToken | None:
        """Return a token that was made here, whether it is still current or not; None for any other text."""
        token = parse_refresh_token(text)
        return token if token is not None and self.is_genuine(token) else None

    def _token(self, handle: str, generation: int, proof: bytes) -> RefreshToken:
        return RefreshToken(handle, generation, proof, self._tag(handle, generation, proof))

    def _tag(self, handle: str, generation: int, proof: bytes) -> bytes:
        return self._mac("tag", handle, generation, proof)

    def _mac(self, purpose: str, handle: str, generation: int, content: bytes) -> bytes:
        """Return an HMAC-SHA256 (RFC 2104) of several parts, each with its length in front to keep them apart."""
        parts = (purpose.encode(), handle.encode(), str(generation).encode(), content)
        message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.digest(self._key, message, "sha256")


def parse_refresh_token(text: str) -> RefreshToken | None:
    """
    Take a refresh token apart.

    Returns:
        Its parts; None for whatever has another shape. Never raises.
    """
    data = None if len(text) > MAX_TOKEN_CHARACTERS else base64url_bytes(text)
    if data is None or len(data) < LAYOUT.size:
        return None
    version: int
    generation: int
    proof: bytes
    tag: bytes
    version, generation, proof, tag = LAYOUT.unpack_from(data)
    if version != VERSION:
        return None
    try:
        handle = data[LAYOUT.size :].decode()
    except UnicodeDecodeError:
        return None
    return RefreshToken(handle, generation, proof, tag)


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of a text of ASCII, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
