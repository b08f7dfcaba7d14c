"""An HTTP request and its answer as plain values, whatever the framework."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, overload
from urllib.parse import parse_qsl, quote

import attrs
from typing_extensions import override

from ._clients import UNKNOWN_PROXIES, Client, Clients
from ._errors import AnswerBegunError, BadInputError
from ._json import JSON, JSONObject
from ._json_text import compact_json, json_of
from ._responses import BaseResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

logger: Final = logging.getLogger("authweave.http")

MAX_QUERY_PARAMS: Final = 1000


def no_body() -> Awaitable[bytes]:
    """Stand in for the body of a request that has none."""

    async def empty() -> bytes:
        return b""

    return empty()


@attrs.define(eq=False)
class ResponseChanges:
    """
    What a session adds to the answer of the request that it belongs to: headers, in order, repeats allowed.

    The framework adapter applies them when the answer starts; a later ``set`` of a name replaces earlier ones. They are
    for one client: an answer that has some is ``no-store`` (RFC 9111, section 5.2.2.5), whatever its route says. Once
    it has started nothing can be added.

    Attributes:
        root_path: that of the request: browsers write it in front of the paths of cookies.
        begun_route: method and path of the request, once its answer has begun.
        vary: the request headers that the answer depends on, for ``Vary`` (RFC 9110, section 12.5.5).
    """

    headers: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]], repr=False)
    root_path: str = ""
    begun_route: str = ""
    vary: tuple[str, ...] = ()

    def add(self, name: str, value: str) -> None:
        """
        Add a header, beside others of its name (``Set-Cookie``).

        Raises:
            authweave.types.AnswerBegunError: the answer has begun.
        """
        if self.begun_route:
            raise answer_begun(self.begun_route)
        self.headers.append((name.lower(), value))

    def set(self, name: str, value: str) -> None:
        """
        Set a header, in place of others of its name.

        Raises:
            authweave.types.AnswerBegunError: the answer has begun.
        """
        self.remove(name)
        self.add(name, value)

    def remove(self, name: str) -> None:
        """Take back every header of a name."""
        self.headers[:] = [(key, value) for key, value in self.headers if key != name.lower()]

    def get_all(self, name: str) -> list[str]:
        """Return the values of a header, in order."""
        return [value for key, value in self.headers if key == name.lower()]


def answer_begun(route: str) -> AnswerBegunError:
    """Say in the log that an answer cannot be changed any more, and return the error: who raises may not be heard."""
    error = AnswerBegunError(route)
    logger.warning("%s", error, extra={"event": "answer_begun", "route": route})
    return error


@attrs.define(eq=False, repr=False)
class Noted:
    """
    What is noted of a request while it is served. One that the library has nothing to do with has none of it.

    Attributes:
        changes: what the session adds to the answer.
        response: what overrides say of it.
        hints: what may be wrong with the request.
        client: who sent it.
        body_bytes: how long the body is that was read.
        cookies: names and values, once somebody asked for one that may be there.
    """

    changes: ResponseChanges
    response: BaseResponse | None = None
    hints: tuple[str, ...] = ()
    client: Client | None = None
    body_bytes: int = 0
    cookies: list[tuple[str, str]] | None = None


@attrs.define(eq=False, repr=False)
class BaseRequest:
    """
    An HTTP request, as every framework adapter hands it over.

    It is what ``user_context["_default"]["request"]`` holds, and the body may be read from it any number of times.

    Attributes:
        http_method: the method, in lower case; `method` returns it as HTTP has it.
        path: as the server saw it, percent-decoded, with the mount point of a sub-application in front.
        headers: in order, names in lower case, repeats kept.
        query: the query string, as sent.
        session: the verified session, once there is one.
        root_path: the part of the path that is not the application's own: where it is mounted, or what a proxy in
            front serves it below (ASGI); with a slash in front and none at its end.
        answer_begun: whether the head of the answer has been sent, or nothing can be added to it: to the handshake of a
            WebSocket nothing can.
        peer: the other end of the connection, as the server names it; None where it has no address. Whom the request
            comes from, `client` says.
        clients: finds the client; by default whoever connects is it. The application that serves the request sets it.
    """

    http_method: str = attrs.field(alias="method")
    path: str
    headers: Sequence[tuple[str, str]] = ()
    query: str = ""
    read_body: Callable[[], Awaitable[bytes]] = no_body
    session: object | None = None
    root_path: str = attrs.field(default="", kw_only=True)
    answer_begun: bool = attrs.field(default=False, kw_only=True)
    peer: str | None = None
    clients: Clients = UNKNOWN_PROXIES
    # One field, since each costs every request. Nobody hands it over; attrs looks the default of one with `init=False`
    # up anew with every request.
    _noted: Noted | None = None

    def _notes(self) -> Noted:
        """Return what is noted, from the first time that something is."""
        if self._noted is None:
            self._noted = Noted(ResponseChanges(root_path=self.root_path))
        return self._noted

    @property
    def changes(self) -> ResponseChanges:
        """What the session adds to the answer."""
        changes = self._notes().changes
        changes.begun_route = self.route if self.answer_begun else ""
        return changes

    @property
    def route(self) -> str:
        """Method and path, as people write them (``POST /auth/signin``)."""
        return f"{self.method()} {self.path}"

    def require_no_answer(self) -> None:
        """
        Require that headers can still be added to the answer, before something is done that needs them.

        Raises:
            authweave.types.AnswerBegunError: the answer has begun.
        """
        if self.answer_begun:
            raise answer_begun(self.route)

    @property
    def has_changes(self) -> bool:
        """Whether anything is added to the headers of the answer."""
        noted = self._noted
        if noted is None:
            return False
        said = noted.response
        return bool(noted.changes.headers or noted.changes.vary or (said is not None and said.headers))

    @property
    def hints(self) -> tuple[str, ...]:
        """What may be wrong with the request, in sentences."""
        return () if self._noted is None else self._noted.hints

    def hint(self, text: str) -> None:
        """
        Tell who writes the client what may be wrong with the request, once.

        Only debug mode shows it: in the log, and in the answer's JSON under ``debug``. Nothing secret goes into it.
        """
        if text not in self.hints:
            self._notes().hints += (text,)

    @property
    def response(self) -> BaseResponse:
        """What overrides say of the answer."""
        notes = self._notes()
        if notes.response is None:
            notes.response = BaseResponse()
        return notes.response

    @property
    def has_response(self) -> bool:
        """Whether overrides may have said anything of it."""
        return self._noted is not None and self._noted.response is not None

    def take_response(self) -> BaseResponse:
        """Return what overrides said of the answer, and forget it: it is being applied."""
        said = self.response
        self._notes().response = None
        return said

    @property
    def request(self) -> object:
        """The framework's own request object (`starlette.requests.Request`); None where there is no framework."""
        return None

    @property
    def client(self) -> str | None:
        """
        The client's IP address, in normal form; None where it has none (a Unix socket, a test client).

        It is that of the connection, as the server tells it, or where that is one of the ``trusted_proxies`` of
        `authweave.init`, the one that they name in ``X-Forwarded-For``. No other header decides.
        """
        return self._found_client().address

    @property
    def client_network(self) -> str | None:
        """
        What the client is counted by: an IPv4 address, or the /64 that an IPv6 address is in (RFC 6177).

        None where that would count many clients as one: there is no address, or it is that of a trusted proxy which
        named no client, or it is private (RFC 1918, say) and ``trusted_proxies`` was not given. A warning in the log
        says so once.
        """
        found = self._found_client()
        if found.network is None:
            self.clients.warn_once(found)
        return found.network

    def _found_client(self) -> Client:
        """Find the client once."""
        notes = self._notes()
        if notes.client is None:
            notes.client = self.clients.find(self.peer, self.get_headers("x-forwarded-for"))
        return notes.client

    @override
    def __repr__(self) -> str:
        """Name the request without its headers and body: they may hold secrets."""
        return f"<{type(self).__name__} {self.route}>"

    def method(self) -> str:
        """Return the method (``POST``)."""
        return self.http_method.upper()

    def get_original_url(self) -> str:
        """
        Return the URL that was asked for, whole where the request says its host (``Host``), or else path and query.

        The client says what the host is: build no link to be mailed from it (OWASP Web Security Testing Guide, 4.2,
        "Testing for Host Header Injection").
        """
        path = quote(self.path, safe="/:@!$&'()*+,;=~")
        host = self.get_header("host")
        return f"{f'{self.scheme}://{host}' if host else ''}{path}{f'?{self.query}' if self.query else ''}"

    @property
    def scheme(self) -> str:
        """``http`` or ``https``, as the server says. Behind a proxy that is what comes from the proxy."""
        return "http"

    def get_header(self, key: str) -> str | None:
        """Return the first value of a header, whatever the case of its name."""
        wanted = key.lower()
        for name, value in self.headers:
            if name == wanted:
                return value
        return None

    def get_headers(self, key: str) -> list[str]:
        """Return the values of a header, in order, whatever the case of its name."""
        wanted = key.lower()
        return [value for name, value in self.headers if name == wanted]

    def get_cookies(self, key: str) -> list[str]:
        """Return the values of all cookies of a name, as sent, in order."""
        # Most requests have none of a name that is asked for: splitting is left to those that may, and done once.
        headers = self.get_headers("cookie")
        if not any(key in value for value in headers):
            return []
        notes = self._notes()
        if notes.cookies is None:
            notes.cookies = list(split_cookies(headers))
        return [value for name, value in notes.cookies if name == key]

    def get_cookie(self, key: str) -> str | None:
        """Return the first value of a cookie, as sent."""
        return next(iter(self.get_cookies(key)), None)

    def get_query_params(self) -> dict[str, str]:
        """
        Return the query parameters, decoded; of repeated ones the last.

        Raises:
            authweave.types.BadInputError: there are more than 1,000.
        """
        try:
            return dict(parse_qsl(self.query, keep_blank_values=True, max_num_fields=MAX_QUERY_PARAMS))
        except ValueError as error:  # UnicodeDecodeError cannot be: what is no UTF-8 is replaced
            raise BadInputError(f"The request has more than {MAX_QUERY_PARAMS} query parameters.") from error

    @overload
    def get_query_param(self, key: str, default: str) -> str: ...
    @overload
    def get_query_param(self, key: str, default: str | None = None) -> str | None: ...
    def get_query_param(self, key: str, default: str | None = None) -> str | None:
        """Return a query parameter, decoded; the default where there is none."""
        return self.get_query_params().get(key, default)

    def get_path(self) -> str:
        """Return the path."""
        return self.path

    def paths(self) -> tuple[str, ...]:
        """Return the forms of the path that routes are found by: without the root path, and with it."""
        return (self.path.removeprefix(self.root_path), self.path) if self.root_path else (self.path,)

    async def body(self) -> bytes:
        """
        Return the body.

        Raises:
            authweave.types.BodyTooLargeError: it is longer than the application allows.
            authweave.errors.ClientDisconnectedError: the client went away before it had sent all of it.
        """
        body = await self.read_body()
        self._notes().body_bytes = len(body)
        return body

    @property
    def body_bytes(self) -> int:
        """How long the body is, as far as it has been read."""
        return 0 if self._noted is None else self._noted.body_bytes

    # Any: JSON that a client sent, as `json.loads` and the frameworks have it; `json_object` is the typed one.
    async def json(self) -> dict[str, Any]:
        """
        Return the body as a JSON object, of which nothing is known: `json_object`, as the documents call it.

        Raises:
            authweave.types.BadInputError: as `json_object`.
            authweave.types.BodyTooLargeError: as `body`.
            authweave.errors.ClientDisconnectedError: as `body`.
        """
        return dict(await self.json_object())

    async def json_object(self) -> JSONObject:
        """
        Return the body as a JSON object; an empty, unparsable or other body counts as an empty object.

        Raises:
            authweave.types.BadInputError: it has more than 10,000 values.
            authweave.types.BodyTooLargeError: as `body`.
            authweave.errors.ClientDisconnectedError: as `body`.
        """
        body = await self.body()
        try:
            value = json_of(body)
        except (ValueError, RecursionError):
            self.hint("The body is not JSON: send JSON.stringify({...})." if body else "The body is empty: send JSON.")
            return {}
        if isinstance(value, Mapping):
            return value
        self.hint("The body is JSON, but no object: send {...}.")
        return {}

    async def form_data(self) -> dict[str, str]:
        """
        Return the fields of a form in the body (``application/x-www-form-urlencoded``), of repeated ones the last.

        Raises:
            authweave.types.BadInputError: there are more than 1,000, or it is no UTF-8.
            authweave.types.BodyTooLargeError: as `body`.
            authweave.errors.ClientDisconnectedError: as `body`.
        """
        body = await self.body()
        try:
            return dict(parse_qsl(body.decode(), max_num_fields=MAX_QUERY_PARAMS))
        except ValueError as error:
            raise BadInputError(f"The form has more than {MAX_QUERY_PARAMS} fields, or is not UTF-8.") from error

    async def get_json_or_form_data(self) -> dict[str, Any] | None:  # Any: as `json`
        """Return the body as `json` or `form_data` does, by what it says that it is; None where it does not say."""
        media_type = self.get_header("content-type")
        if media_type is None:
            return None
        return await (self.json() if media_type.startswith("application/json") else self.form_data())

    def get_session(self) -> Any:  # noqa: ANN401  Any: SessionContainer or None, of which this room knows nothing
        """Return the session that was verified or created for the request; None where none was."""
        return self.session

    def set_session(self, session: object) -> None:
        """Set what `get_session` returns. Tokens are attached by those who verify and create sessions."""
        self.session = session

    def set_session_as_none(self) -> None:
        """Have `get_session` return None."""
        self.session = None


def split_cookies(headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Split ``Cookie`` headers into names and values, in order."""
    for header in headers:
        for pair in header.split(";"):
            name, found, value = pair.strip().partition("=")
            if found:
                yield name, value.strip('"')


@attrs.frozen
class Response:
    """
    An answer: a status, headers and a body.

    Attributes:
        headers: in order, names in lower case, repeats allowed.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_json(cls, content: JSON, status: int = 200, headers: Sequence[tuple[str, str]] = ()) -> Response:
        """Make an answer of JSON."""
        body = compact_json(content).encode("utf-8", "replace")
        return cls(status, body, (("content-type", "application/json; charset=utf-8"), *headers))

    @classmethod
    def from_text(
        cls, text: str, media_type: str, status: int = 200, headers: Sequence[tuple[str, str]] = ()
    ) -> Response:
        """Make an answer of text in UTF-8, a page say (``text/html``)."""
        body = text.encode("utf-8", "replace")
        return cls(status, body, (("content-type", f"{media_type}; charset=utf-8"), *headers))
