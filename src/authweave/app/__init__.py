"""The application: wires recipes, overrides and storage; holds the process default."""

from authweave.extending import RecipeEntry, RunningLoopError, blocking, set_default_app

from ._app import App, RecipeSetup
from ._argument_order import SwappedArgumentsError
from ._default import default_app
from ._explanation import Explanation
from ._init import init
from ._secret import place_of, secret_beside
from ._transactions import BoundTransaction, OpenTransaction

__all__ = [
    "App",
    "BoundTransaction",
    "Explanation",
    "OpenTransaction",
    "RecipeEntry",
    "RecipeSetup",
    "RunningLoopError",
    "SwappedArgumentsError",
    "blocking",
    "default_app",
    "init",
    "place_of",
    "secret_beside",
    "set_default_app",
]
