"""Bodies that are long, slow, or of very many parts."""

from __future__ import annotations

import json
import socket
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from authweave.app import App
from authweave.framework import get_request_from_user_context
from authweave.framework.starlette import get_middleware
from tests.patience import PATIENCE_S

from .serving import form, serving

MIB = 1024 * 1024
JSON = {"content-type": "application/json"}


async def both(request: Request) -> Response:
    """Read the body as an override does, and then as the application."""
    served = get_request_from_user_context()
    assert served is not None
    first = await served.body()
    return JSONResponse({"bytes": len(await request.body()), "same": first == await served.body()})


async def own(request: Request) -> Response:
    """Read the body as the application alone."""
    return JSONResponse({"bytes": len(await request.body())})


@pytest.fixture(scope="module")
def address(auth: App) -> Iterator[str]:
    """Serve an application whose limit is 1 MiB, with two routes of its own."""
    app = Starlette(routes=[Route("/both", both, methods=["POST"]), Route("/own", own, methods=["POST"])])
    app.add_middleware(get_middleware(), app=auth)
    with serving(app) as address:
        yield address


def begin(address: str, path: str, length_bytes: int, *more: str) -> socket.socket:
    """Open a connection and send the head of a request."""
    parts = urlsplit(address)
    assert parts.port is not None
    connection = socket.create_connection((parts.hostname, parts.port), PATIENCE_S)
    head = [f"POST {path} HTTP/1.1", f"Host: {parts.netloc}", "Content-Type: application/json"]
    head += [f"Content-Length: {length_bytes}", *more]
    connection.sendall("\r\n".join([*head, "", ""]).encode())
    return connection


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Return status and body of the next answer of a connection."""
    with connection.makefile("rb") as answer:
        status = int(answer.readline().split()[1])
        headers = dict(line.lower().rstrip().split(b": ", 1) for line in iter(answer.readline, b"\r\n"))
        return status, answer.read(int(headers[b"content-length"]))


@pytest.mark.parametrize("more", [(), ("Expect: 100-continue",)])
@pytest.mark.parametrize("path", ["/auth/signin", "/auth/signup", "/both"])
def test_a_length_that_is_too_long_is_refused_unread(address: str, path: str, more: tuple[str, ...]) -> None:
    """The answer comes though nothing of the body has been sent, and nobody asks for it."""
    with begin(address, path, MIB + 1, *more) as connection:
        status, body = read_answer(connection)
    assert (status, b"longer than the 1048576 bytes" in body) == (413, True)


def test_the_application_may_read_longer_ones(address: str) -> None:
    """Only the library's limit is the library's; so it is with a length that lies within it, but is not kept to."""
    assert httpx2.post(f"{address}/own", content=b"x" * 2 * MIB, timeout=PATIENCE_S).json() == {"bytes": 2 * MIB}
    streamed = httpx2.post(f"{address}/own", content=iter([b"x" * MIB, b"x" * MIB]), timeout=PATIENCE_S)
    assert streamed.json() == {"bytes": 2 * MIB}
    refused = httpx2.post(f"{address}/both", content=iter([b"x" * MIB, b"x"]), timeout=PATIENCE_S)
    assert refused.status_code == 413
    fits = httpx2.post(f"{address}/both", content=b"x" * MIB, timeout=PATIENCE_S)
    assert fits.json() == {"bytes": MIB, "same": True}


@pytest.mark.parametrize("path", ["/auth/signin", "/both", "/own"])
def test_slow_bodies_are_held_once(address: str, path: str) -> None:
    """Twenty bodies of 1 MiB whose last byte is awaited take little more than 20 MiB."""
    content = json.dumps(form("slow@example.com")).encode().ljust(MIB)
    count = 20
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        with ExitStack() as stack:
            slow = [stack.enter_context(begin(address, path, MIB)) for _ in range(count)]
            for connection in slow:
                connection.sendall(content[:-1])

            def has_arrived() -> bool:
                assert httpx2.get(f"{address}/auth/health/live", timeout=PATIENCE_S).status_code == 200
                return tracemalloc.get_traced_memory()[0] - before > 0.95 * count * MIB

            deadline = time.monotonic() + PATIENCE_S
            while not has_arrived():
                assert time.monotonic() < deadline
            peak = tracemalloc.get_traced_memory()[1] - before
            for connection in slow:
                connection.sendall(content[-1:])
                assert read_answer(connection)[0] == 200
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * count * MIB


FIELDS = json.dumps({"formFields": [{"id": "", "value": ""}] * 37_000}, separators=(",", ":"))
TOO_MANY = {"message": "The body has more than 10000 values."}


@pytest.mark.parametrize("path", ["/auth/signin", "/auth/signup"])
@pytest.mark.parametrize(
    "body",
    [
        FIELDS.encode(),
        FIELDS[:400_000].encode("utf-16"),
        FIELDS.replace('""', '"\\""').encode()[:MIB],  # unfinished, and with quotes that end nothing
        b"[" * 200_000,
        b'{"a":' * 100_000,
        json.dumps({"formFields": list(range(100_000))}).encode(),
        json.dumps({"formFields": dict.fromkeys(map(str, range(50_000)))}).encode(),
    ],
)
def test_very_many_values(address: str, path: str, body: bytes) -> None:
    """They are counted before any is made, also where they are no JSON in the end."""
    answer = httpx2.post(address + path, content=body, headers=JSON, timeout=PATIENCE_S)
    assert (answer.status_code, answer.json()) == (400, TOO_MANY)


@pytest.mark.parametrize("count", [3, 3_000])
def test_more_fields_than_the_form_has(address: str, count: int) -> None:
    """Below that number too, none is looked at where there are more than the form has."""
    body = json.dumps({"formFields": [{"id": "email", "value": 1}] * count})
    answer = httpx2.post(f"{address}/auth/signin", content=body, headers=JSON, timeout=PATIENCE_S)
    assert (answer.status_code, answer.json()) == (400, {"message": "Are you sending too many formFields?"})


def test_a_long_text_is_one_value(address: str) -> None:
    """Commas and brackets in a text are not counted."""
    body = json.dumps(form("long@example.com", '[{,\\"' * 100_000))
    answer = httpx2.post(f"{address}/auth/signin", content=body, headers=JSON, timeout=PATIENCE_S)
    assert answer.json()["status"] == "FIELD_ERROR"


@pytest.mark.parametrize(("count", "status"), [(999, 200), (1_001, 400)])
def test_query_parameters(address: str, count: int, status: int) -> None:
    """Nor are more than a thousand query parameters split."""
    query = "&".join(["email=a@x.io", *["a"] * (count - 1)])
    path = f"/auth/emailpassword/email/exists?{query}"
    assert httpx2.get(address + path, timeout=PATIENCE_S).status_code == status
