"""Passkeys in Chromium, with its virtual authenticator: on pages of ``supertokens-auth-react``, and by web-js."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from selenium import webdriver

from authweave.recipe import session, webauthn
from authweave.recipe.webauthn import WebauthnConfig
from tests.e2e.chromium import keep_picture, somebody_else
from tests.e2e.factor_pages import Stage, add_authenticator, staged
from tests.e2e.prebuilt_pages import NO_SESSION, SIGN_OUT

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.usefixtures("driver")]

WITH_PASSKEY: Final = "CONTINUE WITH PASSKEY"
TRY_AGAIN: Final = "The request either timed out, was canceled or the device is already registered."
INVALID: Final = "The passkey is invalid"

SIGN_UP: Final = "return Webauthn.registerCredentialWithSignUp({ email: given[0] })"
SIGN_IN: Final = "return Webauthn.authenticateCredentialWithSignIn({})"
SIGN_IN_WITH: Final = """
const { fetchResponse, ...options } = await Webauthn.getSignInOptions({});
const authenticationOptions = { ...options, allowCredentials: [{ id: given[0], type: "public-key" }] };
const { authenticationResponse: credential } = await Webauthn.authenticateCredential({ authenticationOptions });
return Webauthn.signIn({ webauthnGeneratedOptionsId: options.webauthnGeneratedOptionsId, credential });
"""
"""A page that knows which passkey its visitor has names it, so that it need not be kept by the authenticator."""

END: Final = "return Session.signOut()"
EXISTS: Final = "return Webauthn.getEmailExists({ email: given[0] })"
REMOVE: Final = "return Webauthn.removeCredential({ webauthnCredentialId: given[0] })"
LIST: Final = "return Webauthn.listCredentials({})"

REGISTER_OPTIONS: Final = "webauthn POST /webauthn/options/register email"
RECOVERY_OPTIONS: Final = "webauthn POST /webauthn/options/register recoverAccountToken"
SIGN_IN_OPTIONS: Final = "webauthn POST /webauthn/options/signin {}"
MAKE: Final = "webauthn POST /webauthn/signup credential webauthnGeneratedOptionsId front-token"
USE: Final = "webauthn POST /webauthn/signin credential webauthnGeneratedOptionsId front-token"
ASK_FOR_RECOVERY: Final = "webauthn POST /user/webauthn/reset/token email"
RECOVER: Final = "webauthn POST /user/webauthn/reset credential token webauthnGeneratedOptionsId"
ADD: Final = "webauthn POST /webauthn/credential credential recipeUserId webauthnGeneratedOptionsId"
LISTED: Final = "webauthn GET /webauthn/credential/list"
REMOVED: Final = "webauthn POST /webauthn/credential/remove webauthnCredentialId"


@contextmanager
def passkeys(driver: webdriver.Chrome, folder: Path, config: WebauthnConfig) -> Generator[Stage]:
    """Serve an application with nothing but passkeys for a block."""
    with staged(driver, folder, [webauthn.init(config), session.init()]) as stage:
        yield stage


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: webdriver.Chrome) -> Iterator[Stage]:
    """Serve one with the defaults."""
    with passkeys(chromium, tmp_path_factory.mktemp("passkeys"), WebauthnConfig()) as stage:
        yield stage


@pytest.fixture
def stage(served: Stage) -> Stage:
    """Return it, with nothing asked of it yet."""
    served.visitor.api.forget()
    return served


@pytest.fixture(scope="module")
def tolerant(tmp_path_factory: pytest.TempPathFactory, chromium: webdriver.Chrome) -> Iterator[Stage]:
    """Serve one that takes passkeys which an authenticator does not keep."""
    config = WebauthnConfig(resident_key="preferred")
    with passkeys(chromium, tmp_path_factory.mktemp("tolerant"), config) as stage:
        yield stage


def sign_up(stage: Stage, address: str) -> str:
    """Sign somebody up on the page, and return his id."""
    stage.visitor.visit("/auth?mode=passkeys&show=signup")
    stage.visitor.fill(email=address)
    stage.visitor.sees("Create a passkey")
    keep_picture(stage.driver, "factors-passkey-sign-up")
    stage.visitor.asks(NO_SESSION)
    stage.visitor.press("CONTINUE")
    user = stage.home()
    stage.visitor.asks(REGISTER_OPTIONS, MAKE)
    return user


def test_signing_up_and_in(stage: Stage) -> None:
    """The page makes a passkey and signs in with it; where there is none it says so; an address has one account."""
    ada = "passkey@example.com"
    add_authenticator(stage.driver)
    user = sign_up(stage, ada)
    (made,) = stage.driver.get_credentials()
    assert (made.rp_id, made.is_resident_credential) == ("localhost", True)
    stage.visitor.sign_out()
    stage.visitor.press(WITH_PASSKEY)
    assert stage.home() == user
    stage.visitor.asks(SIGN_OUT, SIGN_IN_OPTIONS, USE)
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
    stage.visitor.sign_out()
    with somebody_else(stage.driver):
        add_authenticator(stage.driver)
        stage.visitor.visit("/auth/webauthn/recover/send-email")
        stage.visitor.fill(email=ada)
        stage.visitor.sees("Email sent")
        stage.visitor.asks(SIGN_OUT, NO_SESSION, ASK_FOR_RECOVERY)
        found = re.search(r"http://localhost:\d+/\S+", stage.mail_to(ada))
        assert found is not None
        stage.visitor.visit(found[0])
        stage.visitor.sees(ada)
        stage.visitor.asks(RECOVERY_OPTIONS)
        keep_picture(stage.driver, "factors-passkey-recovery")
        stage.visitor.press("CONTINUE")
        stage.visitor.sees("Account recovered successfully!")
        stage.visitor.asks(RECOVER)
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
    stage.visitor.api.forget()
    assert stage.run(add, ada, user["loginMethods"][0]["recipeUserId"])["status"] == "OK"
    listed = [each["webauthnCredentialId"] for each in stage.run(LIST)["credentials"]]
    assert len(listed) == 2
    assert first.id.rstrip("=") in listed
    assert stage.run(REMOVE, first.id.rstrip("="))["status"] == "OK"
    assert len(stage.run(LIST)["credentials"]) == 1
    stage.visitor.asks(REGISTER_OPTIONS, ADD, LISTED, REMOVED, LISTED)
    stage.run(END)
    assert stage.run(SIGN_IN)["user"]["id"] == user["id"]
    stage.run(END)
    stage.driver.remove_all_credentials()
    stage.driver.add_credential(first)
    assert stage.run(SIGN_IN)["status"] == "INVALID_CREDENTIALS_ERROR"


def test_passkeys_among_the_suggestions_of_a_field(stage: Stage) -> None:
    """A page asks before anybody does anything (conditional mediation): whoever chooses his passkey is signed in."""
    add_authenticator(stage.driver)
    user = stage.run(SIGN_UP, "conditional@example.com")["user"]
    stage.run(END)
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


@pytest.mark.parametrize("verifies_people", [True, False])
@pytest.mark.parametrize("keeps_passkeys", [True, False])
def test_any_authenticator(tolerant: Stage, keeps_passkeys: bool, verifies_people: bool) -> None:
    """
    A passkey signs up and in, until it is removed, whether the authenticator keeps it and knows who uses it or not.

    Chromium itself finds only those that are kept, and wants to know then who it is; else the page has to name it.
    """
    ada = f"any-{keeps_passkeys}-{verifies_people}@example.com".lower()
    add_authenticator(tolerant.driver, keeps_passkeys=keeps_passkeys, verifies_people=verifies_people)
    user = tolerant.run(SIGN_UP, ada)["user"]
    assert user["emails"] == [ada]
    (made,) = tolerant.driver.get_credentials()
    assert made.is_resident_credential is keeps_passkeys
    passkey = made.id.rstrip("=")
    tolerant.run(END)
    if keeps_passkeys and verifies_people:
        assert tolerant.run(SIGN_IN)["user"]["id"] == user["id"]
        tolerant.run(END)
    else:
        assert tolerant.run(SIGN_IN)["status"] == "FAILED_TO_AUTHENTICATE_USER"
    assert tolerant.run(SIGN_IN_WITH, passkey)["user"]["id"] == user["id"]
    assert tolerant.run(REMOVE, passkey)["status"] == "OK"
    assert tolerant.run(LIST)["credentials"] == []
    tolerant.run(END)
    assert tolerant.run(SIGN_IN_WITH, passkey)["status"] == "INVALID_CREDENTIALS_ERROR"


def test_authenticators_that_do_not_do(tmp_path: Path, stage: Stage) -> None:
    """One that keeps no passkeys, and one that does not know who uses it where that is required: no account is made."""
    ada = "refused@example.com"
    with passkeys(stage.driver, tmp_path, WebauthnConfig(user_verification="required")) as strict:
        for here, keeps, verifies in ((stage, False, True), (strict, True, False)):
            add_authenticator(here.driver, keeps_passkeys=keeps, verifies_people=verifies)
            refused = here.run(SIGN_UP, ada)
            assert refused["status"] == "FAILED_TO_REGISTER_USER"
            assert here.run(EXISTS, ada)["exists"] is False
            here.driver.remove_virtual_authenticator()
        add_authenticator(strict.driver)
        user = strict.run(SIGN_UP, ada)["user"]
        strict.run(END)
        assert strict.run(SIGN_IN)["user"]["id"] == user["id"]
