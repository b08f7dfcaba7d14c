"""The default application, by the name that it has in SuperTokens."""

from __future__ import annotations

from authweave.extending import set_default_app
from authweave.types import ConfigurationError

from ._app import App
from ._default import app_in_use, default_app


class Supertokens:
    """
    The default application, as SuperTokens names it. `authweave.App` is what there is to it.

    .. versionadded:: 0.1.0
    """

    @staticmethod
    def get_instance() -> App:
        """
        Return the application that `authweave.init` made.

        Raises:
            authweave.types.ConfigurationError: there is none.
        """
        return default_app()

    @staticmethod
    def reset() -> None:
        """
        Close the default application and leave the process without one, between two tests.

        It is enough: recipes keep nothing elsewhere, and have no ``reset`` of their own. ``init`` alone does too, which
        takes the place of the former application and leaves it open for whoever holds it.
        """
        try:
            app = default_app()
        except ConfigurationError:
            return
        set_default_app(None)
        app.close()


def is_recipe_initialized(recipe_id: str) -> bool:
    """
    Return whether the application in use has a recipe: the one that serves the request, else the default one.

    Args:
        recipe_id: the recipe's (``emailpassword``).

    Raises:
        authweave.types.ConfigurationError: there is no application.

    .. versionadded:: 0.1.0
    """
    return recipe_id in app_in_use().loaded
