"""The application: wires recipes, overrides and storage; holds the process default."""

from authweave.security import BusyError
from authweave.storage import StorageError

from ._app import App, RecipeSetup
from ._blocking import RunningLoopError, blocking
from ._default import default_app, passed_on, set_default_app
from ._init import init

__all__ = [
    "App",
    "BusyError",
    "RecipeSetup",
    "RunningLoopError",
    "StorageError",
    "blocking",
    "default_app",
    "init",
    "passed_on",
    "set_default_app",
]
