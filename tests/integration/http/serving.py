"""A real server on a port of its own, in a thread."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Literal, TypeVarTuple, Unpack, cast

import httpx2
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from authweave.types import JSON
from tests.leaping import LeapingLoop
from tests.patience import KEEP_ALIVE_S

Ts = TypeVarTuple("Ts")

PASSWORD = "correct horse 1"
COOKIES = {"st-auth-mode": "cookie"}
HEADERS = {"st-auth-mode": "header"}
AS_JSON = {"content-type": "application/json"}


class EndingLoop(LeapingLoop):
    """A loop on which uvicorn ends at once: it would look ten times a second, for that and for what has closed."""

    look_s = 0.1
    is_ending = False

    @override
    def call_later(
        self, delay: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        hurried_s = 0.001 if self.is_ending and delay <= self.look_s else delay
        return super().call_later(hurried_s, callback, *args, context=context)

    def end(self) -> None:
        """Let no more time pass between two looks; may be called in any thread."""
        self.is_ending = True
        self.leap(self.look_s)


def keeping_connections(asgi_app: ASGIApp) -> ASGIApp:
    """
    Keep to itself what an application raises once it has answered, as frameworks do after a 500.

    Uvicorn would close the connection, which the client may have begun to use again.
    """

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        is_answered = False

        async def sending(message: Message) -> None:
            nonlocal is_answered
            await send(message)
            is_answered = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await asgi_app(scope, receive, sending)
        except Exception:
            if not is_answered:
                raise

    return called


class WithoutGoodbyes(uvicorn.Server):
    """Ends TLS without a goodbye: browsers do not say theirs, for which asyncio waits 30 s."""

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End all connections, and then the server."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


@contextmanager
def serving(
    asgi_app: ASGIApp,
    certificate: Path | None = None,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] = EndingLoop,
    root_path: str = "",
    websockets: Literal["none", "websockets-sansio", "wsproto"] = "none",
    *,
    proxy_headers: bool = True,
    unix_socket: Path | None = None,
    lifespan: Literal["on", "off"] = "off",
) -> Generator[str]:
    """
    Serve an application for a block; yields its address. Requests wait in the socket until the server is up.

    With a certificate, and its key in the same file, it is served over TLS. With ``proxy_headers``, as it is by
    default, uvicorn itself believes what a proxy on this machine says.
    """
    # asyncio sends at once only on what says that it is TCP: else each answer's body waits 40 ms for the client.
    family, kind = (socket.AF_INET, socket.IPPROTO_TCP) if unix_socket is None else (socket.AF_UNIX, 0)
    with socket.socket(family, socket.SOCK_STREAM, kind) as listener:
        listener.bind(("127.0.0.1", 0) if unix_socket is None else str(unix_socket))
        listener.listen()
        config = uvicorn.Config(
            keeping_connections(asgi_app),
            log_level="critical",
            lifespan=lifespan,
            ws=websockets,
            ssl_certfile=certificate,
            root_path=root_path,
            timeout_keep_alive=KEEP_ALIVE_S,
            proxy_headers=proxy_headers,
        )
        server = uvicorn.Server(config) if certificate is None else WithoutGoodbyes(config)
        loop = loop_factory()

        def run() -> None:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(server.serve(sockets=[listener]))

        thread = threading.Thread(target=run)
        thread.start()
        try:
            scheme = "http" if certificate is None else "https"
            port = cast("tuple[str, int]", listener.getsockname())[1] if unix_socket is None else 0  # of IPv4
            yield f"{scheme}://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            if isinstance(loop, EndingLoop):
                loop.end()
            thread.join()


def form(email: JSON = "ada@example.com", password: JSON = PASSWORD, **more: JSON) -> dict[str, JSON]:
    """Return the body of a sign-up or sign-in."""
    return {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": password}], **more}


def sign_up(client: httpx2.Client, email: str, headers: dict[str, str] = HEADERS) -> httpx2.Response:
    """Sign up, which must work."""
    response = client.post("/auth/signup", json=form(email), headers=headers)
    assert response.json()["status"] == "OK", response.text
    return response


def bearer(response: httpx2.Response, header: str = "st-access-token") -> dict[str, str]:
    """Return the header by which a token of an answer is sent."""
    return {"authorization": f"Bearer {response.headers[header]}"}


def front_token(response: httpx2.Response) -> dict[str, JSON]:
    """Return what the frontend reads of an answer's front-token."""
    return cast("dict[str, JSON]", json.loads(base64.b64decode(response.headers["front-token"], validate=True)))  # ours


def jwt_part(token: str, index: int) -> dict[str, JSON]:
    """Return the header (0) or payload (1) of a JWT."""
    part = token.split(".")[index]
    return cast("dict[str, JSON]", json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))  # ours


def as_jwt_part(content: JSON) -> str:
    """Return JSON as a part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def set_cookies(response: httpx2.Response) -> dict[str, str]:
    """Return the Set-Cookie headers of an answer, by the cookie's name."""
    found = [value for key, value in response.headers.multi_items() if key == "set-cookie"]
    return {value.partition("=")[0]: value for value in found}


def exposed(response: httpx2.Response) -> set[str]:
    """Return the names that an answer exposes to the frontend."""
    lines = response.headers.get_list("access-control-expose-headers", split_commas=True)
    return {name.strip() for name in lines}
