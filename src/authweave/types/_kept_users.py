"""Users as they are kept until somebody is told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from ._accounts import LoginMethod, RecipeUserId, ThirdPartyInfo, WebauthnInfo
from ._users import User

T = TypeVar("T")


def kept_user(user: User) -> bytes:
    """Return a user as JSON: all attributes, under their own names."""
    return json.dumps(attrs.asdict(user), ensure_ascii=False, separators=(",", ":")).encode()


def user_of_kept(kept: bytes) -> User:
    """
    Return the user that was kept. What another release knows of it beside is left out.

    Raises:
        ValueError: it is none.
    """
    try:
        found: dict[str, Any] = json.loads(kept)  # Any: JSON
        methods = [login_method_of(each) for each in found["login_methods"]]
        return made_of(User, {**found, "login_methods": methods})
    except (KeyError, TypeError) as error:
        message = "This is no user as this release keeps them."
        raise ValueError(message) from error


def login_method_of(found: Mapping[str, Any]) -> LoginMethod:  # Any: JSON
    """Return a login method that was kept."""
    third_party, webauthn = found["third_party"], found.get("webauthn")
    return made_of(
        LoginMethod,
        {
            **found,
            "recipe_user_id": RecipeUserId(**found["recipe_user_id"]),
            "third_party": None if third_party is None else ThirdPartyInfo(third_party["user_id"], third_party["id"]),
            "webauthn": None if webauthn is None else WebauthnInfo(webauthn["credential_ids"]),
        },
    )


def made_of(cls: type[T], values: Mapping[str, Any]) -> T:  # Any: as above
    """Make a value of those of its attributes that there are."""
    known = {each.name for each in attrs.fields(cls)}  # type: ignore[arg-type]  # an attrs class
    return cls(**{name: value for name, value in values.items() if name in known})
