"""Answers as they come over the wire, and what is wrong with them."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, cast

import attrs

from authweave.types import JSON
from tests.patience import PATIENCE_S

from .served import MARK
from .spoiling import Written

GRACE_S: Final = 0.05
"""How long a server has for a request that it may be waiting for the rest of, before it is told that none comes."""

OF_SERVERS: Final = (501, 505)
"""What servers answer to transfer codings and versions that they do not know (RFC 9112, section 6.1; 9110, 15.6.6)."""

FRAMING: Final = ("content-length", "transfer-encoding")

REDIRECTS: Final = (303, 307)

JSON_TYPES: Final = ("application/json", "application/json; charset=utf-8")


@attrs.frozen
class Answer:
    """
    An answer.

    Attributes:
        headers: by name, in lower case.
        is_whole: whether as much of the body came as the head says.
    """

    status: int
    headers: dict[str, list[str]]
    body: bytes
    is_whole: bool

    @property
    def is_of_application(self) -> bool:
        """Whether it is not the server's own."""
        return MARK.decode() in self.headers

    @property
    def content(self) -> JSON:
        """The body as JSON."""
        return cast("JSON", json.loads(self.body))  # json.loads is typed Any

    def fault(self) -> str:
        """Say what is wrong with it; nothing where nothing is."""
        if self.status >= 500 and (self.is_of_application or self.status not in OF_SERVERS):
            return f"status {self.status}"
        if not self.is_of_application or self.status in REDIRECTS:
            return ""
        found = self.headers.get("content-type", [])
        if not found and not self.body and self.status == 400:  # to a client that has gone away, which none hears
            return ""
        if len(found) != 1 or found[0] not in JSON_TYPES:
            return f"content type {found}"
        if self.is_whole and self.body:
            try:
                _ = self.content
            except ValueError:
                return "it is not JSON"
        return ""


def ask(port: int, request: Written) -> list[Answer]:
    """
    Send a request; return the answer, or all that come until the server closes the connection.

    Raises:
        TimeoutError: it neither answers nor closes.
    """
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setblocking(False)
        left, received = memoryview(request.raw), bytearray()
        is_told = request.is_whole  # that nothing more comes
        while True:
            wanted = [connection] if left else []
            patience_s = PATIENCE_S if is_told else GRACE_S
            readable, writable, _ = select.select([connection], wanted, [], patience_s)
            try:
                if writable:
                    left = left[connection.send(left) :]
                if readable:
                    chunk = connection.recv(65536)
                    received += chunk
                    if not chunk or is_last(received, request) or is_switch(received):
                        break
            except ConnectionError:  # it may refuse what it has not read to its end
                break
            if not readable and not writable:
                if is_told:
                    raise TimeoutError(
                        f"{len(left)} of {len(request.raw)} bytes not taken, {bytes(received)!r} received"
                    )
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                left, is_told = memoryview(b""), True
        return list(answers_in(bytes(received), is_head=request.is_head))


def is_last(received: bytearray, request: Written) -> bool:
    """
    Return whether there is a whole answer, and none to come after it. One without a length ends with the connection.

    That the server says it closes the connection is enough: hypercorn may not, where it still has some of a body.
    """
    found = next(answers_in(bytes(received), is_head=request.is_head), None)
    if found is None or not found.is_whole or found.headers.keys().isdisjoint(FRAMING):
        return False
    return request.is_whole or found.headers.get("connection", [""])[0].lower() == "close"


def is_switch(received: bytearray) -> bool:
    """Return whether the server goes on in another protocol."""
    return received.startswith(b"HTTP/1.1 101 ")


def answers_in(received: bytes, *, is_head: bool = False) -> Iterator[Answer]:
    """
    Read the answers one after the other; what comes after a change of protocol is left.

    The first one, where it is to a HEAD, says how long a body would be, and has none.
    """
    while received.startswith(b"HTTP/1."):
        head, found, rest = received.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split(" ")[1])
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.lower(), []).append(value.strip())
        if status == 101:
            yield Answer(status, headers, b"", True)
            return
        if status < 200:
            received = rest
            continue
        body, received, is_whole = (b"", rest, True) if is_head else split_body(headers, rest)
        is_head = False
        yield Answer(status, headers, body, is_whole)


def split_body(headers: dict[str, list[str]], rest: bytes) -> tuple[bytes, bytes, bool]:
    """Return the body, what comes after it, and whether it is whole."""
    if "chunked" in headers.get("transfer-encoding", []):
        body = bytearray()
        while True:
            size_line, found, rest = rest.partition(b"\r\n")
            size = int(size_line.split(b";")[0] or b"0", 16) if found else 0
            if not size:
                return bytes(body), rest.removeprefix(b"\r\n"), bool(found)
            body += rest[:size]
            rest = rest[size + 2 :]
    if "content-length" in headers:
        length = int(headers["content-length"][0])
        return rest[:length], rest[length:], len(rest) >= length
    return rest, b"", True
