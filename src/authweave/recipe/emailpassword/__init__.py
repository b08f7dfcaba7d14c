"""Sign up and sign in with an address and a password."""

from .config import EmailPasswordConfig, InputSignUpFeature
from .setup import EmailPasswordRecipe, EmailPasswordSetup, InputOverrideConfig, init
from .types import InputFormField

__all__ = [
    "EmailPasswordConfig",
    "EmailPasswordRecipe",
    "EmailPasswordSetup",
    "InputFormField",
    "InputOverrideConfig",
    "InputSignUpFeature",
    "init",
]
