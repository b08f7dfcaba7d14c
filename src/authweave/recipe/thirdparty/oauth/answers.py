"""What providers answer: JSON, and what some send in its place."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast
from urllib.parse import parse_qsl

import attrs

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError
from authweave.types import JSON, JSONObject

Reader: TypeAlias = Callable[[bytes], JSON]
"""Reads a body that is no JSON; raises ValueError where it is nothing that can be read."""

Readers: TypeAlias = Mapping[str, Reader]
"""By media type."""

MAX_FORM_FIELDS: Final = 100

CHARSETS: Final = frozenset({"iso-8859-1", "windows-1252"})
"""What JSON is read in that says so and is no Unicode, which alone the standard has (RFC 8259, section 8.1)."""

GZIP: Final = zlib.MAX_WBITS | 16
ZLIB: Final = zlib.MAX_WBITS
BARE: Final = -zlib.MAX_WBITS
"""Deflate without the frame that RFC 9110, section 8.4.1.2, asks for: some send it so."""

WINDOWS: Final = {"gzip": GZIP, "x-gzip": GZIP, "deflate": ZLIB}
"""Encodings that are read, though none is asked for."""


@attrs.frozen
class Received:
    """
    What came over the wire.

    Attributes:
        status: the status.
        headers: names in lower case.
        body: as it was sent.
    """

    status: int
    headers: Mapping[bytes, bytes] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)

    def header(self, name: bytes, default: str) -> str:
        """Return a header in lower case."""
        value = self.headers.get(name)
        return default if value is None else value.decode("latin-1").strip().lower()


@attrs.frozen
class Answer:
    """
    What a provider answered.

    Attributes:
        status: below 500, and no redirect.
        content: its JSON, or what was read in its place; None where it has none.
    """

    status: int
    content: JSON = attrs.field(repr=False)

    @property
    def fields(self) -> JSONObject | None:
        """The content, where it is an object."""
        return self.content if isinstance(self.content, Mapping) else None


class UnreadableError(Exception):
    """An answer cannot be read: the text says what the provider "answered with"."""


def read_answer(received: Received, readers: Readers, max_bytes: int) -> Answer:
    """
    Read an answer.

    Args:
        received: what came over the wire.
        readers: what may stand in the place of JSON.
        max_bytes: how long it may be when it is decoded.

    Raises:
        UnreadableError: it is a redirect or an error of the provider's, or a success that cannot be read.
    """
    status = received.status
    if not 200 <= status < 300 and not 400 <= status < 500:
        message = f"status {status}"
        raise UnreadableError(message)
    try:
        return Answer(status, read_body(received, readers, max_bytes))
    except UnreadableError:
        if status < 400:
            raise
    return Answer(status, None)


def read_body(received: Received, readers: Readers, max_bytes: int) -> JSON:
    """
    Return a body's JSON, or what stands there instead by its media type.

    Raises:
        UnreadableError: it is neither.
    """
    body = decoded(received.body, received.header(b"content-encoding", "identity"), max_bytes)
    try:
        return cast("JSON", json.loads(body))  # json.loads is typed Any; it knows Unicode by the first bytes
    except (ValueError, RecursionError):
        media_type, _, parameters = received.header(b"content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
    try:
        if charset in CHARSETS:
            return cast("JSON", json.loads(body.decode(charset)))  # as above
        return readers[media_type.strip()](body)
    except (LookupError, ValueError, RecursionError):
        raise UnreadableError("something else than JSON") from None


def decoded(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """
    Return a body without its encoding. What would become too long is not decoded further.

    Raises:
        UnreadableError: it has another encoding than it says, or one that is not read, or is too long.
    """
    if encoding in {"identity", ""}:
        return body
    window = WINDOWS.get(encoding)
    if window is None:
        message = f"an encoding that was not asked for, and that is not read ({encoding[:32]!r})"
        raise UnreadableError(message)
    if window == ZLIB and not is_zlib(body):
        window = BARE
    decoder = zlib.decompressobj(window)
    try:
        plain = decoder.decompress(body, max_bytes + 1)
    except zlib.error:
        plain = b""
    if len(plain) > max_bytes:
        message = f"more than {max_bytes} bytes"
        raise UnreadableError(message)
    if not decoder.eof or decoder.unused_data:
        message = f"something else than {encoding}"
        raise UnreadableError(message)
    return plain


def is_zlib(body: bytes) -> bool:
    """Return whether deflated bytes begin as RFC 1950, section 2.2, has it."""
    return len(body) > 1 and body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0


def read_form(body: bytes) -> JSON:
    """
    Read a token endpoint's form, as RFC 6749 had it in drafts.

    Raises:
        ValueError: it is none: it has neither tokens nor an error.
    """
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS))
    if not fields.keys() & {"access_token", "error"}:
        raise ValueError("neither tokens nor an error")
    return {**fields}


def read_jwt(body: bytes) -> JSON:
    """Read a JSON Web Token, which nobody has checked yet, as a text."""
    return body.decode("ascii").strip()


NO_OTHERS: Final[Readers] = {}
"""JSON it is."""

TOKENS: Final[Readers] = {"application/x-www-form-urlencoded": read_form, "text/plain": read_form}
"""What token endpoints may answer with beside JSON."""

USER_INFO: Final[Readers] = {"application/jwt": read_jwt}
"""What user info may be beside JSON (OpenID Connect Core, section 5.3.2)."""


def required_object(answer: Answer, third_party_id: str, what: str) -> JSONObject:
    """
    Return the object that a successful answer consists of.

    Raises:
        ProviderError: it is no success, or no object.
    """
    fields = answer.fields
    if answer.status >= 400 or fields is None:
        message = f"Provider {third_party_id!r} answered with status {answer.status} and no {what}."
        raise ProviderAnswerError(third_party_id, message)
    return fields
