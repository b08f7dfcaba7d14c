from __future__ import annotations

from tests.integration.http.conftest import address, auth, client

__all__ = ["address", "auth", "client"]
