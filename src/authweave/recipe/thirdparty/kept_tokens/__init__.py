"""Tokens of providers that are kept for later, and refreshed once for all who ask for one."""

from .keeping import KeptTokens, Refresher

__all__ = ["KeptTokens", "Refresher"]
