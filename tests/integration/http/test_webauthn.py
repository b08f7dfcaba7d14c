"""Passkeys, over a real socket: an authenticator in software makes them and uses them (acceptance lines 75 to 84)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import pytest

from authweave import UserContext
from authweave.recipe.webauthn import RegistrationPayload, WebauthnRecipe
from authweave.types import JSON
from tests.authenticator import Authenticator, changed, from_base64url

from .passkey_world import WEBSITE, PasskeyWorld, Signed, passkey_world
from .serving import form

OK: Final = {"status": "OK"}
INVALID: Final = {"status": "INVALID_CREDENTIALS_ERROR"}
RANDOM: Final = frozenset({"webauthnGeneratedOptionsId", "challenge", "user"})


@pytest.fixture(scope="module")
def here(database_url: str) -> Iterator[PasskeyWorld]:
    """Serve an application over each database."""
    with passkey_world(database_url) as made:
        yield made


def test_sign_up_and_in(here: PasskeyWorld) -> None:
    """A passkey signs up and in; the user has it in his JSON."""
    device, email = Authenticator(), here.new_email()
    signed_up = here.sign_up(device, email.upper())
    assert signed_up.user["emails"] == [email]
    (passkey,) = device.passkeys
    assert signed_up.user["webauthn"] == {"credentialIds": [passkey.credential_id]}
    signed_in = here.sign_in(device)
    assert signed_in.user == signed_up.user
    assert here.is_alive(signed_in.session)


# Acceptance line 75: what the options say


def test_options_to_register(here: PasskeyWorld) -> None:
    """They have the keys that frontends hand to browsers, and safe settings."""
    email = here.new_email()
    options = here.for_registration(email.upper())
    assert {key: value for key, value in options.items() if key not in RANDOM} == {
        "status": "OK",
        "createdAt": here.clock(),
        "expiresAt": here.clock() + 60_000,
        "rp": {"id": "localhost", "name": "Passkeys"},
        "timeout": 60_000,
        "excludeCredentials": [],
        "attestation": "none",
        "pubKeyCredParams": [{"alg": each, "type": "public-key"} for each in (-8, -7, -257)],
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": "preferred",
        },
    }
    assert options["user"] == {"id": options["user"]["id"], "name": email, "displayName": email}
    assert len(from_base64url(options["challenge"])) == 32
    assert 16 <= len(from_base64url(options["user"]["id"])) <= 64
    assert UUID(options["webauthnGeneratedOptionsId"]).version == 4
    other = here.for_registration(email)
    assert options["user"] == other["user"]
    assert all(options[each] != other[each] for each in ("challenge", "webauthnGeneratedOptionsId"))


def test_options_to_sign_in(here: PasskeyWorld) -> None:
    """They name no passkey: the browser offers those that it has, in the field of a form too (conditional UI)."""
    options = here.for_sign_in()
    assert {key: value for key, value in options.items() if key not in RANDOM} == {
        "status": "OK",
        "createdAt": here.clock(),
        "expiresAt": here.clock() + 60_000,
        "rpId": "localhost",
        "timeout": 60_000,
        "userVerification": "preferred",
    }


def test_options_do_not_tell_who_has_an_account(here: PasskeyWorld) -> None:
    """The user handle of an address is the same before and after somebody signs up with it, and is nobody's id."""
    device, email = Authenticator(), here.new_email()
    before = here.for_registration(email)
    user = here.sign_up(device, email).user
    after = here.for_registration(email)
    assert {key: before[key] for key in before if key not in (RANDOM - {"user"})} == {
        key: after[key] for key in after if key not in (RANDOM - {"user"})
    }
    assert user["id"].encode() != from_base64url(after["user"]["id"])
    assert here.for_registration(here.new_email())["user"]["id"] != after["user"]["id"]


