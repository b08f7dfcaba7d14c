"""Limit how many attempts at a secret may fail. On by default, for every recipe that checks one."""

from .ahead import Ahead
from .attempt import Attempt, Attempts
from .calls import AllowAttempt, RecordAttempt
from .config import AttemptsConfig, Limit
from .exceptions import TooManyAttemptsError
from .setup import AttemptsRecipe, AttemptsSetup, InputOverrideConfig, init
from .types import Action, AllowAttemptResult, AttemptAllowed, AttemptRefused

__all__ = [
    "Action",
    "Ahead",
    "AllowAttempt",
    "AllowAttemptResult",
    "Attempt",
    "AttemptAllowed",
    "AttemptRefused",
    "Attempts",
    "AttemptsConfig",
    "AttemptsRecipe",
    "AttemptsSetup",
    "InputOverrideConfig",
    "Limit",
    "RecordAttempt",
    "TooManyAttemptsError",
    "init",
]
