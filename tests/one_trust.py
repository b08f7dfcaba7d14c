"""
Clients that ask for nothing else share one TLS context: to read the system's certificates takes 25 ms of a processor.

The tests make thousands of clients, most of which speak plain HTTP.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import httpx2
import pytest

if TYPE_CHECKING:
    import ssl

MAKERS: Final = ("httpx2.create_ssl_context", "httpx2._transports.default.create_ssl_context")
NAMED_BY: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""What says whose certificates are trusted, other than the system's."""


def share_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have httpx2 read each set of certificates once."""
    make = httpx2.create_ssl_context
    made: dict[tuple[object, ...], ssl.SSLContext] = {}

    def shared(verify: ssl.SSLContext | str | bool = True, cert: None = None, trust_env: bool = True) -> ssl.SSLContext:
        if verify is not True or cert is not None:
            return make(verify, cert, trust_env)
        trusted = (trust_env, *map(os.environ.get, NAMED_BY))
        if trusted not in made:
            made[trusted] = make(trust_env=trust_env)
        return made[trusted]

    for name in MAKERS:
        monkeypatch.setattr(name, shared)
