"""The HTTP client that asks providers: one per application."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Final, TypeAlias
from urllib.parse import urlencode

import attrs
import httpcore2
import httpx2

from authweave.extending import Services
from authweave.ingredients.connections import host_of, make_pool, target_of
from authweave.ingredients.loop_clients import LoopClients
from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, ProviderUnreachableError
from authweave.types import JSONObject

from .addresses import not_https
from .answers import NO_OTHERS, Answer, Readers, Received, UnreadableError, read_answer
from .parsed_address import safe_address
from .settings import OAuthSettings

Fields: TypeAlias = Mapping[str, str]

FORM: Final = b"application/x-www-form-urlencoded"
JSON_TYPE: Final = b"application/json"

# Decoding lets a small answer grow, so none is asked for. Some answers need it all the same.
HEADERS: Final = {b"accept": JSON_TYPE, b"accept-encoding": b"identity", b"user-agent": b"authweave"}

RETRIED: Final = frozenset({502, 503, 504})
"""What a gateway says whose provider is away for a moment; asked once more where that is harmless."""

NOT_SENT: Final = (httpcore2.ConnectError, httpcore2.ConnectTimeout)
"""Errors after which the provider has seen nothing of a request."""

BROKEN: Final = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
)
"""All errors of a network, and of what is said over it."""

MAX_ADDRESSES: Final = 256
"""So many endpoints are kept in the form in which they are asked: a provider has some four."""


@attrs.frozen(eq=False)
class Address:
    """
    Where requests go.

    Attributes:
        url: the URL.
        target: the same, as connections take it.
        origin: scheme, host and port.
        headers: what each request there has.
    """

    url: httpx2.URL = attrs.field(repr=False)
    target: httpcore2.URL = attrs.field(repr=False)
    origin: str
    headers: Mapping[bytes, bytes]

    @property
    def host_and_port(self) -> str:
        """The host, with its port where that is not the scheme's, and nothing that may be secret."""
        return self.url.host if self.url.port is None else f"{self.url.host}:{self.url.port}"


@attrs.frozen(eq=False)
class LoopClient:
    """What belongs to one loop: connections, and turns to use them."""

    pool: httpcore2.AsyncConnectionPool
    requests_at_once: int
    semaphores: dict[str, asyncio.Semaphore] = attrs.field(factory=dict[str, asyncio.Semaphore])

    def semaphore(self, origin: str) -> asyncio.Semaphore:
        """Return what a request to a host waits for. Each has its own: a slow one keeps nobody else waiting."""
        return self.semaphores.setdefault(origin, asyncio.Semaphore(self.requests_at_once))

    async def aclose(self) -> None:
        """Close the connections."""
        await self.pool.aclose()


