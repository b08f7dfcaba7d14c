"""The HTTP client that asks providers: one per application."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from typing import Final, TypeAlias, cast

import attrs
import httpx2

from authweave.extending import Services
from authweave.ingredients.loop_clients import LoopClients
from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, ProviderUnreachableError
from authweave.types import JSON, JSONObject

from .settings import OAuthSettings

Fields: TypeAlias = Mapping[str, str]

# Decoding would let a small answer grow without bounds, so none is asked for.
HEADERS: Final = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "authweave"}

RETRIED: Final = frozenset({502, 503, 504})
"""What a gateway says whose provider is away for a moment; asked once more where that is harmless."""

NOT_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout)
"""Errors after which the provider has seen nothing of a request."""


@attrs.frozen
class Answer:
    """
    What a provider answered.

    Attributes:
        status: below 500, and no redirect.
        content: its JSON; None where it has none.
    """

    status: int
    content: JSON = attrs.field(repr=False)

    @property
    def fields(self) -> JSONObject | None:
        """The content, where it is an object."""
        return self.content if isinstance(self.content, Mapping) else None


@attrs.frozen(eq=False)
class LoopClient:
    """What belongs to one loop: connections, and turns to use them."""

    transport: httpx2.AsyncHTTPTransport
    requests_at_once: int
    semaphores: dict[str, asyncio.Semaphore] = attrs.field(factory=dict[str, asyncio.Semaphore])

    def semaphore(self, origin: str) -> asyncio.Semaphore:
        """Return what a request to a host waits for. Each has its own: a slow one keeps nobody else waiting."""
        return self.semaphores.setdefault(origin, asyncio.Semaphore(self.requests_at_once))

    async def aclose(self) -> None:
        """Close the connections."""
        await self.transport.aclose()


class ProviderHTTP:
    """
    Asks providers over HTTP.

    No redirect is followed, no cookie kept, and nothing logged: httpx2's own client would log whole URLs, so this
    stands on its transport.
    """

    def __init__(self, services: Services, settings: OAuthSettings) -> None:
        self._settings = settings
        self._timeout_s = settings.timeout.total_seconds()
        self._clients = LoopClients(services.off_loop, self._make_client)

    async def get(
        self, third_party_id: str, url: str, *, query: Fields | None = None, headers: Fields | None = None
    ) -> Answer:
        """
        Send a GET, once more where it fails on the way.

        Raises:
            ProviderError: there is no answer in time, or none that the protocol has.
        """
        request = self._request(third_party_id, "GET", url, query=query, headers=headers)
        return await self._send(third_party_id, request)

    async def post(
        self,
        third_party_id: str,
        url: str,
        *,
        form: Fields | None = None,
        content: JSONObject | None = None,
        headers: Fields | None = None,
    ) -> Answer:
        """
        Send a form, or JSON; once more where the provider could not be reached at all.

        Raises:
            ProviderError: there is no answer in time, or none that the protocol has.
        """
        request = self._request(third_party_id, "POST", url, form=form, content=content, headers=headers)
        return await self._send(third_party_id, request)

    def close(self) -> None:
        """Close the connections of every loop that still runs; the others have closed theirs. May be called again."""
        self._clients.close()

    def _request(
        self,
        third_party_id: str,
        method: str,
        url: str,
        *,
        query: Fields | None = None,
        form: Fields | None = None,
        content: JSONObject | None = None,
        headers: Fields | None = None,
    ) -> httpx2.Request:
        address = self.check_url(third_party_id, url)
        settings = self._settings
        timeout = httpx2.Timeout(self._timeout_s, connect=settings.connect_timeout.total_seconds())
        try:
            return httpx2.Request(
                method,
                address.copy_merge_params(query) if query else address,
                headers={**HEADERS, **(headers or {})},
                data=form,
                json=content,
                extensions={"timeout": timeout.as_dict()},
            )
        except (httpx2.InvalidURL, UnicodeError):
            message = f"Provider {third_party_id!r} has parameters or headers that no request can carry: correct them."
            raise ProviderAnswerError(third_party_id, message) from None  # the error would carry them

    def check_url(self, third_party_id: str, url: str) -> httpx2.URL:
        """
        Check where a request, or a user, is about to be sent.

        Raises:
            ProviderAnswerError: it is no URL, or not HTTPS.
        """
        address = safe_address(url, self._settings)
        if address is None:
            message = f"Provider {third_party_id!r} has an endpoint that is no https:// URL: correct its configuration."
            raise ProviderAnswerError(third_party_id, message)
        return address

    async def _send(self, third_party_id: str, request: httpx2.Request) -> Answer:
        where = f"Provider {third_party_id!r} ({request.url.host})"
        try:
            async with asyncio.timeout(self._timeout_s):
                client = await self._clients.get()
                async with client.semaphore(f"{request.url.scheme}://{request.url.netloc!r}"):
                    return await self._send_with_retry(client.transport, request, where, third_party_id)
        except (TimeoutError, httpx2.TimeoutException) as error:
            message = f"{where} did not answer within {self._timeout_s:g} s."
            raise ProviderUnreachableError(third_party_id, message) from error
        except httpx2.HTTPError as error:
            message = f"{where} could not be reached ({type(error).__name__})."
            raise ProviderUnreachableError(third_party_id, message) from error

    async def _send_with_retry(
        self, transport: httpx2.AsyncHTTPTransport, request: httpx2.Request, where: str, third_party_id: str
    ) -> Answer:
        """Send a request, and once more where the first time failed and cannot have done anything."""
        is_safe = request.method == "GET"
        try:
            status, body = await self._send_once(transport, request, where, third_party_id)
            again = is_safe and status in RETRIED
        except httpx2.TransportError as error:
            if not isinstance(error, NOT_SENT) and (not is_safe or isinstance(error, httpx2.TimeoutException)):
                raise
            status, body, again = 0, b"", True
        if again:
            status, body = await self._send_once(transport, request, where, third_party_id)
        return read_answer(status, body, where, third_party_id)

    async def _send_once(
        self, transport: httpx2.AsyncHTTPTransport, request: httpx2.Request, where: str, third_party_id: str
    ) -> tuple[int, bytes]:
        """Send a request and read the answer, as far as is allowed."""
        response = await transport.handle_async_request(request)
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._settings.max_answer_bytes:
                    message = f"{where} answered with more than {self._settings.max_answer_bytes} bytes."
                    raise ProviderAnswerError(third_party_id, message)
        finally:
            await response.aclose()
        return response.status_code, bytes(body)

    def _make_client(self, tls: ssl.SSLContext) -> LoopClient:
        # Turns bound how many connections there are; those that wait to be used again are few and short-lived. Many
        # servers close theirs after 5 s: not just while a code is on its way there, which can be sent only once.
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=2)
        transport = httpx2.AsyncHTTPTransport(verify=tls, limits=limits, proxy=self._settings.proxy)
        return LoopClient(transport, self._settings.requests_at_once)


def safe_address(url: str, settings: OAuthSettings) -> httpx2.URL | None:
    """Read a URL that a request, or a user, may be sent to: HTTPS, or HTTP to a host that may do without; else None."""
    try:
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError):
        return None
    secure = address.scheme == "https" or (address.scheme == "http" and address.host in settings.insecure_hosts)
    return address if secure and address.host else None


def read_answer(status: int, body: bytes, where: str, third_party_id: str) -> Answer:
    """
    Read an answer.

    Raises:
        ProviderAnswerError: it is a redirect or an error of the provider's, or a success without JSON.
    """
    if not 200 <= status < 300 and not 400 <= status < 500:
        raise ProviderAnswerError(third_party_id, f"{where} answered with status {status}.")
    try:
        content = cast("JSON", json.loads(body))  # json.loads is typed Any
    except (ValueError, RecursionError):
        if status < 400:
            raise ProviderAnswerError(third_party_id, f"{where} answered with something else than JSON.") from None
        content = None
    return Answer(status, content)


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
