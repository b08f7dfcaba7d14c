"""Whatever clients send of passkeys is a result or a clear refusal, and leaves nothing half made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Final

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from authweave.http import FDI_VERSION
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.webauthn import CompleteSignIn, RegisterCredential, WebauthnOverrideConfig
from authweave.recipe.webauthn.cbor import NotCanonicalError, check_authenticator_data
from authweave.recipe.webauthn.store import WEBAUTHN
from authweave.types import JSON
from tests.authenticator import Authenticator, base64url, changed, from_base64url

from .passkey_world import PasskeyWorld, passkey_world

OK: Final = {"status": "OK"}
INVALID: Final = {"status": "INVALID_CREDENTIALS_ERROR"}
AS_JSON: Final = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def strict(database_url: str) -> Iterator[PasskeyWorld]:
    """Serve an application that asks authenticators by whom they were made, so that all that they say is read."""
    with passkey_world(database_url, attestation="direct") as made:
        yield made


TAGGED: Final = cbor2.dumps(cbor2.CBORTag(1000, "a"))
"""What no authenticator writes."""


def with_extensions(whole: bytes, extensions: bytes) -> bytes:
    """Return an attestation that has them too."""
    said = cbor2.loads(whole)
    data = said["authData"]
    return cbor2.dumps({**said, "authData": data[:32] + bytes([data[32] | 0x80]) + data[33:] + extensions})


def deep(depth: int) -> bytes:
    """Return CBOR with lists in lists."""
    return b"\x81" * depth + b"\x00"


ATTESTATIONS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "nothing": lambda _: b"",
    "no CBOR": lambda _: b"\xff\xff",
    "a list": lambda _: cbor2.dumps([1, 2]),
    "deep lists": lambda _: deep(40_000),
    "deep tags": lambda _: b"\xc6" * 40_000 + b"\x00",
    "a tag": lambda whole: b"\xa4" + whole[1:] + b"\x00" + TAGGED,
    "extensions with a tag": lambda whole: with_extensions(whole, TAGGED),
    "a large map": lambda whole: cbor2.dumps({**cbor2.loads(whole), "attStmt": dict.fromkeys(range(65))}),
    "a length that is not said": lambda whole: b"\xbf" + whole[1:] + b"\xff",
    "data of another kind": lambda whole: cbor2.dumps({**cbor2.loads(whole), "authData": "text"}),
    "a length without bytes": lambda _: b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
    "half": lambda whole: whole[: len(whole) // 2],
    "no format": lambda whole: cbor2.dumps({**cbor2.loads(whole), "fmt": 7}),
    "unknown format": lambda whole: cbor2.dumps({**cbor2.loads(whole), "fmt": "made-up"}),
    "short data": lambda whole: cbor2.dumps({**cbor2.loads(whole), "authData": b"x" * 36}),
    "no key": lambda whole: cbor2.dumps({**cbor2.loads(whole), "authData": cbor2.loads(whole)["authData"][:60]}),
    "a statement": lambda whole: cbor2.dumps({**cbor2.loads(whole), "attStmt": {"alg": -7}}),
    "packed": lambda whole: cbor2.dumps({**cbor2.loads(whole), "fmt": "packed", "attStmt": {"alg": -7, "sig": b"x"}}),
    "tpm": lambda whole: cbor2.dumps({**cbor2.loads(whole), "fmt": "tpm", "attStmt": {"ver": "2.0", "x5c": [b"x"]}}),
    "apple": lambda whole: cbor2.dumps({**cbor2.loads(whole), "fmt": "apple", "attStmt": {"x5c": [b"x"]}}),
    "safetynet": lambda whole: cbor2.dumps(
        {**cbor2.loads(whole), "fmt": "android-safetynet", "attStmt": {"ver": "1", "response": b"a.b.c"}}
    ),
}


@pytest.mark.parametrize("made", list(ATTESTATIONS))
def test_attestations_that_are_none(strict: PasskeyWorld, made: str) -> None:
    """They are refused, and nothing is made."""
    device, email = Authenticator(), strict.new_email()
    options = strict.for_registration(email)
    sent = device.make(options)
    whole = from_base64url(sent["response"]["attestationObject"])
    refused = strict.send(
        "/webauthn/signup", options, changed(sent, attestationObject=base64url(ATTESTATIONS[made](whole)))
    )
    assert (refused.response.status_code, refused.body) == (200, INVALID)
    assert strict.send("/webauthn/signup", options, sent).status == "OK"


def test_extensions_with_tags(strict: PasskeyWorld) -> None:
    """They are not read, whoever signed them: a client would keep a processor busy with some hundred bytes."""
    device = Authenticator()
    assert strict.sign_up(device, strict.new_email()).status == "OK"
    options = strict.for_sign_in()
    used, key = device.use(options), device.passkeys[0].key
    said = from_base64url(used["response"]["authenticatorData"])
    for extensions, status in ((TAGGED, "INVALID_CREDENTIALS_ERROR"), (cbor2.dumps({"credProtect": 2}), "OK")):
        data = said[:32] + bytes([said[32] | 0x80]) + said[33:] + extensions
        client_data = from_base64url(used["response"]["clientDataJSON"])
        signature = key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        sent = changed(used, authenticatorData=base64url(data), signature=base64url(signature))
        assert strict.send("/webauthn/signin", options, sent).status == status


@pytest.mark.parametrize(
    "rest",
    [
        TAGGED,
        b"\xa1\x00" + TAGGED,  # the public key
        b"\xa0" + TAGGED,  # after it
        b"\xa1\x00\x58\x01\x00\xa0",  # written shorter, it would end where a text of its own begins
        b"\xa1\x00\xf9\x00\x00",
        b"\xbf\xff",
        b"\xb8\x41" + bytes(130),
    ],
)
def test_keys_that_are_not_read(rest: bytes) -> None:
    """What would be read of an authenticator's data otherwise than it says, or take long, is refused before."""
    with pytest.raises(NotCanonicalError):
        check_authenticator_data(bytes(32) + b"\x40" + bytes(4 + 16) + b"\x00\x02id" + rest)


