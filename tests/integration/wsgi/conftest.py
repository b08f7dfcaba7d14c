from __future__ import annotations

from tests.integration.http.conftest import auth

__all__ = ["auth"]
