"""Passkeys beside other login methods: linked, as a second factor, and refused with the codes of the contract."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final, cast

import pytest

from authweave import UserContext
from authweave.recipe import multifactorauth
from authweave.recipe.multifactorauth import MultiFactorAuthRecipe
from authweave.recipe.webauthn import CompleteSignIn, WebauthnOverrideConfig
from authweave.recipe.webauthn.store import WEBAUTHN
from tests.authenticator import Authenticator

from .passkey_world import PasskeyWorld, Signed, passkey_world
from .serving import form, front_token

OK: Final = {"status": "OK"}


@pytest.fixture(scope="module")
def here(database_url: str) -> Iterator[PasskeyWorld]:
    """Serve an application that links addresses as their domains say."""
    with passkey_world(database_url) as made:
        yield made


@pytest.fixture(scope="module")
def factors(database_url: str) -> Iterator[PasskeyWorld]:
    """Serve one that asks some for a second factor."""
    with passkey_world(database_url, multifactorauth.init()) as made:
        yield made


def sign_up_for(here: PasskeyWorld, device: Authenticator, email: str, headers: dict[str, str]) -> Signed:
    """Sign up with a passkey, as the user of a session."""
    return here.sign_up(device, email, headers=headers, shouldTryLinkingWithSessionUser=True)


def sign_in_for(here: PasskeyWorld, device: Authenticator, headers: dict[str, str]) -> Signed:
    """Sign in with a passkey, as the user of a session."""
    return here.sign_in(device, headers=headers, shouldTryLinkingWithSessionUser=True)


def test_a_passkey_becomes_one_of_the_sessions_user(here: PasskeyWorld) -> None:
    """The session is kept, and the passkey signs in to the same user afterwards."""
    device, email = Authenticator(), here.new_email("nov.example")
    first = here.by_password(email)
    linked = sign_up_for(here, device, email, first.session)
    assert {each["recipeId"] for each in linked.user["loginMethods"]} == {"emailpassword", "webauthn"}
    assert "st-refresh-token" not in linked.response.headers
    assert here.is_alive(first.session)
    assert here.sign_in(device).user["id"] == linked.user["id"]


def test_recovery_makes_a_login_method(here: PasskeyWorld) -> None:
    """A primary user's first address gets a link that makes a passkey for him; any other does not."""
    email, device = here.new_email("nov.example"), Authenticator()
    first = here.by_password(email)
    here.verify(first.user["id"], email)
    token = here.asked(email)
    mail = here.collected.mails[-1]
    assert (mail.user.id, mail.user.recipe_user_id) == (first.user["id"], None)
    assert mail.to_json()["user"] == {"id": first.user["id"], "email": email}
    options = here.for_registration(token=token)
    assert here.recover(token, options, device.make(options)).body == OK
    signed_in = here.sign_in(device)
    assert signed_in.user["id"] == first.user["id"]
    assert {each["recipeId"] for each in signed_in.user["loginMethods"]} == {"emailpassword", "webauthn"}


def test_recovery_where_an_account_could_be_taken_over(here: PasskeyWorld) -> None:
    """Nobody has verified the address, and the user has another one: no link, and a reason."""
    email, other, device = here.new_email("nov.example"), here.new_email("nov.example"), Authenticator()
    first = here.by_password(other)
    assert sign_up_for(here, device, email, first.session).status == "OK"
    count = len(here.collected.mails)
    refused = here.ask(email).json()
    assert refused["status"] == "RECOVER_ACCOUNT_NOT_ALLOWED"
    assert refused["reason"] == (
        "Recover account link was not created because of account take over risk. Please contact support. (ERR_CODE_001)"
    )
    assert len(here.collected.mails) == count


def test_what_was_added_since_the_link_was_sent(here: PasskeyWorld) -> None:
    """A link that came before another address was added recovers nothing any more."""
    email, other, device = here.new_email("nov.example"), here.new_email("nov.example"), Authenticator()
    first = here.sign_up(device, email)
    token = here.asked(email)
    added = here.post("/signup", {**form(other), "shouldTryLinkingWithSessionUser": True}, first.session)
    assert added.json()["status"] == "OK"
    options = here.for_registration(token=token)
    assert here.recover(token, options, device.make(options)).status == "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"
    assert here.is_alive(first.session)


