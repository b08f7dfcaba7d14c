"""The application: wires recipes, overrides and storage; holds the process default."""

from authweave.recipe._services import RecipeEntry

from ._app import App, RecipeSetup
from ._blocking import RunningLoopError, blocking
from ._default import default_app, passed_on, set_default_app
from ._explanation import Explanation
from ._init import init
from ._secret import secret_beside

__all__ = [
    "App",
    "Explanation",
    "RecipeEntry",
    "RecipeSetup",
    "RunningLoopError",
    "blocking",
    "default_app",
    "init",
    "passed_on",
    "secret_beside",
    "set_default_app",
]
