"""Where a browser may be sent after Apple's form: an open redirect would hand codes to anybody (RFC 9700, 4.11)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from authweave.types import JSON, BadInputError

MAX_STATE_CHARACTERS: Final = 4096

PRINTABLE: Final = re.compile(r"[!-~]{1,2048}")
"""ASCII without spaces and control characters, which browsers drop or cut off before they look at a URL."""

DEFAULT_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}

FORBIDDEN_SCHEMES: Final = frozenset(
    {"", "about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}
)
"""Schemes that run or show something in the browser instead of going somewhere."""


def frontend_redirect_uri(state: str | None) -> str:
    """
    Return where the frontend asked the browser to be sent, by the ``state`` that it gave to Apple.

    Raises:
        authweave.types.BadInputError: the state is none that a frontend makes.
    """
    content: JSON = None
    if state is not None and len(state) <= MAX_STATE_CHARACTERS:
        try:
            padded = state.replace("-", "+").replace("_", "/").rstrip("=")
            decoded = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
            content = cast("JSON", json.loads(decoded))  # json.loads is typed Any
        except (binascii.Error, ValueError, RecursionError):
            content = None
    target = content.get("frontendRedirectURI") if isinstance(content, Mapping) else None
    if not isinstance(target, str):
        raise BadInputError("Please provide a state that is base64 encoded JSON with a frontendRedirectURI")
    return target


def split_target(target: str) -> SplitResult | None:
    """Take a redirect target apart; None where browsers and programs may read it differently, or it names nobody."""
    if not PRINTABLE.fullmatch(target) or "\\" in target:
        return None
    try:
        parts = urlsplit(target)
        _ = parts.port  # a port that is no number
    except ValueError:
        return None
    if parts.scheme in FORBIDDEN_SCHEMES or "@" in parts.netloc:
        return None
    return parts


def is_of_origin(target: str, origin: str) -> bool:
    """Return whether a target is of an origin: scheme, host and port are the same."""
    parts = split_target(target)
    if parts is None or parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return False
    return origin_of(parts) == origin_of(urlsplit(origin))


def origin_of(parts: SplitResult) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of a URL."""
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)


def with_fields(target: str, fields: Mapping[str, str]) -> str:
    """Add the fields of a form to a URL as query parameters, behind those that it has."""
    parts = urlsplit(target)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *fields.items()], errors="replace")
    return urlunsplit(parts._replace(query=query))