def test_without_linking(database_url: str) -> None:
    """Where the application does not say whom to link, a client that wants it is told so, and nothing is made."""
    device = Authenticator()
    with passkey_world(database_url, has_callback=False) as alone:
        email = alone.new_email()
        first = alone.sign_up(device, email)
        refused = sign_up_for(alone, Authenticator(), alone.new_email(), first.session)
        assert refused.response.status_code == 400
        assert alone.sign_in(device).user == first.user
        without = alone.sign_in(device, shouldTryLinkingWithSessionUser=True)
        assert without.response.status_code == 401


def test_a_passkey_shows_who_is_there(here: PasskeyWorld) -> None:
    """Who uses it again, as the session's own user, keeps the session, and has just signed in (step up)."""
    device = Authenticator()
    first = here.sign_up(device, here.new_email())
    here.clock.now_ms += 600_000
    assert here.client.get("/recent", headers=first.session).status_code == 403
    again = sign_in_for(here, device, first.session)
    assert "st-refresh-token" not in again.response.headers
    assert here.client.get("/recent", headers=again.session).status_code == 200


# With the recipe that asks for several factors


def test_a_passkey_as_second_factor(factors: PasskeyWorld) -> None:
    """It is set up, and shown, in the session that is there."""
    device, email = Authenticator(), factors.new_email("nov.example")
    first = factors.by_password(email)
    require(factors, first.user["id"])
    info = factors.client.put("/auth/mfa/info", json={}, headers=first.session).json()
    assert info["emails"]["webauthn"] == [email]
    assert info["factors"]["next"] == ["webauthn"]
    linked = sign_up_for(factors, device, email, first.session)
    assert completed(linked) == {"emailpassword", "webauthn"}
    again = Signed(factors.post("/signin", form(email)))
    info = factors.client.put("/auth/mfa/info", json={}, headers=again.session)
    assert info.json()["factors"]["alreadySetup"] == ["emailpassword", "webauthn"]
    shown = sign_in_for(factors, device, again.session)
    assert completed(shown) == {"emailpassword", "webauthn"}
    assert "st-refresh-token" not in shown.response.headers


def test_passkeys_of_a_session_that_is_not_complete(factors: PasskeyWorld) -> None:
    """None is added or removed before the second factor was shown; they may be listed."""
    device, email = Authenticator(), factors.new_email("nov.example")
    first = factors.by_password(email)
    linked = sign_up_for(factors, device, email, first.session)
    login_id = next(each["recipeUserId"] for each in linked.user["loginMethods"] if each["recipeId"] == "webauthn")
    require(factors, first.user["id"])
    half = Signed(factors.post("/signin", form(email))).session
    options = factors.for_registration(email)
    refused = factors.send("/webauthn/credential", options, device.make(options), headers=half, recipeUserId=login_id)
    assert refused.response.status_code == 403
    assert refused.body["claimValidationErrors"][0]["id"] == "st-mfa"
    body = {"webauthnCredentialId": device.passkeys[0].credential_id}
    refused_removal = factors.post("/webauthn/credential/remove", body, half)
    assert (refused_removal.status_code, refused_removal.json()["message"]) == (403, "invalid claim")
    assert len(factors.client.get("/auth/webauthn/credential/list", headers=half).json()["credentials"]) == 1
    options = factors.for_sign_in()
    whole = factors.send(
        "/webauthn/signin",
        options,
        device.use(options, device.passkeys[0]),
        headers=half,
        shouldTryLinkingWithSessionUser=True,
    )
    headers = {**half, "authorization": f"Bearer {whole.response.headers['st-access-token']}"}
    assert factors.post("/webauthn/credential/remove", body, headers).json() == OK