@pytest.mark.parametrize("email", ["nobody", "a@b", "", "\u200bann@example.com", f"{'a' * 400}@example.com"])
def test_an_address_that_is_none(here: PasskeyWorld, email: str) -> None:
    """It is told in the frontends' words."""
    answer = here.post("/webauthn/options/register", {"email": email})
    assert answer.json() == {"status": "INVALID_EMAIL_ERROR", "err": "Email is not valid"}


# Acceptance line 77: what is refused


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:3000.evil.example"},
        {"origin": "http://localhost:3001"},
        {"origin": "https://localhost:3000"},
        {"challenge": "AAAA"},
        {"type": "webauthn.get"},
        {"crossOrigin": True},
        {"rp_id": "evil.example"},
        {"flags": 0},
    ],
)
def test_a_passkey_that_was_made_otherwise(here: PasskeyWorld, wrong: dict[str, Any]) -> None:
    """Page, challenge, kind, domain and presence have to be right; the options are good afterwards."""
    device, email = Authenticator(), here.new_email()
    options = here.for_registration(email)
    refused = here.send("/webauthn/signup", options, device.make(options, **wrong))
    assert refused.body == INVALID
    assert not here.post(f"/webauthn/email/exists?email={email}").is_success
    assert here.send("/webauthn/signup", options, device.make(options)).status == "OK"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "HTTP://localhost:3000"},
        {"challenge": "AAAA"},
        {"type": "webauthn.create"},
        {"crossOrigin": True},
        {"rp_id": "evil.example"},
        {"sign_count": 1},
        {"sign_count": 0},
        {"user_handle": "c29tZWJvZHkgZWxzZQ"},
    ],
)
def test_a_passkey_that_is_used_otherwise(here: PasskeyWorld, wrong: dict[str, Any]) -> None:
    """Likewise; and the counter may not stay or go back, nor the user be somebody else."""
    device = Authenticator()
    here.sign_up(device, here.new_email())
    options = here.for_sign_in()
    assert here.send("/webauthn/signin", options, device.use(options, **wrong)).body == INVALID
    assert here.send("/webauthn/signin", options, device.use(options)).status == "OK"


def test_a_signature_of_another_passkey(here: PasskeyWorld) -> None:
    """Nobody signs in as somebody else by naming his passkey."""
    mine, others = Authenticator(), Authenticator()
    here.sign_up(mine, here.new_email())
    here.sign_up(others, here.new_email())
    options = here.for_sign_in()
    forged = {**others.use(options), "id": mine.passkeys[0].credential_id, "rawId": mine.passkeys[0].credential_id}
    assert here.send("/webauthn/signin", options, forged).body == INVALID
    assert here.send("/webauthn/signin", options, changed(mine.use(options), signature="MAA")).body == INVALID


def test_options_are_good_once(here: PasskeyWorld) -> None:
    """Those of a registration, and those of a sign-in, also for an authenticator that counts nothing."""
    device, email = Authenticator(counts=False), here.new_email()
    options = here.for_registration(email)
    sent = device.make(options)
    assert here.send("/webauthn/signup", options, sent).status == "OK"
    assert here.send("/webauthn/signup", options, sent).body == {"status": "OPTIONS_NOT_FOUND_ERROR"}
    options = here.for_sign_in()
    sent = device.use(options)
    assert here.send("/webauthn/signin", options, sent).status == "OK"
    assert here.send("/webauthn/signin", options, sent).body == INVALID
    assert here.sign_in(device).status == "OK"


def test_options_that_have_expired(here: PasskeyWorld) -> None:
    """A minute after they were made they are good for nothing."""
    device = Authenticator()
    here.sign_up(device, here.new_email())
    to_register, to_sign_in = here.for_registration(here.new_email()), here.for_sign_in()
    here.clock.now_ms += 60_000
    refused = here.send("/webauthn/signup", to_register, device.make(to_register))
    assert refused.body == {"status": "INVALID_OPTIONS_ERROR"}
    assert here.send("/webauthn/signin", to_sign_in, device.use(to_sign_in, device.passkeys[0])).body == INVALID


