"""Which address a request comes from, over real sockets."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from authweave import get_request_from_user_context, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import session
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S

from .serving import serving

PUBLIC = "93.184.216.34"
OTHER = "8.8.4.4"

Told = dict[str, str | None]


def here(address: str | None, network: str | None) -> Told:
    """Return what the application tells of a client."""
    return {"client": address, "network": network}


@contextmanager
def asked(
    proxies: Sequence[str] | None, *, proxy_headers: bool = False, unix_socket: Path | None = None
) -> Generator[httpx2.Client]:
    """Serve an application that tells who asks, and open a client of it."""
    auth = init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init()],
        storage="sqlite://",
        trusted_proxies=proxies,
        default=False,
    )
    web_app = FastAPI()
    web_app.add_middleware(get_middleware(), app=auth)

    @web_app.get("/client")
    async def client() -> Told:
        request = get_request_from_user_context()
        assert request is not None
        return {"client": request.client, "network": request.client_network}

    transport = None if unix_socket is None else httpx2.HTTPTransport(uds=str(unix_socket))
    with (
        closing(auth),
        serving(web_app, proxy_headers=proxy_headers, unix_socket=unix_socket) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S, transport=transport) as opened,
    ):
        yield opened


def tell(client: httpx2.Client, *forwarded_for: str) -> Told:
    """Ask who asks."""
    listed = [("x-forwarded-for", each) for each in forwarded_for]
    told: Told = client.get("/client", headers=[*listed, ("forwarded", f"for={OTHER}"), ("x-real-ip", OTHER)]).json()
    return told


def test_no_proxy_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """A private address is told and not counted, of which one line warns; headers are passed over."""
    with asked(None) as client:
        for listed in ([], [PUBLIC], [f"{PUBLIC}, 127.0.0.1"]):
            assert tell(client, *listed) == here("127.0.0.1", None)
    events = [vars(record)["event"] for record in caplog.records if record.levelno >= logging.WARNING]
    assert events == ["clients_uncounted"]


def test_clients_connect_directly() -> None:
    """That is what an empty list says: then private addresses count."""
    with asked([]) as client:
        assert tell(client, PUBLIC) == here("127.0.0.1", "127.0.0.1")


@pytest.mark.parametrize(
    ("forwarded_for", "told"),
    [
        ([PUBLIC], here(PUBLIC, PUBLIC)),
        ([OTHER, PUBLIC], here(PUBLIC, PUBLIC)),
        ([f"{OTHER}, {PUBLIC}, 127.0.0.2"], here(PUBLIC, PUBLIC)),
        (["[2600:1f18::1]:443"], here("2600:1f18::1", "2600:1f18::/64")),
        ([], here("127.0.0.1", None)),
        (["unknown"], here("127.0.0.1", None)),
        ([f"{PUBLIC}, ;=%00"], here("127.0.0.1", None)),
    ],
)
def test_a_named_proxy(forwarded_for: Sequence[str], told: Told) -> None:
    """It says who asks."""
    with asked(["127.0.0.0/8"]) as client:
        assert tell(client, *forwarded_for) == told


def test_a_proxy_that_is_not_named() -> None:
    """It is the client itself."""
    with asked(["10.0.0.0/8"]) as client:
        assert tell(client, PUBLIC) == here("127.0.0.1", "127.0.0.1")


@pytest.mark.parametrize(
    ("proxies", "told"), [(["unix"], here(PUBLIC, PUBLIC)), (None, here(None, None)), (["10.0.0.7"], here(None, None))]
)
def test_a_unix_socket(tmp_path: Path, proxies: Sequence[str] | None, told: Told) -> None:
    """The proxy behind it has no address, and a name of its own."""
    with asked(proxies, unix_socket=tmp_path / "s") as client:
        assert tell(client, OTHER, PUBLIC) == told


@pytest.mark.parametrize("proxies", [None, [], ["127.0.0.1"]])
def test_a_server_that_reads_the_header_itself(proxies: Sequence[str] | None) -> None:
    """Uvicorn does so for proxies on this machine: then its word is taken for the connection."""
    with asked(proxies, proxy_headers=True) as client:
        assert tell(client, OTHER, PUBLIC) == here(PUBLIC, PUBLIC)
