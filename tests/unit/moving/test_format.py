"""Lines that are imported, and what is wrong with others."""

from __future__ import annotations

import json
import sys
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from authweave.moving import ISSUERS, VERSION, LineFaultError, line_of, user_of
from tests.authenticator import base64url, cose_key

HASH = "$2b$04$gdC5hkvo1ntBDNelqqVrReRkOHZI9QZt7c1USQC1CGAPimOeSZJKu"
NOW_MS = 1_700_000_000_000
DEVICE = {"name": "phone", "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
PASSKEY = {
    "credential_id": "1089",
    "relying_party_id": "example.com",
    "public_key": base64url(cose_key(ec.derive_private_key(7, ec.SECP256R1()))),
}

Fields = dict[str, Any]  # Any: as JSON is


def password(**others: Any) -> Fields:  # noqa: ANN401  as JSON is
    """Return a login with a password."""
    return {"recipe": "emailpassword", "email": "ada@example.com", "password_hash": HASH, **others}


def provider(**others: Any) -> Fields:  # noqa: ANN401  as JSON is
    """Return a login by a provider."""
    return {"recipe": "thirdparty", "provider": "google", "subject": "1", "email": "ada@example.com", **others}


def by_passkey(*passkeys: Any, **others: Any) -> Fields:  # noqa: ANN401  as JSON is
    """Return a login by passkeys."""
    return {"recipe": "webauthn", "email": "ada@example.com", "passkeys": list(passkeys), **others}


def line(*logins: Fields, **others: Any) -> Fields:  # noqa: ANN401  as JSON is
    """Return a line."""
    return {"version": VERSION, "logins": list(logins or (password(),)), **others}


def test_a_line_says_all_of_a_user() -> None:
    """What it leaves out has a value, and written again it is whole."""
    user = user_of(line(password(email=" Ada@Example.com "), provider(), id="u1"), now_ms=NOW_MS)
    first, second = user.logins
    assert (user.id, first.id, user.is_primary) == ("u1", "u1", True)
    assert (first.email, first.tenant_ids, first.verified, first.time_joined_ms) == (
        "ada@example.com",
        ("public",),
        False,
        NOW_MS,
    )
    assert (second.issuer, second.subject) == (ISSUERS["google"], "1")
    assert user_of(json.loads(json.dumps(line_of(user))), now_ms=0) == user
    assert HASH not in repr(user)


def test_a_login_is_in_one_tenant_in_several_or_in_none() -> None:
    """One stands by itself; of several each counts once, and a user of several logins is a primary one."""
    line_ = line(password(tenants=["zeta", "acme", "zeta"]), provider(tenants=[]), is_primary=False)
    user = user_of(line_, now_ms=NOW_MS)
    assert [each.tenant_ids for each in user.logins] == [("acme", "zeta"), ()]
    assert user.is_primary
    written: list[Fields] = json.loads(json.dumps(line_of(user)))["logins"]
    assert [(each.get("tenant"), each.get("tenants")) for each in written] == [(None, ["acme", "zeta"]), (None, [])]
    assert user_of(json.loads(json.dumps(line_of(user))), now_ms=0) == user


def test_devices_and_passkeys_are_written_as_they_are_read() -> None:
    """With all that says nothing else; no secret of a device shows where somebody logs the user."""
    device = DEVICE | {"secret": DEVICE["secret"].lower() + "===", "period_s": None}
    used = PASSKEY | {"credential_id": "2222", "sign_count": 9, "user_handle": "aGk", "created_at_ms": 5}
    user = user_of(line(by_passkey(PASSKEY, used), time_joined_ms=7, totp_devices=[device]), now_ms=NOW_MS)
    written = json.loads(json.dumps(line_of(user)))
    assert written["totp_devices"] == [DEVICE | {"period_s": 30, "skew": 1, "created_at_ms": NOW_MS}]
    assert written["logins"][0]["passkeys"] == [PASSKEY | {"sign_count": 0, "created_at_ms": 7}, used]
    assert user_of(written, now_ms=0) == user
    assert DEVICE["secret"] not in repr(user)


def test_who_has_made_many_passkeys_comes_along() -> None:
    """The recipe counts none."""
    many = [PASSKEY | {"credential_id": base64url(f"{number:03}".encode())} for number in range(101)]
    user = user_of(line(by_passkey(*many)), now_ms=NOW_MS)
    assert len(user.passkey_ids) == len(many)


def test_passkeys_want_what_checks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named; who has no passkey comes without it."""
    monkeypatch.setitem(sys.modules, "authweave.recipe.webauthn.ceremonies", None)
    with pytest.raises(LineFaultError, match="passkeys are checked by the extra 'webauthn', which has to be installed"):
        user_of(line(by_passkey(PASSKEY)), now_ms=NOW_MS)
    assert user_of(line(by_passkey()), now_ms=NOW_MS).logins[0].passkeys == ()


def test_without_an_id_the_same_user_has_the_same_one_each_time() -> None:
    """So that an import that is repeated adds nobody; another address makes another user."""
    one, again = (user_of(line(), now_ms=now_ms) for now_ms in (1, 2))
    other = user_of(line(password(email="bob@example.com")), now_ms=1)
    assert one.id == again.id == one.logins[0].id
    assert other.id != one.id


def test_roles_and_metadata_are_kept_as_their_recipes_write_them() -> None:
    """Else nobody could take such a role away, or change such metadata."""
    user = user_of(line(roles={"public": [" admin ", "admin"]}, metadata={"a": None, "b": {"c": None}}), now_ms=NOW_MS)
    assert (user.roles, user.metadata) == ({"public": ("admin",)}, {"b": {"c": None}})


def test_without_a_hash_a_user_sets_a_password_later() -> None:
    """No hash, and what exports write for none, are the same."""
    for given in (None, "!"):
        assert user_of(line(password(password_hash=given)), now_ms=NOW_MS).logins[0].password_hash is None
    odd = line(password(password_hash="md5$a$b"))
    assert user_of(odd, now_ms=NOW_MS, without_unknown_hashes=True).logins[0].password_hash is None


NO_KEYS = (
    None,
    "",
    "A" * 2052,
    base64url(b"no CBOR"),
    base64url(b"\xbf\xff"),  # a map whose length is not said
    base64url(b"\xd8\x25\x50" + bytes(16)),  # a tag
    base64url(cbor2.dumps({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})),  # a point that is not on the curve
    base64url(cbor2.dumps({1: 2, 3: -999, -1: 1, -2: bytes(32), -3: bytes(32)})),
    base64url(cbor2.dumps([1, 2])),
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "no JSON object"),
        ("text", "no JSON object"),
        ({}, "no version"),
        ({"version": "1", "logins": [password()]}, "no version"),
        ({"version": True, "logins": [password()]}, "version"),
        ({"version": 2, "logins": [password()]}, "its version is 2, and this release reads 1"),
        ({"version": 1}, "'logins' has to be a list of 1 to 100"),
        ({"version": 1, "logins": []}, "it has no login: give the user an address"),
        ({"version": 1, "logins": [password()] * 101}, "'logins' has to be"),
        (line(pass_word=1), "no field 'pass_word'"),
        (line(**{"x" * 5000: 1}), "no field '...'"),
        (line(password(hash=HASH)), "no field 'hash'"),
        (line(password(), password()), "two of its logins are the same"),
        (line(password(recipe="saml")), "'recipe' has to be one of"),
        (line(password(recipe=["a"])), "'recipe' has to be one of"),
        ({"version": 1, "logins": ["no object"]}, "logins[0]: it is no JSON object"),
        (line(password(email=None)), "it has no 'email'"),
        (line(password(email="no address")), "is no address"),
        (line(password(email="")), "has to be a text"),
        (line(password(email="a" * 400 + "@example.com")), "longer"),
        (line(password(email="ad\u200ba@example.com")), "is no address"),
        (line(password(email=7)), "has to be a text"),
        (line(password(password_hash=7)), "'password_hash' has to be a text"),
        (line(password(password_hash="md5$salt$14c38e2ef52bd834e3073c110b141577")), "cannot be verified"),
        (line(password(password_hash="md5$salt$14c38e2ef52bd834e3073c110b141577")), "; --without-unknown-hashes imp"),
        (line(password(password_hash=f"$2b$31${'.' * 53}")), "cost may be 4 to 16"),
        (line(password(verified="yes")), "'verified' has to be true or false"),
        (line(password(time_joined_ms=-1)), "milliseconds since 1970"),
        (line(password(time_joined_ms=1.5)), "milliseconds since 1970"),
        (line(password(time_joined_ms=10**400)), "milliseconds since 1970"),
        (line(password(tenant="a" * 300)), "longer"),
        (line(password(tenants="public")), "'tenants' has to be a list"),
        (line(password(tenants=["a"] * 101)), "'tenants' has to be a list of at most 100"),
        (line(password(tenants=["public", 7])), "'tenants' has to be a text"),
        (line(password(tenant="public", tenants=["public"])), "both 'tenant' and 'tenants'"),
        (line(provider(subject=None)), "'subject' has to be a text"),
        (line(provider(subject="x" * 300)), "longer"),
        (line(provider(provider="okta")), "'issuer', which 'okta' needs"),
        (line(provider(issuer=7)), "'issuer' has to be a text"),
        (line({"recipe": "passwordless"}), "neither 'email' nor 'phone_number'"),
        (line(id=7), "'id' has to be a text"),
        (line(id="nul\0"), "NUL"),
        (line(id="half \ud800"), "surrogate"),
        (line(roles=["admin"]), "'roles' has to be an object"),
        (line(roles={"public": "admin"}), "'roles' has to hold lists"),
        (line(roles={"public": ["a"] * 101}), "'roles' has to hold lists"),
        (line(metadata=[]), "'metadata' has to be an object"),
        (line(metadata={"a": float("nan")}), "NaN"),
        (line(metadata={"a": "x" * 300_000}), "longer than the 262144 characters"),
        (line(metadata={"a": json.loads("[" * 40 + "]" * 40)}), "deeper than the 32 levels"),
        (line(roles={"public": [" "]}), "roles is empty"),
        (line({"recipe": "passwordless", "phone_number": "0170 1234567"}), "'phone_number' has to be + and digits"),
        (line(totp_devices={}), "'totp_devices' has to be a list of at most 20"),
        (line(totp_devices=[DEVICE] * 21), "'totp_devices' has to be a list of at most 20"),
        (line(totp_devices=[DEVICE, DEVICE]), "two of its TOTP devices have one name"),
        (line(totp_devices=["phone"]), "totp_devices[0]: it is no JSON object"),
        (line(totp_devices=[{"name": "phone"}]), "'secret' has to be a text"),
        (line(totp_devices=[{"secret": DEVICE["secret"]}]), "'name' has to be a text"),
        (line(totp_devices=[{**DEVICE, "secret": "JBSWY3DPEHPK3PXP"}]), "'secret' has to be 14 to 64 bytes in base32"),
        (line(totp_devices=[{**DEVICE, "secret": "0" * 32}]), "'secret' has to be 14 to 64 bytes in base32"),
        (line(totp_devices=[{**DEVICE, "period_s": 0}]), "'period_s' has to be from 1 to 3600"),
        (line(totp_devices=[{**DEVICE, "skew": 11}]), "'skew' has to be from 0 to 10"),
        (line(totp_devices=[{**DEVICE, "skew": True}]), "'skew' has to be a whole number"),
        (line(totp_devices=[{**DEVICE, "verified": True}]), "totp_devices[0]: there is no field 'verified'"),
        (line(password(passkeys=[])), "no field 'passkeys'"),
        (line(by_passkey(passkeys={})), "logins[0]: 'passkeys' has to be a list of at most 1000"),
        (line(by_passkey(*[PASSKEY] * 1001)), "'passkeys' has to be a list of at most 1000"),
        (line(by_passkey(PASSKEY, PASSKEY)), "two of its passkeys are the same"),
        (line(by_passkey(PASSKEY), by_passkey(PASSKEY, email="b@c.de")), "two of its passkeys are the same"),
        (line(by_passkey("1089")), "logins[0]: passkeys[0]: it is no JSON object"),
        (line(by_passkey({**PASSKEY, "transports": []})), "logins[0]: passkeys[0]: there is no field 'transports'"),
        (line(by_passkey({**PASSKEY, "recipe_user_id": "1"})), "there is no field 'recipe_user_id'"),
        (line(by_passkey({**PASSKEY, "credential_id": None})), "'credential_id' has to be base64url"),
        (line(by_passkey({**PASSKEY, "credential_id": "1089=="})), "'credential_id' has to be base64url without"),
        (line(by_passkey({**PASSKEY, "credential_id": "A" * 1368})), "'credential_id' has to be base64url without"),
        (line(by_passkey({**PASSKEY, "relying_party_id": ""})), "'relying_party_id' has to be a text"),
        (line(by_passkey({**PASSKEY, "sign_count": -1})), "'sign_count' has to be from 0 to 4294967295"),
        (line(by_passkey({**PASSKEY, "sign_count": 2**32})), "'sign_count' has to be from 0 to 4294967295"),
        (line(by_passkey({**PASSKEY, "sign_count": "1"})), "'sign_count' has to be a whole number"),
        (line(by_passkey({**PASSKEY, "user_handle": "A" * 87})), "'user_handle' has to be base64url without padding"),
        (line(by_passkey({**PASSKEY, "created_at_ms": "now"})), "'created_at_ms' has to be milliseconds since 1970"),
        *((line(by_passkey({**PASSKEY, "public_key": each})), "'public_key' has to be") for each in NO_KEYS),
        (line(password(password_hash=f"pbkdf2_sha256$1$\ud800${'A' * 43}=")), "characters that no hash has"),
        (line(password(password_hash=f"pbkdf2_sha256$1$\0${'A' * 43}=")), "characters that no hash has"),
        (line(is_primary=1), "'is_primary' has to be true or false"),
    ],
)
def test_a_line_that_cannot_be_imported_says_why(value: object, said: str) -> None:
    """In one short sentence that holds no address and no hash."""
    with pytest.raises(LineFaultError) as caught:
        user_of(value, now_ms=NOW_MS)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 200
    for private in (HASH, "14c38e2e", "ada@", "1089"):
        assert private not in str(caught.value)