def test_options_of_another_ceremony_or_tenant(here: PasskeyWorld) -> None:
    """They are not found."""
    device = Authenticator()
    here.sign_up(device, here.new_email())
    to_register, to_sign_in = here.for_registration(here.new_email()), here.for_sign_in()
    assert here.send("/webauthn/signin", to_register, device.use(to_sign_in)).body == INVALID
    for_others = {**to_register, "webauthnGeneratedOptionsId": to_sign_in["webauthnGeneratedOptionsId"]}
    refused = here.send("/webauthn/signup", for_others, device.make(to_register))
    assert refused.body == {"status": "OPTIONS_NOT_FOUND_ERROR"}
    refused = here.send("/webauthn/signup", to_register, device.make(to_register), base="/t1")
    assert refused.body == {"status": "OPTIONS_NOT_FOUND_ERROR"}
    assert (
        here.send("/webauthn/signin", to_sign_in, device.use(to_sign_in, device.passkeys[0]), base="/t1").body
        == INVALID
    )


def test_a_passkey_is_good_in_the_tenants_of_its_login_method(here: PasskeyWorld) -> None:
    """And in no other, though the domain is the same."""
    device = Authenticator()
    here.sign_up(device, here.new_email(), base="/t1")
    assert here.sign_in(device).body == INVALID
    assert here.sign_in(device, base="/t1").user["tenantIds"] == ["t1"]


def test_an_authenticator_without_a_counter(here: PasskeyWorld) -> None:
    """Both counts are 0, and stay so; one that begins to count is believed, and may not stop."""
    device = Authenticator(counts=False)
    here.sign_up(device, here.new_email())
    assert [here.sign_in(device).status for _ in range(2)] == ["OK", "OK"]
    options = here.for_sign_in()
    assert here.send("/webauthn/signin", options, device.use(options, sign_count=5)).status == "OK"
    assert here.sign_in(device).body == INVALID


# Acceptance lines 78 and 79


def test_paths_that_look_like_those_of_a_tenant(here: PasskeyWorld) -> None:
    """Without ``rid`` they reach this recipe, though emailpassword stands before it in the list."""
    for path in ("/webauthn/signup", "/webauthn/signin"):
        refused = here.post(path)
        assert (refused.status_code, refused.json()) == (400, {"message": "webauthnGeneratedOptionsId is required"})


def test_an_address_that_is_taken(here: PasskeyWorld) -> None:
    """It is taken by a login method of this recipe, and in its tenant alone."""
    device, email = Authenticator(), here.new_email()
    assert here.sign_up(device, email).status == "OK"
    assert here.sign_up(device, email).body == {"status": "EMAIL_ALREADY_EXISTS_ERROR"}
    assert here.sign_up(device, email, base="/t1").status == "OK"
    known = here.client.get("/auth/webauthn/email/exists", params={"email": f" {email.upper()}"})
    assert known.json() == {"status": "OK", "exists": True}
    with_password = here.new_email()
    here.by_password(with_password)
    unknown = here.client.get("/auth/webauthn/email/exists", params={"email": with_password})
    assert unknown.json() == {"status": "OK", "exists": False}


def test_a_passkey_that_is_registered_already(here: PasskeyWorld) -> None:
    """Nobody gets hold of an id that is another's."""
    device = Authenticator()
    here.sign_up(device, here.new_email())
    options = here.for_registration(here.new_email())
    copied = device.make(options, credential_id=from_base64url(device.passkeys[0].credential_id))
    assert here.send("/webauthn/signup", options, copied).body == INVALID
    assert here.send("/webauthn/signup", options, device.make(options)).status == "OK"


# Acceptance lines 80 and 81: recovery


