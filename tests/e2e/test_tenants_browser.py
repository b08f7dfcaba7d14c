"""Two tenants with different ways to sign in, on pre-built pages that ask for them (`usesDynamicLoginMethods`)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from authweave.recipe.multitenancy import AssociateUserToTenantOkResult, TenantConfigCreateOrUpdate
from authweave.recipe.multitenancy.syncio import (
    associate_user_to_tenant,
    create_or_update_tenant,
    create_or_update_third_party_config,
    disassociate_user_from_tenant,
)
from authweave.syncio import list_users_by_account_info
from authweave.types import RecipeUserId
from authweave.types.base import AccountInfoInput
from tests.e2e.bundles import EXAMPLES, bundled
from tests.e2e.chromium import keep_picture
from tests.e2e.frontend_site import Site, example
from tests.e2e.prebuilt_pages import SIGN_OUT, Visitor
from tests.e2e.test_login_methods_browser import local_provider, through_provider
from tests.integration.http.serving import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.node]

ADDRESS: Final = "ada@example.com"
FORM: Final = "Forgot password?"
BUTTON: Final = "Continue with Local"


def allow(tenant_id: str, *factors: str) -> None:
    """Make a tenant whose people sign in with some factors, or change them."""
    create_or_update_tenant(tenant_id, TenantConfigCreateOrUpdate(first_factors=factors))


@contextmanager
def visiting(driver: webdriver.Chrome, folder: Path) -> Generator[tuple[Visitor, Site]]:
    """Serve the example for a block: ``acme`` signs in with passwords, ``corp`` with a provider of its own."""
    script = folder / "main.js"
    script.write_bytes(bundled(EXAMPLES / "auth_react" / "main.jsx"))
    with ExitStack() as stack:

        def made(make: Callable[..., FastAPI], origin: str) -> FastAPI:
            web = make(script, origin, f"sqlite:///{folder / 'auth.db'}")
            allow("acme", "emailpassword")
            allow("corp", "thirdparty")
            config = stack.enter_context(local_provider(origin)).config
            create_or_update_third_party_config("corp", config)
            return web

        site = stack.enter_context(example(driver, "auth_react", made))
        yield Visitor(driver, site.origin, site.api), site


def user_id_at(visitor: Visitor) -> str:
    """Return whose session the page shows."""
    visitor.sees("You are ")
    return visitor.text().partition("You are ")[2].split()[0]


def sign_out(visitor: Visitor) -> None:
    """Sign out, and wait for the page to which that leads."""
    visitor.sign_out()
    visitor.sees(FORM)  # of the tenant public


def sign_up(visitor: Visitor) -> str:
    """Sign up on the page of ``acme``, and out; return the user's id."""
    visitor.press("Sign Up")
    visitor.api.forget()
    visitor.enter("email", ADDRESS, Keys.TAB)
    visitor.asks("emailpassword GET /acme/emailpassword/email/exists")
    visitor.fill(password=PASSWORD)
    ada = user_id_at(visitor)
    sign_out(visitor)
    visitor.asks(
        "emailpassword POST /acme/signup formFields not-linking front-token",
        SIGN_OUT,
        "multitenancy GET /loginmethods",
    )
    return ada


def test_two_tenants(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """Each page shows the ways of its tenant; a user of both is one; whoever is taken out gets no further."""
    with visiting(driver, tmp_path) as (visitor, site):
        visitor.visit("/auth?tenantId=acme")
        visitor.sees(FORM)
        assert "Continue with" not in visitor.text()
        keep_picture(driver, "frontend-auth-react-tenant-password")
        ada = sign_up(visitor)

        visitor.visit("/auth?tenantId=corp")
        visitor.sees(BUTTON)
        visitor.asks("multitenancy GET /corp/loginmethods")
        assert FORM not in visitor.text()
        keep_picture(driver, "frontend-auth-react-tenant-provider")
        through_provider(visitor)
        assert user_id_at(visitor) != ada
        sign_out(visitor)

        (user,) = list_users_by_account_info("acme", AccountInfoInput(email=ADDRESS))
        (method,) = user.login_methods
        shared = associate_user_to_tenant("corp", method.recipe_user_id)
        assert shared == AssociateUserToTenantOkResult(was_already_associated=False)
        allow("corp", "thirdparty", "emailpassword")
        visitor.visit("/auth?tenantId=corp")
        visitor.sees(BUTTON)
        visitor.fill(email=ADDRESS, password=PASSWORD)
        assert user_id_at(visitor) == ada
        sign_out(visitor)

        visitor.visit("/auth?tenantId=corp")
        visitor.sees(FORM)
        allow("corp", "thirdparty")  # while the page is open
        visitor.fill(email=ADDRESS, password=PASSWORD)
        visitor.waiting().until(lambda _: "POST /auth/corp/signin 401" in site.api.answered)
        visitor.visit("/auth?tenantId=corp")
        visitor.sees(BUTTON)
        assert FORM not in visitor.text()

        disassociate_user_from_tenant("acme", RecipeUserId(ada))
        visitor.visit("/auth?tenantId=acme")
        visitor.fill(email=ADDRESS, password=PASSWORD)
        visitor.sees("Incorrect email and password combination")

        visitor.visit("/auth?tenantId=acme")
        visitor.sees(FORM)
        allow("acme")
        asked = site.api.count("GET /auth/acme/loginmethods 200")
        visitor.visit("/auth?tenantId=acme")
        visitor.waiting().until(lambda _: site.api.count("GET /auth/acme/loginmethods 200") > asked)
        assert FORM not in visitor.text()