def test_an_attestation_of_a_megabyte(strict: PasskeyWorld) -> None:
    """It is not even decoded; and a body that is longer is not read."""
    device, email = Authenticator(), strict.new_email()
    options = strict.for_registration(email)
    sent = device.make(options)
    assert strict.send("/webauthn/signup", options, changed(sent, attestationObject="A" * 900_000)).body == INVALID
    too_long = strict.send("/webauthn/signup", options, changed(sent, attestationObject="A" * 3_000_000))
    assert too_long.response.status_code == 413
    assert strict.send("/webauthn/signup", options, sent).status == "OK"


@pytest.mark.parametrize(
    "credential",
    [
        {},
        [],
        "text",
        7,
        {"type": "public-key"},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": []},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}},
        {"id": "AA", "rawId": "AA", "type": "other", "response": {"clientDataJSON": "AA"}},
        {"id": 1, "rawId": None, "type": "public-key", "response": {"clientDataJSON": "AA"}},
    ],
)
def test_credentials_that_are_none(strict: PasskeyWorld, credential: object) -> None:
    """Where something is sent, it is an invalid credential."""
    options = strict.for_sign_in()
    for path in ("/webauthn/signin", "/webauthn/signup"):
        body = {"webauthnGeneratedOptionsId": options["webauthnGeneratedOptionsId"], "credential": credential}
        answer = strict.client.post(f"/auth{path}", json=body)
        assert (answer.status_code, answer.json()) == (200, INVALID)


@pytest.mark.parametrize("other", [{"authenticatorAttachment": []}, {"authenticatorAttachment": {}}])
def test_what_is_said_of_the_authenticator(strict: PasskeyWorld, other: dict[str, JSON]) -> None:
    """Whatever it is, it is nothing that a passkey is refused for."""
    device = Authenticator()
    options = strict.for_registration(strict.new_email())
    sent = {**changed(device.make(options), transports=[{}, [], 7, "usb"]), **other}
    assert strict.send("/webauthn/signup", options, sent).status == "OK"
    options = strict.for_sign_in()
    assert strict.send("/webauthn/signin", options, {**device.use(options), **other}).status == "OK"


def test_responses_that_are_none(strict: PasskeyWorld) -> None:
    """Each part made wrong, of a passkey that is known."""
    device = Authenticator()
    assert strict.sign_up(device, strict.new_email()).status == "OK"
    options = strict.for_sign_in()
    sent = device.use(options)
    for wrong in (
        {"clientDataJSON": base64url(b"no JSON")},
        {"clientDataJSON": base64url(b"[]")},
        {"clientDataJSON": base64url(b'{"type":"webauthn.get","challenge":7,"origin":[]}')},
        {"clientDataJSON": base64url(b"[" * 6000)},
        {"clientDataJSON": "A"},
        {"clientDataJSON": "not base64url!"},
        {"clientDataJSON": "A" * 10_000},
        {"authenticatorData": base64url(b"short")},
        {"authenticatorData": base64url(from_base64url(sent["response"]["authenticatorData"]) + b"\x00")},
        {"signature": ""},
        {"signature": base64url(b"\x30\x80")},
        {"userHandle": "A" * 100},
    ):
        refused = strict.send("/webauthn/signin", options, changed(sent, **wrong))
        assert (refused.response.status_code, refused.body) == (200, INVALID), wrong
    assert strict.send("/webauthn/signin", options, sent).status == "OK"


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("POST", "/webauthn/options/register", {}, "Please provide the email or the recover account token"),
        ("POST", "/webauthn/options/register", {"email": 7}, "Please provide the email or the recover account token"),
        ("POST", "/webauthn/signup", {"credential": {}}, "webauthnGeneratedOptionsId is required"),
        ("POST", "/webauthn/signup", {"webauthnGeneratedOptionsId": "a"}, "credential is required"),
        ("POST", "/webauthn/signin", {"webauthnGeneratedOptionsId": None}, "webauthnGeneratedOptionsId is required"),
        (
            "POST",
            "/webauthn/signin",
            {"webauthnGeneratedOptionsId": "a" * 999},
            "webauthnGeneratedOptionsId is required",
        ),
        ("POST", "/webauthn/signin", {"webauthnGeneratedOptionsId": "a", "credential": None}, "credential is required"),
        ("GET", "/webauthn/email/exists", None, "Please provide the email as a GET param"),
        ("POST", "/user/webauthn/reset/token", {}, "Please provide the email"),
        ("POST", "/user/webauthn/reset", {}, "Please provide the recover account token"),
        ("POST", "/user/webauthn/reset", {"token": "a"}, "webauthnGeneratedOptionsId is required"),
    ],
)
def test_what_is_missing(strict: PasskeyWorld, method: str, path: str, body: object, message: str) -> None:
    """Is a 400 with the text of the contract."""
    answer = strict.client.request(method, f"/auth{path}", json=body)
    assert (answer.status_code, answer.json()) == (400, {"message": message})


