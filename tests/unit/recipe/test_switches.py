"""Every API of every recipe has a switch, and what its name says is what it switches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from authweave.app import init
from authweave.kernel import CompositionError
from authweave.recipe import emailpassword, emailverification, session, thirdparty
from authweave.recipe.emailpassword.interfaces import APIInterface as PasswordAPIs
from authweave.recipe.emailverification.interfaces import APIInterface as VerificationAPIs
from authweave.recipe.session.interfaces import APIInterface as SessionAPIs
from authweave.recipe.thirdparty.interfaces import APIInterface as ProviderAPIs
from authweave.recipe.totp.interfaces import APIInterface as TOTPAPIs
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo

INTERFACES = (PasswordAPIs, VerificationAPIs, SessionAPIs, ProviderAPIs, TOTPAPIs)
WITHOUT_ROUTE = {"verify_session"}
"""It runs before the application's routes, and so has none to switch off."""


def names_of(interface: type) -> Iterator[str]:
    """Return the APIs of an interface."""
    for name in vars(interface):
        if (name.endswith(("_post", "_get", "_put")) and not name.startswith("disable_")) or name in WITHOUT_ROUTE:
            yield name


@pytest.mark.parametrize("interface", INTERFACES, ids=lambda each: each.__module__.split(".")[-2])
def test_each_has_one(interface: type) -> None:
    """No more and no fewer."""
    switches = {name.removeprefix("disable_") for name in vars(interface) if name.startswith("disable_")}
    assert switches == set(names_of(interface)) - WITHOUT_ROUTE
    assert switches


def entry(recipe_id: str, override: Any) -> Any:  # noqa: ANN401  of several recipes
    """Return the entry of a recipe whose APIs are overridden."""
    match recipe_id:
        case "emailpassword":
            return emailpassword.init(override=emailpassword.InputOverrideConfig(apis=override))
        case "emailverification":
            return emailverification.init("OPTIONAL", override=emailverification.InputOverrideConfig(apis=override))
        case "thirdparty":
            return thirdparty.init(override=thirdparty.InputOverrideConfig(apis=override))
        case _:
            return session.init(override=session.InputOverrideConfig(apis=override))


@pytest.mark.parametrize(
    ("recipe_id", "misspelt", "meant"),
    [
        ("emailpassword", "disable_signin_post", "disable_sign_in_post"),
        ("emailverification", "disable_email_verified_get", "disable_is_email_verified_get"),
        ("session", "disable_sign_out_post", "disable_signout_post"),
        ("thirdparty", "disable_authorization_url_get", "disable_authorisation_url_get"),
    ],
)
def test_a_misspelt_one(recipe_id: str, misspelt: str, meant: str) -> None:
    """`init` names it, with the nearest one that there is."""

    def switches_off(original_implementation: object) -> object:
        setattr(original_implementation, misspelt, True)
        return original_implementation

    others = [] if recipe_id == "session" else [session.init()]
    with pytest.raises(CompositionError) as raised:
        init(
            InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
            [entry(recipe_id, switches_off), *others],
            storage=MemoryStorage(),
            secret=b"s" * 32,
            default=False,
        )
    assert f"replaced {misspelt!r}, which is no function of it; did you mean {meant!r}?" in str(raised.value)