def test_recovery_of_an_unverified_address(here: PasskeyWorld) -> None:
    """Whoever made the account may be somebody else: other passkeys go, and the sessions; no session is made."""
    former, device, email = Authenticator(), Authenticator(), here.new_email()
    signed_up = here.sign_up(former, email)
    token = here.asked(email.upper())
    options = here.for_registration(token=token)
    assert options["user"]["name"] == email
    assert here.for_registration(token=token)["status"] == "OK"  # it is not used up
    recovered = here.recover(token, options, device.make(options))
    assert recovered.body == OK
    assert "st-access-token" not in recovered.response.headers
    assert not here.is_alive(signed_up.session)
    assert here.sign_in(former).body == INVALID
    signed_in = here.sign_in(device)
    assert signed_in.user["id"] == signed_up.user["id"]
    assert signed_in.user["webauthn"] == {"credentialIds": [device.passkeys[0].credential_id]}
    assert signed_in.user["loginMethods"][0]["verified"] is True
    again = here.for_registration(email)
    assert here.recover(token, again, device.make(again)).body == {"status": "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"}


def test_recovery_of_a_verified_address(here: PasskeyWorld) -> None:
    """The passkey is one more; the others stay, and so do the sessions."""
    former, device, email = Authenticator(), Authenticator(), here.new_email()
    signed_up = here.sign_up(former, email)
    here.verify(signed_up.user["id"], email)
    token = here.asked(email)
    options = here.for_registration(token=token)
    assert here.recover(token, options, device.make(options)).body == OK
    assert here.is_alive(signed_up.session)
    assert here.sign_in(former).user["id"] == here.sign_in(device).user["id"] == signed_up.user["id"]


def test_the_mail(here: PasskeyWorld) -> None:
    """It is for the login method, and its link is that of the frontends."""
    email = here.new_email()
    user_id = here.sign_up(Authenticator(), email).user["id"]
    token = here.asked(email)
    mail = here.collected.mails[-1]
    assert mail.recover_account_link == f"{WEBSITE}/auth/webauthn/recover?token={token}&tenantId=public"
    assert mail.to_json()["user"] == {"id": user_id, "recipeUserId": user_id, "email": email}
    assert (mail.type, mail.tenant_id) == ("RECOVER_ACCOUNT", "public")


def test_who_has_no_passkey_gets_no_mail(here: PasskeyWorld) -> None:
    """And the answer is the same."""
    with_password = here.new_email()
    here.by_password(with_password)
    count = len(here.collected.mails)
    for email in (here.new_email(), with_password, "no address at all"):
        assert here.ask(email).json() == OK
    assert len(here.collected.mails) == count


def test_options_and_tokens_that_do_not_go_together(here: PasskeyWorld) -> None:
    """Unknown options leave the token good; those of another address use it up; one of another tenant is none."""
    device, email = Authenticator(), here.new_email()
    here.sign_up(device, email)
    token = here.asked(email)
    options = here.for_registration(email)
    unknown = {**options, "webauthnGeneratedOptionsId": str(UUID(int=1))}
    assert here.recover(token, unknown, device.make(options)).body == {"status": "OPTIONS_NOT_FOUND_ERROR"}
    bad = here.recover(token, options, device.make(options, challenge="AAAA"))
    assert bad.body == INVALID
    assert here.recover(token, options, device.make(options), base="/t1").body == {"status": "OPTIONS_NOT_FOUND_ERROR"}
    of_others = here.for_registration(here.new_email())
    assert here.recover(token, of_others, device.make(of_others)).body == {"status": "INVALID_OPTIONS_ERROR"}
    assert here.recover(token, options, device.make(options)).body == {"status": "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"}
    bad_token = here.post("/webauthn/options/register", {"recoverAccountToken": token})
    assert bad_token.json() == {"status": "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"}


