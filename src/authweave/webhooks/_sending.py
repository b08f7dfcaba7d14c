"""The HTTP client that asks webhooks: one for each application."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeAlias

import attrs
import httpcore2

from authweave.ingredients.connections import host_of, make_pool
from authweave.ingredients.loop_clients import LoopClients
from authweave.outbox import OffLoop
from authweave.storage._terms import TERMS, remaining_s
from authweave.types import Clock

from ._errors import WebhookFailure

MAX_ANSWER_BYTES: Final = 64 * 1024
JSON_TYPE: Final = b"application/json"
# Decoding would let a small answer grow without bounds, so none is asked for, and none is done.
HEADERS: Final = (
    (b"content-type", JSON_TYPE),
    (b"accept", JSON_TYPE),
    (b"accept-encoding", b"identity"),
    (b"user-agent", b"authweave"),
)

BROKEN: Final = (httpcore2.ConnectError, httpcore2.ReadError, httpcore2.RemoteProtocolError)
"""What is raised where no connection could be made, or a kept one had been closed meanwhile, among others."""

SHARE: Final = 0.25
"""How much of the time that a transaction has left a webhook in it may take."""

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]


class SendingError(Exception):
    """There is no answer, or none that is read."""

    def __init__(self, failure: WebhookFailure, explanation: str) -> None:
        self.failure: WebhookFailure = failure
        self.explanation = explanation
        super().__init__(explanation)


@attrs.define(eq=False)
class Sender:
    """
    Asks webhooks over HTTP, over connections that are kept for the next call.

    No redirect is followed, no cookie kept, no proxy asked, and nothing logged: a client of httpx2's would do all of
    it, and log whole URLs, so this stands on the pool below it, one for each loop.

    Attributes:
        off_loop: runs what blocks.
        clock: tells the time, in milliseconds since the epoch.
        random_bytes: returns as many unpredictable bytes as asked.
    """

    off_loop: OffLoop
    clock: Clock
    random_bytes: Callable[[int], bytes]
    _pools: LoopClients[httpcore2.AsyncConnectionPool] = attrs.field(
        init=False, default=attrs.Factory(lambda sender: LoopClients(sender.off_loop, make_pool), takes_self=True)
    )

    async def post(self, url: httpcore2.URL, headers: Headers, body: bytes, timeout_s: float) -> tuple[bytes, bytes]:
        """
        Send a body; return that of the answer and its signature.

        It is sent once more, with the same id, where a connection failed: a kept one may have been closed meanwhile.

        Raises:
            SendingError: there is no answer in time, or one with another status than 200, or that is too long.
        """
        length = (b"content-length", b"%d" % len(body))
        request = httpcore2.Request(b"POST", url, headers=(host_of(url), length, *HEADERS, *headers), content=body)
        timeout_s = bounded_s(timeout_s)
        try:
            async with asyncio.timeout(timeout_s):
                pool = await self._pools.get()
                try:
                    return await exchange(pool, request)
                except BROKEN:
                    return await exchange(pool, request)
        except SendingError:
            raise
        except TimeoutError:
            raise SendingError("timed_out", f"did not answer within {timeout_s:.3g} s.") from None
        except httpcore2.ProtocolError as error:
            message = f"gave no answer in HTTP, or broke off ({type(error).__name__})."
            raise SendingError("unreachable", message) from None
        except Exception as error:  # noqa: BLE001  whatever a network and its libraries raise: the policy decides
            raise SendingError("unreachable", f"could not be reached ({type(error).__name__}).") from None

    def close(self) -> None:
        """Close the connections of every loop. May be called again."""
        self._pools.close()


def bounded_s(timeout_s: float) -> float:
    """Return how long to wait: in a transaction, where others wait too, at most a part of what it has left."""
    return timeout_s if TERMS.get().transaction is None else min(timeout_s, remaining_s(math.inf) * SHARE)


async def exchange(pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request) -> tuple[bytes, bytes]:
    """
    Send a request and read the answer, as far as is allowed.

    Raises:
        SendingError: the answer is none that is read.
    """
    response = await pool.handle_async_request(request)
    try:
        headers = {name.lower(): value for name, value in response.headers}
        check_head(response.status, headers)
        body = bytearray()
        async for chunk in response.aiter_stream():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise SendingError("answer_too_long", f"answered with more than {MAX_ANSWER_BYTES} bytes.")
    finally:
        await response.aclose()
    return bytes(body), headers.get(b"webhook-signature", b"")


def check_head(status: int, headers: dict[bytes, bytes]) -> None:
    """
    Check what an answer says of itself.

    Raises:
        SendingError: it is no success, or what follows is no plain JSON.
    """
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise SendingError("bad_status", f"answered with a redirect ({status}), and none is followed.")
    if status != HTTPStatus.OK:
        raise SendingError("bad_status", f"answered with status {status}, and 200 is an answer.")
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise SendingError("bad_answer", "gave an answer that is compressed: it was asked for an identity encoding.")
    if headers.get(b"content-type", JSON_TYPE).partition(b";")[0].strip().lower() != JSON_TYPE:
        raise SendingError("bad_answer", "gave an answer whose content-type is not application/json.")
