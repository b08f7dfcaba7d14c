"""
Authentication that lives inside a Python application.

Names are loaded when they are first used, so that ``import authweave.kernel`` loads the kernel alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from authweave.app import (
        App,
        Supertokens,
        SupertokensConfig,
        SupertokensExperimentalConfig,
        default_app,
        init,
        is_recipe_initialized,
    )
    from authweave.extending import RecipeInit
    from authweave.framework import get_request_from_user_context
    from authweave.hooks import on_user_changed, on_user_created, on_user_deleted
    from authweave.http import get_all_cors_headers
    from authweave.kernel import AuthweaveError, UserContext, override
    from authweave.types import AppInfo, InputAppInfo, RecipeUserId, convert_to_recipe_user_id

__all__ = [
    "App",
    "AppInfo",
    "AuthweaveError",
    "InputAppInfo",
    "RecipeInit",
    "RecipeUserId",
    "Supertokens",
    "SupertokensConfig",
    "SupertokensExperimentalConfig",
    "UserContext",
    "convert_to_recipe_user_id",
    "default_app",
    "get_all_cors_headers",
    "get_request_from_user_context",
    "init",
    "is_recipe_initialized",
    "on_user_changed",
    "on_user_created",
    "on_user_deleted",
    "override",
]

_ROOMS = {
    "App": "authweave.app",
    "AppInfo": "authweave.types",
    "AuthweaveError": "authweave.kernel",
    "InputAppInfo": "authweave.types",
    "RecipeInit": "authweave.extending",
    "RecipeUserId": "authweave.types",
    "Supertokens": "authweave.app",
    "SupertokensConfig": "authweave.app",
    "SupertokensExperimentalConfig": "authweave.app",
    "UserContext": "authweave.kernel",
    "convert_to_recipe_user_id": "authweave.types",
    "default_app": "authweave.app",
    "get_all_cors_headers": "authweave.http",
    "get_request_from_user_context": "authweave.framework",
    "init": "authweave.app",
    "is_recipe_initialized": "authweave.app",
    "on_user_changed": "authweave.hooks",
    "on_user_created": "authweave.hooks",
    "on_user_deleted": "authweave.hooks",
    "override": "authweave.kernel",
}


if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a public name from its room (PEP 562)."""
        from authweave.kernel import load_name  # noqa: PLC0415  every start of pytest would pay for it

        return load_name(__name__, name, _ROOMS)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return __all__
