"""Tenants."""

from __future__ import annotations

from typing import Final

PUBLIC_TENANT: Final = "public"
"""The tenant that always exists: that of applications without others."""

DEFAULT_TENANT_ID: Final = PUBLIC_TENANT
"""The same, by the name that applications know from SuperTokens."""
