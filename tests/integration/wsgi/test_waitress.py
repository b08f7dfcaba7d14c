"""Bodies over Waitress's own sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
from flask import Flask, request

from authweave.app import App
from authweave.framework.flask import Middleware
from tests.integration.frameworks.serving import waitress
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets
BODY = b'{"formFields": []}'


def view() -> bytes:
    """Return the body."""
    return request.get_data()


@pytest.fixture(scope="module")
def address(auth: App) -> Iterator[str]:
    """Serve a Flask application with a view that reads its body."""
    app = Flask("bodies")
    app.post("/own")(view)
    Middleware(app, auth)
    with waitress(app) as address:
        yield address


@pytest.mark.parametrize(("path", "told"), [("/auth/signin", b"FIELD_ERROR"), ("/own", BODY)])
def test_expect(address: str, path: str, told: bytes) -> None:
    """A client that waits to be asked for its body (RFC 9110, section 10.1.1) is, and its request answered."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), PATIENCE_S) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        more = f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        connection.sendall((head + more).encode())
        with connection.makefile("rb") as answer:
            assert answer.readline().split()[1] == b"100"
            connection.sendall(BODY)
            whole = answer.read()
    assert b" 200 " in whole
    assert told in whole


def test_chunks(address: str) -> None:
    """A body of chunks is read by the library and by the view as one with a length is."""
    content = [BODY[:5], BODY[5:]]
    own = httpx2.post(f"{address}/own", content=iter(content), timeout=PATIENCE_S)
    assert own.content == BODY
    json = {"content-type": "application/json"}
    signed = httpx2.post(f"{address}/auth/signin", content=iter(content), headers=json, timeout=PATIENCE_S)
    assert signed.json()["status"] == "FIELD_ERROR"