class ProviderHTTP:
    """
    Asks providers over HTTP.

    No redirect is followed, no cookie kept, and nothing logged: a client of httpx2's would do all of it, and log whole
    URLs, so this stands on the pool below it.
    """

    def __init__(self, services: Services, settings: OAuthSettings) -> None:
        self._settings = settings
        self._timeout_s = settings.timeout.total_seconds()
        self._extensions = {"timeout": {"connect": settings.connect_timeout.total_seconds()}}
        self._clients = LoopClients(services.off_loop, self._make_client)
        self._address = lru_cache(MAX_ADDRESSES)(partial(read_address, settings=settings))

    async def get(
        self,
        third_party_id: str,
        url: str,
        *,
        query: Fields | None = None,
        headers: Fields | None = None,
        readers: Readers = NO_OTHERS,
    ) -> Answer:
        """
        Send a GET, once more where it fails on the way.

        Args:
            third_party_id: the provider's id.
            url: whom to ask.
            query: parameters; they win over those in the URL.
            headers: headers; they win over the usual ones.
            readers: what the answer may be beside JSON.

        Raises:
            ProviderError: there is no answer in time, or none that the protocol has.
        """
        address = self._checked(third_party_id, url)
        try:
            if query:
                address = address_of(address.url.copy_merge_params(query))
            request = self._request(b"GET", address, headers)
        except (httpx2.InvalidURL, UnicodeError):
            raise not_sendable(third_party_id) from None  # the error would carry them
        return await self._send(third_party_id, address, request, readers)

    async def post(
        self,
        third_party_id: str,
        url: str,
        *,
        form: Fields | None = None,
        content: JSONObject | None = None,
        headers: Fields | None = None,
        readers: Readers = NO_OTHERS,
    ) -> Answer:
        """
        Send a form, or JSON; once more where the provider could not be reached at all.

        Args:
            third_party_id: the provider's id.
            url: whom to ask.
            form: the fields of a form.
            content: JSON, in the place of a form.
            headers: headers; they win over the usual ones.
            readers: what the answer may be beside JSON.

        Raises:
            ProviderError: there is no answer in time, or none that the protocol has.
        """
        address = self._checked(third_party_id, url)
        try:
            if content is None:
                body, media_type = urlencode(form or {}).encode(), FORM
            else:
                body, media_type = json.dumps(content, separators=(",", ":")).encode(), JSON_TYPE
            request = self._request(b"POST", address, headers, body, media_type)
        except UnicodeError:
            raise not_sendable(third_party_id) from None  # as above
        return await self._send(third_party_id, address, request, readers)

    def close(self) -> None:
        """Close the connections of every loop that still runs; the others have closed theirs. May be called again."""
        self._clients.close()

    def _checked(self, third_party_id: str, url: str) -> Address:
        address = self._address(url)
        if address is None:
            raise not_https(third_party_id)
        return address

    def _request(
        self, method: bytes, address: Address, given: Fields | None, body: bytes = b"", media_type: bytes = b""
    ) -> httpcore2.Request:
        """Make a request. It can be sent twice: its body is there from the beginning."""
        headers = dict(address.headers)
        if media_type:
            headers[b"content-type"] = media_type
        for name, value in (given or {}).items():
            headers[name.lower().encode("ascii")] = value.encode("ascii")
        if media_type:
            headers[b"content-length"] = b"%d" % len(body)
        return httpcore2.Request(
            method, address.target, headers=list(headers.items()), content=body, extensions=self._extensions
        )

    async def _send(
        self, third_party_id: str, address: Address, request: httpcore2.Request, readers: Readers
    ) -> Answer:
        where = f"Provider {third_party_id!r} ({address.host_and_port})"
        try:
            async with asyncio.timeout(self._timeout_s):
                client = await self._clients.get()
                async with client.semaphore(address.origin):
                    received = await self._send_with_retry(client.pool, request)
            return read_answer(received, readers, self._settings.max_answer_bytes)
        except UnreadableError as error:
            raise ProviderAnswerError(third_party_id, f"{where} answered with {error}.") from None
        except httpcore2.LocalProtocolError:
            raise not_sendable(third_party_id) from None  # as above
        except (TimeoutError, httpcore2.TimeoutException) as error:
            message = f"{where} did not answer within {self._timeout_s:g} s."
            raise ProviderUnreachableError(third_party_id, message) from error
        except BROKEN as error:
            message = f"{where} could not be reached ({type(error).__name__})."
            raise ProviderUnreachableError(third_party_id, message) from error

    async def _send_with_retry(self, pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request) -> Received:
        """Send a request, and once more where the first time failed and cannot have done anything."""
        is_safe = request.method == b"GET"
        try:
            received = await self._send_once(pool, request)
        except BROKEN as error:
            if not is_safe and not isinstance(error, NOT_SENT):
                raise
        else:
            if not is_safe or received.status not in RETRIED:
                return received
        return await self._send_once(pool, request)

    async def _send_once(self, pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request) -> Received:
        """Send a request and read the answer, as far as is allowed."""
        max_bytes = self._settings.max_answer_bytes
        response = await pool.handle_async_request(request)
        body = bytearray()
        try:
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) > max_bytes:
                    message = f"more than {max_bytes} bytes"
                    raise UnreadableError(message)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers}
        return Received(response.status, headers, bytes(body))

    def _make_client(self, tls: ssl.SSLContext) -> LoopClient:
        return LoopClient(make_pool(tls, proxy_at(self._settings.proxy)), self._settings.requests_at_once)


def read_address(url: str, settings: OAuthSettings) -> Address | None:
    """Return where requests to a URL go; None where none may go there."""
    address = safe_address(url, settings)
    return None if address is None else address_of(address)


def address_of(url: httpx2.URL) -> Address:
    """Return where requests to a URL go."""
    target = target_of(url)
    name, value = host_of(target)
    return Address(url, target, f"{url.scheme}://{url.netloc!r}", {name: value, **HEADERS})


def proxy_at(url: str | None) -> httpcore2.Proxy | None:
    """Return the proxy to reach providers through, as connections take it."""
    if url is None:
        return None
    proxy = httpx2.Proxy(url)
    return httpcore2.Proxy(target_of(proxy.url), proxy.raw_auth)


def not_sendable(third_party_id: str) -> ProviderAnswerError:
    """Return the error of what no request can carry."""
    message = f"Provider {third_party_id!r} has parameters or headers that no request can carry: correct them."
    return ProviderAnswerError(third_party_id, message)
