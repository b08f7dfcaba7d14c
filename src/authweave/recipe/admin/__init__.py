"""A page for administrators: users, their sessions, roles, ways to sign in and events, and what can be done to them."""

from typing import TYPE_CHECKING

from authweave.kernel import load_name

from .config import AdminConfig
from .guard import Allowed
from .setup import AdminRecipe, AdminSetup, init

if TYPE_CHECKING:
    from .local import LocalAdmin, local_admin

__all__ = ["AdminConfig", "AdminRecipe", "AdminSetup", "Allowed", "LocalAdmin", "init", "local_admin"]

_MODULES = {"LocalAdmin": ".local", "local_admin": ".local"}

if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a name from its module (PEP 562): what renders pages needs an extra."""
        return load_name(__name__, name, _MODULES)
