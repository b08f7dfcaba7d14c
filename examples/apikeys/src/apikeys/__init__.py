"""API keys for programs: a recipe that is not the library's."""

from .calls import CreateKey, CreateKeyPost, ListKeys, ListKeysGet, RevokeKey, RevokeKeyPost, VerifyKey
from .exceptions import KeyRefusedError, ScopeMissingError
from .setup import APIKeysRecipe, APIKeysSetup, InputOverrideConfig, init
from .types import (
    APIKey,
    CreateKeyOkResult,
    CreateKeyPostResult,
    CreateKeyResult,
    ListKeysGetOkResult,
    ListKeysGetResult,
    RevokeKeyPostOkResult,
    RevokeKeyPostResult,
    TooManyKeysError,
    UnknownKeyError,
    VerifyKeyOkResult,
    VerifyKeyResult,
    WrongKeyError,
)

__all__ = [
    "APIKey",
    "APIKeysRecipe",
    "APIKeysSetup",
    "CreateKey",
    "CreateKeyOkResult",
    "CreateKeyPost",
    "CreateKeyPostResult",
    "CreateKeyResult",
    "InputOverrideConfig",
    "KeyRefusedError",
    "ListKeys",
    "ListKeysGet",
    "ListKeysGetOkResult",
    "ListKeysGetResult",
    "RevokeKey",
    "RevokeKeyPost",
    "RevokeKeyPostOkResult",
    "RevokeKeyPostResult",
    "ScopeMissingError",
    "TooManyKeysError",
    "UnknownKeyError",
    "VerifyKey",
    "VerifyKeyOkResult",
    "VerifyKeyResult",
    "WrongKeyError",
    "init",
]
