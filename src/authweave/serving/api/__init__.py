"""
The API for other programs of the application's own, in whatever language: sessions, users, roles, metadata, by a key.

See docs/reference/server-api.md.
"""

from .setup import ServerApiRecipe, ServerApiSetup, init

__all__ = ["ServerApiRecipe", "ServerApiSetup", "init"]