def test_who_has_removed_the_last_passkey(factors: PasskeyWorld) -> None:
    """It is set up no more: a new one may be made in a session in which nothing else can be shown."""
    device, email = Authenticator(), factors.new_email("nov.example")
    first = factors.by_password(email)
    linked = sign_up_for(factors, device, email, first.session)
    login_id = next(each["recipeUserId"] for each in linked.user["loginMethods"] if each["recipeId"] == "webauthn")
    whole = {**first.session, "authorization": f"Bearer {linked.response.headers['st-access-token']}"}
    body = {"webauthnCredentialId": device.passkeys[0].credential_id}
    assert factors.post("/webauthn/credential/remove", body, whole).json() == OK
    require(factors, first.user["id"])
    again = Signed(factors.post("/signin", form(email))).session
    info = factors.client.put("/auth/mfa/info", json={}, headers=again).json()["factors"]
    assert (info["alreadySetup"], info["next"]) == (["emailpassword"], ["webauthn"])
    options = factors.for_registration(email)
    made = factors.send("/webauthn/credential", options, device.make(options), headers=again, recipeUserId=login_id)
    assert made.body == OK
    assert completed(sign_in_for(factors, device, again)) == {"emailpassword", "webauthn"}


def test_a_passkey_that_is_removed_while_it_is_a_second_factor(database_url: str) -> None:
    """It shows nothing any more: the session is as it was."""
    removes: list[bool] = []

    @CompleteSignIn.before(name="remove")
    async def remove(call: CompleteSignIn) -> None:
        if removes:
            login_id = call.verified_credentials.recipe_user_id.get_as_string()
            await alone.app.services.off_loop(alone.storage.part(WEBAUTHN).remove_other_passkeys, login_id, "none")

    overrides = WebauthnOverrideConfig(functions=[remove])
    with passkey_world(database_url, multifactorauth.init(), override=overrides) as alone:
        device, email = Authenticator(), alone.new_email("nov.example")
        first = alone.by_password(email)
        assert sign_up_for(alone, device, email, first.session).status == "OK"
        require(alone, first.user["id"])
        half = Signed(alone.post("/signin", form(email))).session
        removes.append(True)
        refused = sign_in_for(alone, device, half)
        assert refused.status == "INVALID_CREDENTIALS_ERROR"
        assert "st-access-token" not in refused.response.headers
        info = alone.client.put("/auth/mfa/info", json={}, headers=half).json()
        assert info["factors"]["next"] == ["webauthn"]


def test_who_has_to_show_more_is_not_linked_by_signing_in(factors: PasskeyWorld) -> None:
    """As another user he would not be asked for it: whoever knows the password would be in. Without it he is linked."""
    email = factors.new_email("nov.example")
    mine = factors.by_password(email).user["id"]
    theirs = factors.sign_up(Authenticator(), email)
    login_id = next(each["recipeUserId"] for each in theirs.user["loginMethods"] if each["recipeId"] == "webauthn")
    for each in (login_id, mine):  # two users, of whom the one with the passkey is the primary one
        factors.storage.unlink_account(each, now_ms=1)
    factors.storage.create_primary_user(login_id)
    require(factors, mine)
    half = Signed(factors.post("/signin", form(email)))
    assert half.user["id"] == mine
    assert front_claim(half)["v"] is False
    functions = factors.app.recipe(MultiFactorAuthRecipe).functions
    asyncio.run(functions.remove_from_required_secondary_factors_for_user(mine, "webauthn", UserContext()))
    whole = Signed(factors.post("/signin", form(email)))
    assert (whole.user["id"], front_claim(whole)["v"]) == (login_id, True)


def require(here: PasskeyWorld, user_id: str) -> None:
    """Ask a user for a passkey as a second factor."""
    functions = here.app.recipe(MultiFactorAuthRecipe).functions
    asyncio.run(functions.add_to_required_secondary_factors_for_user(user_id, "webauthn", UserContext()))


def completed(signed: Signed) -> set[str]:
    """Return the factors that a new access token says were shown."""
    claim = front_claim(signed)
    assert claim["v"] is True
    return set(claim["c"])


def front_claim(signed: Signed) -> dict[str, Any]:  # Any: JSON
    """Return what a new access token says of factors."""
    assert signed.status == "OK", signed.response.text
    return cast("dict[str, dict[str, Any]]", front_token(signed.response)["up"])["st-mfa"]  # as the contract says
