"""Passkeys in Chromium, with its virtual authenticator: on pages of ``supertokens-auth-react``, and by web-js."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from selenium import webdriver

from authweave.recipe import session, webauthn
from authweave.recipe.webauthn import WebauthnConfig
from tests.e2e.chromium import keep_picture, somebody_else
from tests.e2e.factor_pages import Stage, add_authenticator, staged

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.usefixtures("driver")]

WITH_PASSKEY: Final = "CONTINUE WITH PASSKEY"
TRY_AGAIN: Final = "The request either timed out, was canceled or the device is already registered."
INVALID: Final = "The passkey is invalid"

SIGN_UP: Final = "return Webauthn.registerCredentialWithSignUp({ email: given[0] })"
SIGN_IN: Final = "return Webauthn.authenticateCredentialWithSignIn({})"
SIGN_OUT: Final = "return Session.signOut()"
LIST: Final = "return Webauthn.listCredentials({})"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, chromium: webdriver.Chrome) -> Iterator[Stage]:
    """Serve an application with nothing but passkeys."""
    recipes = [webauthn.init(WebauthnConfig()), session.init()]
    with staged(chromium, tmp_path_factory.mktemp("passkeys"), recipes) as stage:
        yield stage


def sign_up(stage: Stage, address: str) -> str:
    """Sign somebody up on the page, and return his id."""
    stage.visitor.visit("/auth?mode=passkeys&show=signup")
    stage.visitor.fill(email=address)
    stage.visitor.sees("Create a passkey")
    keep_picture(stage.driver, "factors-passkey-sign-up")
    stage.visitor.press("CONTINUE")
    return stage.home()


def test_signing_up_and_in(stage: Stage) -> None:
    """The page makes a passkey and signs in with it; where there is none it says so; an address has one account."""
    ada = "passkey@example.com"
    add_authenticator(stage.driver)
    user = sign_up(stage, ada)
    (made,) = stage.driver.get_credentials()
    assert (made.rp_id, made.is_resident_credential) == ("localhost", True)
    stage.visitor.press("SIGN OUT")
    stage.visitor.press(WITH_PASSKEY)
    assert stage.home() == user
    with somebody_else(stage.driver):
        add_authenticator(stage.driver)
        stage.visitor.visit("/auth?mode=passkeys")
        stage.visitor.press(WITH_PASSKEY)
        stage.visitor.sees(TRY_AGAIN)
        stage.visitor.visit("/auth?mode=passkeys&show=signup")
        stage.visitor.fill(email=ada)
        stage.visitor.sees("Create a passkey")
        stage.visitor.press("CONTINUE")
        stage.visitor.sees("Email already exists")


def test_an_account_is_recovered(stage: Stage) -> None:
    """The link of the mail makes a passkey on another device; the one of the address that nobody had proven is gone."""
    ada = "recovered@example.com"
    add_authenticator(stage.driver)
    user = sign_up(stage, ada)
    stage.visitor.press("SIGN OUT")
    with somebody_else(stage.driver):
        add_authenticator(stage.driver)
        stage.visitor.visit("/auth/webauthn/recover/send-email")
        stage.visitor.fill(email=ada)
        stage.visitor.sees("Email sent")
        found = re.search(r"http://localhost:\d+/\S+", stage.mail_to(ada))
        assert found is not None
        stage.visitor.visit(found[0])
        stage.visitor.sees(ada)
        keep_picture(stage.driver, "factors-passkey-recovery")
        stage.visitor.press("CONTINUE")
        stage.visitor.sees("Account recovered successfully!")
        stage.visitor.press("CONTINUE")
        stage.visitor.press(WITH_PASSKEY)
        assert stage.home() == user
        stage.visitor.visit(found[0])
        stage.visitor.sees("token used for recovering the account is invalid")
    stage.visitor.press(WITH_PASSKEY)
    stage.visitor.sees(INVALID)


def test_several_passkeys(stage: Stage) -> None:
    """One is added on another device, and the first one is removed, with which nobody signs in any more."""
    ada = "several@example.com"
    add_authenticator(stage.driver)
    user = stage.run(SIGN_UP, ada)["user"]
    (first,) = stage.driver.get_credentials()
    stage.driver.remove_virtual_authenticator()
    add_authenticator(stage.driver)
    add = "return Webauthn.createAndRegisterCredentialForSessionUser({ email: given[0], recipeUserId: given[1] })"
    assert stage.run(add, ada, user["loginMethods"][0]["recipeUserId"])["status"] == "OK"
    listed = [each["webauthnCredentialId"] for each in stage.run(LIST)["credentials"]]
    assert len(listed) == 2
    assert first.id.rstrip("=") in listed
    remove = "return Webauthn.removeCredential({ webauthnCredentialId: given[0] })"
    assert stage.run(remove, first.id.rstrip("="))["status"] == "OK"
    assert len(stage.run(LIST)["credentials"]) == 1
    stage.run(SIGN_OUT)
    assert stage.run(SIGN_IN)["user"]["id"] == user["id"]
    stage.run(SIGN_OUT)
    stage.driver.remove_all_credentials()
    stage.driver.add_credential(first)
    assert stage.run(SIGN_IN)["status"] == "INVALID_CREDENTIALS_ERROR"


def test_passkeys_among_the_suggestions_of_a_field(stage: Stage) -> None:
    """A page asks before anybody does anything (conditional mediation): whoever chooses his passkey is signed in."""
    add_authenticator(stage.driver)
    user = stage.run(SIGN_UP, "conditional@example.com")["user"]
    stage.run(SIGN_OUT)
    answer = stage.run(
        """
        const { fetchResponse, ...optionsJSON } = await Webauthn.getSignInOptions({});
        const how = { useBrowserAutofill: true, verifyBrowserAutofillInput: false };
        const credential = await startAuthentication({ optionsJSON, ...how });
        const { webauthnGeneratedOptionsId } = optionsJSON;
        return Webauthn.signIn({ webauthnGeneratedOptionsId, credential });
        """
    )
    assert answer["user"]["id"] == user["id"]