def test_a_token_is_good_for_an_hour(here: PasskeyWorld) -> None:
    """And no longer."""
    email = here.new_email()
    here.sign_up(Authenticator(), email)
    token = here.asked(email)
    here.clock.now_ms += 3_600_000
    late = here.post("/webauthn/options/register", {"recoverAccountToken": token})
    assert late.json() == {"status": "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"}


def sign_up_in_both_tenants(here: PasskeyWorld, email: str) -> tuple[Authenticator, str, str]:
    """Have two accounts with one address that nobody has verified: the first a primary user's, the second in `t1`."""
    device = Authenticator()
    first, other = here.sign_up(device, email), here.sign_up(Authenticator(), email, base="/t1")
    here.storage.create_primary_user(first.user["id"])
    return device, first.user["id"], other.user["id"]


def test_a_passkey_of_another_tenant_that_nobody_has_verified(here: PasskeyWorld) -> None:
    """Whose it is, the address does not say: neither is a link sent, nor is one that was sent good still."""
    email = here.new_email()
    device, first, other = sign_up_in_both_tenants(here, email)
    token = here.asked(email)
    here.storage.link_accounts(other, first)
    count = len(here.collected.mails)
    assert here.ask(email).json()["status"] == "RECOVER_ACCOUNT_NOT_ALLOWED"
    assert len(here.collected.mails) == count
    options = here.for_registration(token=token)
    assert here.recover(token, options, device.make(options)).status == "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"
    here.verify(first, email)
    assert here.ask(email).json() == OK
    assert len(here.collected.mails) == count + 1


def test_a_password_of_another_tenant_that_nobody_has_verified(here: PasskeyWorld) -> None:
    """Likewise."""
    email = here.new_email()
    asked: JSON = {"formFields": [{"id": "email", "value": email}]}
    first, other = (Signed(here.post(f"{base}/signup", form(email))).user["id"] for base in ("", "/t1"))
    here.storage.create_primary_user(first)
    assert here.post("/user/password/reset/token", asked).json() == OK
    here.storage.link_accounts(other, first)
    assert here.post("/user/password/reset/token", asked).json()["status"] == "PASSWORD_RESET_NOT_ALLOWED"


# Acceptance lines 82 to 84: passkeys of a user who is signed in


def added(here: PasskeyWorld, device: Authenticator, email: str, user_id: str, headers: dict[str, str]) -> Signed:
    """Add a passkey."""
    options = here.for_registration(email)
    return here.send("/webauthn/credential", options, device.make(options), headers=headers, recipeUserId=user_id)


def test_passkeys_are_added_listed_and_removed(here: PasskeyWorld) -> None:
    """Each signs in until it is removed, also the last one."""
    first, second, email = Authenticator(), Authenticator(), here.new_email()
    signed_up = here.sign_up(first, email)
    user_id, headers = signed_up.user["id"], signed_up.session
    here.clock.now_ms += 1
    assert added(here, second, email, user_id, headers).body == OK
    ids = [first.passkeys[0].credential_id, second.passkeys[0].credential_id]
    listed = here.client.get("/auth/webauthn/credential/list", headers=headers).json()
    assert listed == {
        "status": "OK",
        "credentials": [
            {"webauthnCredentialId": each, "relyingPartyId": "localhost", "recipeUserId": user_id, "createdAt": at}
            for each, at in zip(ids, (here.clock() - 1, here.clock()), strict=True)
        ],
    }
    assert here.sign_in(second).user["id"] == user_id
    for device, each in ((first, ids[0]), (second, ids[1])):
        removed = here.post("/webauthn/credential/remove", {"webauthnCredentialId": each}, headers)
        assert removed.json() == OK
        assert here.sign_in(device).body == INVALID
    assert here.client.get("/auth/webauthn/credential/list", headers=headers).json()["credentials"] == []
    again = here.post("/webauthn/credential/remove", {"webauthnCredentialId": ids[0]}, headers)
    assert again.json() == {"status": "GENERAL_ERROR", "message": "User not found"}
    assert here.ask(email).json() == OK


