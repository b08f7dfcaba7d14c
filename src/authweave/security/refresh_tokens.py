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
"""Kind, generation, proof, tag; the handle in UTF-8 follows to the end."""

WITH_ANTI_CSRF: Final = 1
WITHOUT_ANTI_CSRF: Final = 2
"""
The kinds: whether an anti-CSRF token goes with it. One that was made before there were two may have one.

In front of its handle, one without has a *mark*, which the server alone can make. Else somebody could free a token of
his own from the check, plant it in another's browser as a cookie, and have that one go on in his session.
"""
MARK_BYTES: Final = 16
MAX_TOKEN_CHARACTERS: Final = 2048
"""Longer tokens are refused before any work; with the handles that we make they have about 170."""


def part(content: bytes) -> bytes:
    """Return a part of what a MAC is made of, with its length."""
    return len(content).to_bytes(4, "big") + content


def whose(handle: str, generation: int) -> bytes:
    """Return the parts that say which token a MAC is of."""
    return part(handle.encode()) + part(str(generation).encode())


FIRST: Final = part(b"first")
CHILD: Final = part(b"refresh")
TAG: Final = part(b"tag")
MARK: Final = part(b"without anti-csrf")


@attrs.frozen(slots=False)  # so that what is derived is kept by Python's own means, which take less time than attrs'
class RefreshToken:
    """
    A refresh token, taken apart. Whether it is genuine, `RefreshTokens.is_genuine` says.

    Attributes:
        handle: the handle of its session.
        generation: 0 of the first token of a session, one more of each child.
        mark: says that no anti-CSRF token goes with it; empty where one does.
    """

    handle: str
    generation: int
    proof: bytes = attrs.field(repr=False)
    tag: bytes = attrs.field(repr=False)
    mark: bytes = attrs.field(default=b"", repr=False)

    @property
    def has_anti_csrf(self) -> bool:
        """Whether an anti-CSRF token goes with it, so that who uses it has to bring that one along."""
        return not self.mark

    @cached_property
    def text(self) -> str:
        """What the client gets: characters of base64url only, as a cookie and a header take them unescaped."""
        return self.as_kind(WITHOUT_ANTI_CSRF, self.mark) if self.mark else self.as_kind(WITH_ANTI_CSRF)

    @cached_property
    def hash1(self) -> str:
        """
        Hex SHA-256 of the text as of one with an anti-CSRF token: ``refreshTokenHash1`` of the access token beside it.

        So a token is the same of either kind: servers that differ in ``anti_csrf`` for a while, while an application
        is deployed, give a parent the same child.
        """
        return sha256_hex(self.as_kind(WITH_ANTI_CSRF))

    @cached_property
    def hash2(self) -> str:
        """Hex SHA-256 of `hash1`: what the store keeps."""
        return sha256_hex(self.hash1)

    def as_kind(self, kind: int, mark: bytes = b"") -> str:
        """Return the text as of a kind."""
        return base64url(LAYOUT.pack(kind, self.generation, self.proof, self.tag) + mark + self.handle.encode())


class RefreshTokens:
    """
    Makes refresh tokens, and knows them again.

    Args:
        secret: the server secret.
        random_bytes: returns as many unpredictable bytes as asked.

    .. versionadded:: 0.1.0
    """

    def __init__(self, secret: ServerSecret, *, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._keyed = hmac.new(secret.key("refresh-tokens"), digestmod="sha256")
        self._random_bytes = random_bytes

    def first(self, handle: str, *, has_anti_csrf: bool = True) -> RefreshToken:
        """Make the first token of a session. Whether an anti-CSRF token goes with it is the caller's to say."""
        proof = self._mac(FIRST, whose(handle, 0), self._random_bytes(MAC_BYTES))
        return self._token(handle, 0, proof, has_anti_csrf=has_anti_csrf)

    def child(
        self, handle: str, *, parent_generation: int, parent_hash2: str, has_anti_csrf: bool = True
    ) -> RefreshToken:
        """Make the one child that a token has; from the same parent always the same, of the kind that is asked for."""
        generation = parent_generation + 1
        proof = self._proof(handle, generation, parent_hash2)
        return self._token(handle, generation, proof, has_anti_csrf=has_anti_csrf)

    def is_child(self, token: RefreshToken, *, parent_generation: int, parent_hash2: str) -> bool:
        """Return whether a genuine token is the child of another: its proof is, and all the rest follows from that."""
        if token.generation != parent_generation + 1:
            return False
        return hmac.compare_digest(token.proof, self._proof(token.handle, token.generation, parent_hash2))

    def is_genuine(self, token: RefreshToken) -> bool:
        """Return whether a token was made here, for this handle and generation, whether it is still current or not."""
        tag, mark = self._tag_and_mark(token.handle, token.generation, token.proof, has_anti_csrf=token.has_anti_csrf)
        return hmac.compare_digest(token.tag + token.mark, tag + mark)

    def genuine(self, text: str) -> RefreshToken | None:
        """Return a token that was made here, whether it is still current or not; None for any other text."""
        token = parse_refresh_token(text)
        return token if token is not None and self.is_genuine(token) else None

    def _token(self, handle: str, generation: int, proof: bytes, *, has_anti_csrf: bool) -> RefreshToken:
        tag, mark = self._tag_and_mark(handle, generation, proof, has_anti_csrf=has_anti_csrf)
        return RefreshToken(handle, generation, proof, tag, mark)

    def _proof(self, handle: str, generation: int, parent_hash2: str) -> bytes:
        return self._mac(CHILD, whose(handle, generation), parent_hash2.encode())

    def _tag_and_mark(self, handle: str, generation: int, proof: bytes, *, has_anti_csrf: bool) -> tuple[bytes, bytes]:
        of_token = whose(handle, generation)
        mark = b"" if has_anti_csrf else self._mac(MARK, of_token, proof)[:MARK_BYTES]
        return self._mac(TAG, of_token, proof), mark

    def _mac(self, purpose: bytes, of_token: bytes, content: bytes) -> bytes:
        """Return an HMAC-SHA256 (RFC 2104) of several parts, each with its length in front to keep them apart."""
        mac = self._keyed.copy()
        mac.update(purpose + of_token + part(content))
        return mac.digest()


def parse_refresh_token(text: str) -> RefreshToken | None:
    """
    Take a refresh token apart.

    Returns:
        Its parts; None for whatever has another shape. Never raises.
    """
    data = None if len(text) > MAX_TOKEN_CHARACTERS else base64url_bytes(text)
    if data is None or len(data) < LAYOUT.size:
        return None
    kind: int
    generation: int
    proof: bytes
    tag: bytes
    kind, generation, proof, tag = LAYOUT.unpack_from(data)
    if kind not in {WITH_ANTI_CSRF, WITHOUT_ANTI_CSRF}:
        return None
    begins = LAYOUT.size + (MARK_BYTES if kind == WITHOUT_ANTI_CSRF else 0)
    if len(data) < begins:
        return None
    try:
        handle = data[begins:].decode()
    except UnicodeDecodeError:
        return None
    return RefreshToken(handle, generation, proof, tag, data[LAYOUT.size : begins])


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of a text of ASCII, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
