"""What ``authweave doctor`` says of factors that nobody offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final

import pytest

from authweave.app import App, init
from authweave.extending import Finding, RecipeEntry
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, multifactorauth, multitenancy, session, thirdparty, totp
from authweave.recipe.multitenancy import MultitenancyRecipe, TenantConfigCreateOrUpdate
from authweave.recipe.multitenancy.checks import FactorChecks
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo

TENANTS: Final = 7
NAMED: Final = "In the tenants 'shop-0', 'shop-1', 'shop-2', 'shop-3', 'shop-4' and 2 more "


def built(recipes: Sequence[RecipeEntry]) -> App:
    """Return an application with passwords and some recipes."""
    return init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(), *recipes],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        default=False,
    )


def checks_of(app: App) -> FactorChecks:
    """Return what looks at the factors of an application."""
    return FactorChecks(app.services, app.recipe(MultitenancyRecipe).for_any_context)


def by_type() -> RecipeEntry:
    """Return a recipe with a provider that has a client for each of two types, and none for who says no type."""
    clients = [ProviderClientConfig(client_id=each, client_secret="s", client_type=each) for each in ("web", "ios")]
    google = ProviderInput(config=ProviderConfig(third_party_id="google", clients=clients))
    return thirdparty.init(SignInAndUpFeature([google]))


@pytest.mark.parametrize(
    ("first_factors", "others", "severity", "said"),
    [
        (None, [], "ok", "All that are named are offered."),
        (["emailpassword"], [], "ok", "All that are named are offered."),
        (["otp-email"], [], "fault", "nobody can sign in: no recipe offers 'otp-email'."),
        (["totp"], [totp.init], "fault", "nobody can sign in: no recipe offers 'totp'."),
        (["emailpassword", "otp-email"], [], "warning", "no recipe offers 'otp-email', which is named beside others."),
        (["emailpasword"], [], "note", "'emailpasword' is asked for by the application itself, or misspelt"),
        (["thirdparty"], [], "fault", "nobody can sign in: no recipe offers 'thirdparty'."),
        (["thirdparty"], [thirdparty.init], "warning", "'thirdparty' has no provider for clients that do not say"),
        (["thirdparty"], [by_type], "warning", "'thirdparty' has no provider for clients that do not say"),
        (
            ["emailpassword", "thirdparty"],
            [by_type],
            "note",
            "'thirdparty' has no provider for clients that do not say",
        ),
        (["otp-email", "thirdparty"], [by_type], "warning", "no recipe offers 'otp-email', which is named beside"),
    ],
)
def test_first_factors_of_the_application(
    first_factors: list[str] | None, others: Sequence[Callable[[], RecipeEntry]], severity: str, said: str
) -> None:
    """A recipe of providers may have some for clients that say which they are: beside others that is no mistake."""
    with closing(built([multifactorauth.init(first_factors), *(each() for each in others)])) as app:
        found = app.run_blocking(checks_of(app).check_first())
    assert (found.severity, said in found.found) == (severity, True), found
    assert bool(found.advice) == (severity != "ok")


def of_tenants(app: App, look: str, first: Sequence[str] | None, required: Sequence[str] | None) -> Finding:
    """Say what tenants name, and look."""
    functions, change = app.recipe(MultitenancyRecipe).functions, TenantConfigCreateOrUpdate({}, first, required)
    for number in range(TENANTS):
        app.run_blocking(functions.create_or_update_tenant(f"shop-{number}", change, UserContext()))
    checks = checks_of(app)
    found: Finding = app.run_blocking(checks.check_first() if look == "first" else checks.check_required())
    return found


@pytest.mark.parametrize(
    ("named", "severity", "said"),
    [
        (["totp"], "ok", "All that are named are offered."),
        (["webauthn"], "fault", "nobody gets past the second factor: no recipe offers 'webauthn'."),
        (["totp", "webauthn"], "warning", "no recipe offers 'webauthn', which is named beside others."),
        (["paper", "webauthn"], "warning", "no recipe offers 'webauthn', which is named beside others."),
        (["paper"], "note", "'paper' is asked for by the application itself, or misspelt"),
        ([], "ok", "All that are named are offered."),
    ],
)
def test_what_tenants_require(named: list[str], severity: str, said: str) -> None:
    """Of many tenants some are named."""
    with closing(built([multifactorauth.init(), totp.init()])) as app:
        found = of_tenants(app, "required", None, named)
    assert (found.severity, said in found.found) == (severity, True), found
    assert severity == "ok" or found.found.startswith(NAMED)


def test_tenants_without_the_recipe_that_asks() -> None:
    """Their own first factors are looked at, none on purpose are right, and what is required is asked for by nobody."""
    with closing(built([multitenancy.init()])) as app:
        assert of_tenants(app, "first", [], ["totp"]).severity == "ok"
        required = of_tenants(app, "required", [], ["totp"])
        assert required.severity == "fault"
        assert required.found == f"{NAMED}second factors are required, and nobody asks for them."
        first = of_tenants(app, "first", ["link-phone"], None)
        assert first == Finding(
            "fault",
            f"{NAMED}nobody can sign in: no recipe offers 'link-phone'.",
            "Add the recipe to recipe_list, or a provider to the tenant, or take the factor out of first_factors.",
        )