def test_nobody_touches_the_passkeys_of_another(here: PasskeyWorld) -> None:
    """Neither is one added to his login method, nor one of his removed."""
    mine, theirs, my_email, their_email = Authenticator(), Authenticator(), here.new_email(), here.new_email()
    me, they = here.sign_up(mine, my_email), here.sign_up(theirs, their_email)
    unknown = {"status": "GENERAL_ERROR", "message": "User not found"}
    other = {"status": "GENERAL_ERROR", "message": "Email mismatch"}
    assert added(here, mine, their_email, they.user["id"], me.session).body == unknown
    assert added(here, mine, their_email, me.user["id"], me.session).body == other
    theirs_id = theirs.passkeys[0].credential_id
    assert here.post("/webauthn/credential/remove", {"webauthnCredentialId": theirs_id}, me.session).json() == unknown
    assert here.sign_in(theirs).status == "OK"


def test_a_passkey_that_is_not_added_says_why(here: PasskeyWorld) -> None:
    """In words for a person, with the codes of the contract."""
    device, email = Authenticator(), here.new_email()
    signed_up = here.sign_up(device, email)
    user_id = signed_up.user["id"]
    options = here.for_registration(email)
    for sent, code in ((device.make(options, challenge="AAAA"), "025"), (device.make(options, algorithm=-36), "026")):
        refused = here.send("/webauthn/credential", options, sent, headers=signed_up.session, recipeUserId=user_id)
        assert refused.status == "REGISTER_CREDENTIAL_NOT_ALLOWED"
        assert refused.body["reason"].endswith(f"(ERR_CODE_{code})")
    here.clock.now_ms += 60_000
    late = here.send(
        "/webauthn/credential", options, device.make(options), headers=signed_up.session, recipeUserId=user_id
    )
    assert late.body["reason"].endswith("(ERR_CODE_007)")


def test_a_session_that_was_ended(here: PasskeyWorld) -> None:
    """Its access token is good elsewhere until it expires, and for nothing here; nor is no session at all."""
    device, email = Authenticator(), here.new_email()
    signed_up = here.sign_up(device, email)
    headers = signed_up.session
    assert here.post("/signout", headers=headers).json() == OK
    for shown in (headers, {}):
        asked = (
            added(here, device, email, signed_up.user["id"], shown).response,
            here.client.get("/auth/webauthn/credential/list", headers=shown),
            here.post("/webauthn/credential/remove", {"webauthnCredentialId": "AAAA"}, shown),
        )
        assert [each.status_code for each in asked] == [401, 401, 401]
    assert here.client.get("/me", headers=headers).status_code == 200


def test_an_id_that_is_mapped(here: PasskeyWorld) -> None:
    """Whichever id names a login method, passkeys are added, listed, used and removed."""
    first, second, email = Authenticator(), Authenticator(), here.new_email("ver.example")
    signed_up = here.sign_up(first, email)
    own_id, named = signed_up.user["id"], f"mine-{email}"
    here.app.run_blocking(here.app.users.create_user_id_mapping(own_id, named))
    assert added(here, second, email, named, signed_up.session).body == OK
    assert (here.sign_in(first).user["id"], here.sign_in(second).user["id"]) == (named, named)
    listed = here.client.get("/auth/webauthn/credential/list", headers=signed_up.session).json()["credentials"]
    assert [each["recipeUserId"] for each in listed] == [named, named]
    functions = here.app.recipe(WebauthnRecipe).for_any_context
    options = here.for_registration(email)
    credential = RegistrationPayload.read(second.make(options))
    assert credential is not None
    adding = functions.register_credential(options["webauthnGeneratedOptionsId"], credential, own_id, UserContext())
    assert asyncio.run(adding).status == "OK"
    removing = functions.remove_credential(credential.id, own_id, UserContext())
    assert asyncio.run(removing).status == "OK"
