"""The application: wires recipes, overrides and storage; holds the process default."""

from authweave.extending import RecipeEntry, RunningLoopError, blocking, set_default_app

from ._app import App, RecipeSetup
from ._argument_order import SwappedArgumentsError
from ._default import app_in_use, default_app
from ._explanation import Explanation
from ._init import init
from ._secret import place_of, secret_beside
from ._supertokens import Supertokens, is_recipe_initialized
from ._supertokens_config import SupertokensConfig, SupertokensExperimentalConfig
from ._transactions import BoundTransaction, OpenTransaction

__all__ = [
    "App",
    "BoundTransaction",
    "Explanation",
    "OpenTransaction",
    "RecipeEntry",
    "RecipeSetup",
    "RunningLoopError",
    "Supertokens",
    "SupertokensConfig",
    "SupertokensExperimentalConfig",
    "SwappedArgumentsError",
    "app_in_use",
    "blocking",
    "default_app",
    "init",
    "is_recipe_initialized",
    "place_of",
    "secret_beside",
    "set_default_app",
]
