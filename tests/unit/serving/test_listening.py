"""The socket that the server takes connections from."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from authweave.serving import read_config
from authweave.serving._server import listen

pytestmark = pytest.mark.sockets

CONFIG = """
[app]
name = "Test"
api_domain = "http://localhost:1"
website_domain = "http://localhost:2"

[storage]
url = "sqlite://"
"""


def test_the_body_of_an_answer_does_not_wait_for_the_head(tmp_path: Path) -> None:
    """Nagle's algorithm is off: with it each answer of a connection but the first takes 40 ms longer on Linux."""
    file = tmp_path / "serve.toml"
    file.write_text(CONFIG)
    config, _ = read_config(file, {"AUTHWEAVE_SERVE_SERVER_PORT": "0"})
    with listen(config) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
