"""Tenants: users of one cannot sign in to another."""

from __future__ import annotations

from typing import Final

PUBLIC_TENANT: Final = "public"
"""The tenant of applications that have no others; it is always there."""
