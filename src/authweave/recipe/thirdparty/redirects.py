"""Where a browser may be sent after Apple's form: an open redirect would hand codes to anybody (RFC 9700, 4.11)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Container, Mapping
from typing import Final, cast
from urllib.parse import SplitResult, unquote, unquote_plus, urlencode, urlsplit

from authweave.types import JSON, BadInputError, host_in_ascii

MAX_STATE_CHARACTERS: Final = 4096

PRINTABLE: Final = re.compile(r"[!-~]{1,2048}")
"""ASCII without spaces and control characters, which browsers drop or cut off before they look at a URL."""

MAX_AUTHORITY_CHARACTERS: Final = 259
"""Of a host, with the dots in it 253 (RFC 1035, section 2.3.4), and a port."""

DEFAULT_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}

FORBIDDEN_SCHEMES: Final = frozenset(
    {"", "about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}
)
"""Schemes that run or show something in the browser instead of going somewhere."""

CLIMBING: Final = re.compile(r"(^|/)\.\.?(;[^/]*)?(/|$)|[\\\x00-\x1f\x7f]")
"""Segments ``.`` and ``..`` of a path, also with parameters, which servers cut off; and what may be read as ``/``."""


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


def browser_target(target: str) -> str | None:
    """
    Return the text that a browser may be sent to: as it was written, but for a host of another script.

    Returns:
        None where browsers, servers and programs may read it differently, or it names nobody.
    """
    if not target.isprintable():
        return None
    try:
        parts = urlsplit(target)
        _ = parts.port  # a port that is no number
    except ValueError:
        return None
    written = parts.netloc
    if parts.scheme in FORBIDDEN_SCHEMES or "@" in written or climbs(parts.path):
        return None
    if parts.scheme in DEFAULT_PORTS:
        if not parts.hostname:  # a browser takes http:evil.example and http:///evil.example for http://evil.example
            return None
        if not written.isascii():
            if len(written) > MAX_AUTHORITY_CHARACTERS:
                return None
            host, colon, port = written.partition(":")
            former, written = written, f"{host_in_ascii(host)}{colon}{port}"
            target = target.replace(former, written, 1)
    # Whether a percent sign or a backslash stands in a host of another script shows only in ASCII.
    return target if PRINTABLE.fullmatch(target) and "\\" not in target and "%" not in written else None


def climbs(path: str) -> bool:
    """Return whether a path leads elsewhere than it seems to, for browsers or for whoever decodes it, also twice."""
    former = ""
    while path != former:
        if CLIMBING.search(path):
            return True
        former, path = path, unquote(path)
    return False


def is_of_origin(target: str, origin: str) -> bool:
    """Return whether a target is of an origin: scheme, host and port are the same."""
    text = browser_target(target)
    parts = urlsplit(text or "")
    return parts.scheme in DEFAULT_PORTS and origin_of(parts) == origin_of(urlsplit(origin))


def origin_of(parts: SplitResult) -> tuple[str, str, int | None]:
    """Return scheme, host and port of a URL."""
    return parts.scheme, host_in_ascii(parts.hostname or ""), parts.port or DEFAULT_PORTS.get(parts.scheme)


def origin_in(url: str) -> str:
    """Return the origin of a URL, as it is written there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def without_fields(target: str, names: Container[str]) -> str:
    """Take parameters out of the query of a URL, and leave the rest as it was written."""
    page, hash_sign, fragment = target.partition("#")
    path, _, query = page.partition("?")
    written = query.split("&")
    kept = [each for each in written if not each or unquote_plus(each.partition("=")[0]) not in names]
    if len(kept) == len(written):
        return target
    return path + ("?" + "&".join(kept) if kept else "") + hash_sign + fragment


def with_fields(target: str, fields: Mapping[str, str]) -> str:
    """Add fields to a URL as query parameters, in place of those of the same names and behind all others."""
    page, hash_sign, fragment = without_fields(target, fields).partition("#")
    joint = "" if page.endswith(("?", "&")) else "&" if "?" in page else "?"
    return f"{page}{joint}{urlencode(fields, errors='replace')}{hash_sign}{fragment}"