def test_what_is_missing_of_who_is_signed_in(strict: PasskeyWorld) -> None:
    """Likewise, when the session was looked at."""
    headers = strict.sign_up(Authenticator(), strict.new_email()).session
    asked: dict[str, JSON] = {"webauthnGeneratedOptionsId": "a", "credential": {}}
    answers = [
        strict.post("/webauthn/credential", asked, headers),
        strict.post("/webauthn/credential/remove", {}, headers),
    ]
    assert [(each.status_code, each.json()["message"]) for each in answers] == [
        (400, "Please provide the recipeUserId"),
        (400, "A valid webauthnCredentialId is required"),
    ]


def test_text_that_no_store_holds(strict: PasskeyWorld) -> None:
    """Is never a 500."""
    for bad in ("\0", "\ud800", "x" * 250):
        body = {"webauthnGeneratedOptionsId": bad, "credential": {"id": "AA"}}
        for path in ("/webauthn/signin", "/webauthn/signup"):
            assert strict.client.post(f"/auth{path}", content=written(body), headers=AS_JSON).status_code < 500
        for path, name in (
            ("/user/webauthn/reset/token", "email"),
            ("/webauthn/options/register", "recoverAccountToken"),
        ):
            sent = written({name: bad})
            assert strict.client.post(f"/auth{path}", content=sent, headers=AS_JSON).status_code < 500


def written(body: object) -> bytes:
    """Write JSON, in which half a surrogate pair may stand."""
    return json.dumps(body).encode()


def test_former_frontends(strict: PasskeyWorld) -> None:
    """They are answered in their shape of a user."""
    device, email = Authenticator(), strict.new_email()
    options = strict.for_registration(email)
    signed_up = strict.send("/webauthn/signup", options, device.make(options), headers={FDI_VERSION: "1.17"})
    assert signed_up.body["user"].keys() == {"id", "timeJoined", "email"}


def test_a_statement_that_nobody_asked_for(database_url: str) -> None:
    """It is left unread: only what was asked for is looked at."""
    with passkey_world(database_url) as here:
        device = Authenticator()
        options = here.for_registration(here.new_email())
        sent = device.make(options)
        whole = cbor2.loads(from_base64url(sent["response"]["attestationObject"]))
        said = cbor2.dumps({**whole, "fmt": "tpm", "attStmt": {"ver": "2.0", "x5c": [b"no certificate"]}})
        assert here.send("/webauthn/signup", options, changed(sent, attestationObject=base64url(said))).status == "OK"
        assert here.sign_in(device).status == "OK"


def test_a_passkey_that_is_removed_meanwhile(database_url: str) -> None:
    """Who was signing in with it gets no session, and nobody learns why."""

    @CompleteSignIn.before(name="remove")
    async def remove(call: CompleteSignIn) -> None:
        login_id = call.verified_credentials.recipe_user_id.get_as_string()
        here.storage.part(WEBAUTHN).remove_other_passkeys(login_id, "none")

    with passkey_world(database_url, override=WebauthnOverrideConfig(functions=[remove])) as here:
        device = Authenticator()
        here.sign_up(device, here.new_email())
        refused = here.sign_in(device)
        assert refused.body == INVALID
        assert "st-access-token" not in refused.response.headers


def test_a_session_that_is_ended_meanwhile(database_url: str) -> None:
    """Who was adding a passkey in it adds none: a recovery may just have taken the account from him."""

    @RegisterCredential.before(name="recover")
    async def recover(call: RegisterCredential) -> None:
        revoke = here.storage.part(SESSIONS).revoke_sessions_of_user
        await here.app.services.off_loop(revoke, call.recipe_user_id, None)

    with passkey_world(database_url, override=WebauthnOverrideConfig(functions=[recover])) as here:
        device, email = Authenticator(), here.new_email()
        signed_up = here.sign_up(device, email)
        options = here.for_registration(email)
        refused = here.send(
            "/webauthn/credential",
            options,
            device.make(options),
            headers=signed_up.session,
            recipeUserId=signed_up.user["id"],
        )
        assert refused.response.status_code == 401
        assert len(here.storage.part(WEBAUTHN).list_passkeys(signed_up.user["id"])) == 1
        assert "passkey_added" not in {each.kind for each in here.events}
