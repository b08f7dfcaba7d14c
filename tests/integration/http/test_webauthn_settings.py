"""What an application says of its passkeys, and what is refused whatever it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import cbor2
import pytest

from authweave import UserContext
from authweave.extending import Finding
from authweave.http import FDI_VERSION
from authweave.recipe import webauthn
from authweave.recipe.webauthn import (
    AuthenticationPayload,
    CreateNewRecipeUserResponse,
    InvalidEmailErrorResponse,
    InvalidOptionsErrorResponse,
    RegisterOptionsResponse,
    RegistrationPayload,
    WebauthnConfig,
    WebauthnOverrideConfig,
    WebauthnRecipe,
)
from authweave.recipe.webauthn.ceremony_options import MAX_PER_CLIENT
from authweave.recipe.webauthn.checks import WebauthnChecks
from authweave.recipe.webauthn.relying_party import RelyingParties
from authweave.recipe.webauthn.store import WEBAUTHN
from authweave.types import JSON, BaseRequest, ConfigurationError, InputAppInfo
from tests.authenticator import Authenticator, base64url, changed, from_base64url

from .passkey_world import PasskeyWorld, Signed, passkey_world

OK: Final = {"status": "OK"}
INVALID: Final = {"status": "INVALID_CREDENTIALS_ERROR"}
RELATED: Final = "https://example.org"
APP_INFO: Final = InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000").normalised()


async def no_example_net(*, email: str, tenant_id: str, user_context: UserContext) -> str | None:
    """Refuse addresses of a domain."""
    return f"Not in {tenant_id}" if email.endswith("@example.net") else None


@pytest.fixture(scope="module")
def strict() -> Iterator[PasskeyWorld]:
    """Serve an application whose authenticators have to know who uses them; and it has a second website."""
    with passkey_world(
        "sqlite://",
        user_verification="required",
        resident_key="preferred",
        attestation="direct",
        timeout_ms=5_000,
        related_origins=[RELATED],
        get_relying_party_name="Strict",
        validate_email_address=no_example_net,
        recovery_lifetime_s=60,
    ) as made:
        yield made


def test_settings_are_in_the_options(strict: PasskeyWorld) -> None:
    """And options are good for as long as browsers wait."""
    options = strict.for_registration(strict.new_email())
    assert options["authenticatorSelection"] == {
        "requireResidentKey": False,
        "residentKey": "preferred",
        "userVerification": "required",
    }
    assert (options["attestation"], options["timeout"], options["rp"]["name"]) == ("direct", 5_000, "Strict")
    assert options["expiresAt"] - options["createdAt"] == 5_000
    assert strict.for_sign_in()["userVerification"] == "required"
    refused = strict.post("/webauthn/options/register", {"email": "ANN@example.net"})
    assert refused.json() == {"status": "INVALID_EMAIL_ERROR", "err": "Not in public"}


def test_user_verification(strict: PasskeyWorld) -> None:
    """An authenticator that does not know who uses it neither makes a passkey nor uses one."""
    device, email = Authenticator(verifies=False), strict.new_email()
    refused = strict.sign_up(device, email)
    assert refused.status == "INVALID_AUTHENTICATOR_ERROR"
    assert "did not check who uses it" in refused.body["reason"]
    device.verifies = True
    assert strict.sign_up(device, email).status == "OK"
    device.verifies = False
    assert strict.sign_in(device).body == INVALID
    device.verifies = True
    assert strict.sign_in(device).status == "OK"


def test_related_origins(strict: PasskeyWorld) -> None:
    """Options belong to the website that asks for them, and it has to be one of the application's."""
    device, email = Authenticator(origin=RELATED), strict.new_email()
    there, elsewhere = {"origin": RELATED}, {"origin": "https://evil.example"}
    asked = strict.post("/webauthn/options/register", {"email": email}, there).json()
    assert strict.send("/webauthn/signup", asked, device.make(asked)).status == "OK"
    for headers, origin in ((there, "http://localhost:3000"), ({}, RELATED), (elsewhere, "https://evil.example")):
        options = strict.post("/webauthn/options/signin", headers=headers).json()
        device.origin = origin
        assert strict.send("/webauthn/signin", options, device.use(options)).body == INVALID


def test_the_file_of_related_origins(strict: PasskeyWorld) -> None:
    """Browsers ask the domain of the passkeys for it (Web Authentication Level 3, section 5.11)."""
    found = strict.client.get("/auth/.well-known/webauthn")
    assert found.json() == {"origins": ["http://localhost:3000", RELATED]}
    assert found.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("relying_party_id", "origin"),
    [
        ("example.com", "https://example.com"),
        ("example.com", "https://www.example.com:8443"),
        ("example.com", RELATED),
        ("example.com", f"android:apk-key-hash:{'A' * 43}"),
    ],
)
def test_domains_and_pages_that_go_together(strict: PasskeyWorld, relying_party_id: str, origin: str) -> None:
    """The domain itself and what is below it; related ones; Android applications."""
    assert isinstance(options_for(strict, relying_party_id, origin), RegisterOptionsResponse)


@pytest.mark.parametrize(
    ("relying_party_id", "origin"),
    [
        ("example.com", "https://notexample.com"),
        ("example.com", "https://example.com.evil.example"),
        ("www.example.com", "https://example.com"),
        ("example.com", "https://evil.example/example.com"),
        ("example.com", "https://user@example.com"),
        ("example.com", "android:apk-key-hash:short"),
        ("example.com", "example.com"),
        ("https://example.com", "https://example.com"),
        ("", "https://example.com"),
        (".example.com", "https://www.example.com"),
        ("a" * 300, f"https://{'a' * 300}"),
    ],
)
def test_domains_and_pages_that_do_not(strict: PasskeyWorld, relying_party_id: str, origin: str) -> None:
    """A name that merely ends so is another one."""
    assert isinstance(options_for(strict, relying_party_id, origin), InvalidOptionsErrorResponse)


def options_for(here: PasskeyWorld, relying_party_id: str, origin: str, **more: Any) -> object:  # noqa: ANN401  # Any: of the function
    """Make options by the function."""
    wanted: dict[str, Any] = {
        "resident_key": None,
        "user_verification": None,
        "user_presence": None,
        "attestation": None,
        "supported_algorithm_ids": None,
        "timeout": None,
        "email": here.new_email(),
        "recover_account_token": None,
        "display_name": None,
        **more,
    }
    functions = here.app.recipe(WebauthnRecipe).functions
    return asyncio.run(
        functions.register_options(
            relying_party_id=relying_party_id,
            relying_party_name="Name",
            origin=origin,
            tenant_id="public",
            user_context=UserContext(),
            **wanted,
        )
    )


@pytest.mark.parametrize(
    ("wrong", "result"),
    [
        ({"timeout": 0}, InvalidOptionsErrorResponse),
        ({"timeout": 10**9}, InvalidOptionsErrorResponse),
        ({"user_verification": "maybe"}, InvalidOptionsErrorResponse),
        ({"supported_algorithm_ids": []}, InvalidOptionsErrorResponse),
        ({"supported_algorithm_ids": [-7, 12]}, InvalidOptionsErrorResponse),
        ({"email": None}, InvalidEmailErrorResponse),
        ({"email": "\0@example.com"}, InvalidEmailErrorResponse),
        ({"supported_algorithm_ids": [-7, -36], "display_name": "Ann"}, RegisterOptionsResponse),
    ],
)
def test_options_of_the_function(strict: PasskeyWorld, wrong: dict[str, Any], result: type) -> None:
    """What cannot be is a result, not an exception."""
    made = options_for(strict, "localhost", "http://localhost:3000", **wrong)
    assert isinstance(made, result)
    if isinstance(made, RegisterOptionsResponse):
        assert [each.alg for each in made.pub_key_cred_params] == [-7, -36]
        assert made.user.display_name == "Ann"


def test_a_client_has_so_many_options(strict: PasskeyWorld) -> None:
    """Whoever asks for more loses the oldest, and takes none away from others."""
    mine = strict.for_sign_in()
    store = strict.storage.part(WEBAUTHN)
    kept = store.find_options(mine["webauthnGeneratedOptionsId"])
    assert kept is not None
    assert kept.client is not None
    assert "127.0.0.1" not in kept.client
    assert MAX_PER_CLIENT == 1000


# Bad input


def deep(depth: int) -> bytes:
    """Return CBOR with lists in lists."""
    return b"\x81" * depth + b"\x00"


ATTESTATIONS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "nothing": lambda _: b"",
    "no CBOR": lambda _: b"\xff\xff",
    "a list": lambda _: cbor2.dumps([1, 2]),
    "deep lists": lambda _: deep(40_000),
    "deep tags": lambda _: b"\xc6" * 40_000 + b"\x00",
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


AS_JSON: Final = {"content-type": "application/json"}


def written(body: object) -> bytes:
    """Write JSON, in which half a surrogate pair may stand."""
    return json.dumps(body).encode()


def test_former_frontends(strict: PasskeyWorld) -> None:
    """They are answered in their shape of a user."""
    device, email = Authenticator(), strict.new_email()
    options = strict.for_registration(email)
    signed_up = strict.send("/webauthn/signup", options, device.make(options), headers={FDI_VERSION: "1.17"})
    assert signed_up.body["user"].keys() == {"id", "timeJoined", "email"}


# Configuration, and the functions


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (WebauthnConfig(user_verification="always"), "config.user_verification is a str"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  the subject
        (WebauthnConfig(timeout_ms=1), "timeout_ms=1"),
        (WebauthnConfig(recovery_lifetime_s=0), "recovery_lifetime_s=0"),
        (WebauthnConfig(related_origins=["example.org"]), "related_origins has 'example.org'"),
        (WebauthnConfig(get_relying_party_id="https://example.com"), "is no domain"),
    ],
)
def test_settings_that_cannot_be(config: WebauthnConfig, said: str) -> None:
    """They are refused when the application begins."""
    with pytest.raises(ConfigurationError, match=r"webauthn\.init") as refused:
        webauthn.init(config)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ({}, "ok"),
        ({"get_relying_party_id": "example.com"}, "fault"),
        ({"get_relying_party_id": "example.com", "related_origins": ["http://localhost:3000"]}, "ok"),
    ],
)
def test_the_doctor_looks_at_the_domain(settings: dict[str, Any], severity: str) -> None:
    """A website that has nothing to do with it would get no options."""
    (check,) = WebauthnChecks(RelyingParties(APP_INFO, WebauthnConfig(**settings).settings())).checks()
    found = check.look()
    assert isinstance(found, Finding)
    assert found.severity == severity
    assert bool(found.advice) == (severity == "fault")


def test_functions_of_settings() -> None:
    """Domain, name and page may be told of each request."""

    async def domain(*, tenant_id: str, request: BaseRequest | None, user_context: UserContext) -> str:
        return f"{tenant_id}.example.com"

    async def name(*, tenant_id: str, user_context: UserContext) -> str:
        return tenant_id.upper()

    async def page(*, tenant_id: str, request: BaseRequest | None, user_context: UserContext) -> str:
        return f"https://www.{tenant_id}.example.com"

    with passkey_world("sqlite://", get_relying_party_id=domain, get_relying_party_name=name, get_origin=page) as here:
        device, email = Authenticator(origin="https://www.t1.example.com"), here.new_email()
        options = here.for_registration(email, base="/t1")
        assert options["rp"] == {"id": "t1.example.com", "name": "T1"}
        assert here.send("/webauthn/signup", options, device.make(options), base="/t1").status == "OK"
        assert here.sign_in(device, base="/t1").status == "OK"
        functions = here.app.recipe(WebauthnRecipe).functions
        found = here.storage.part(WEBAUTHN).find_passkey(device.passkeys[0].credential_id)
        assert found is not None
        assert found.relying_party_id == "t1.example.com"
        made = asyncio.run(_signed_up_by_functions(here, functions))
        assert made == ["OK", "OK", "OK", "OK", "EMAIL_ALREADY_EXISTS_ERROR", "OK", "CREDENTIAL_NOT_FOUND_ERROR"]


async def _signed_up_by_functions(here: PasskeyWorld, functions: Any) -> list[str]:  # noqa: ANN401  # Any: of any context
    context, device = UserContext(), Authenticator(origin="https://www.public.example.com")
    options = here.for_registration(here.new_email())
    credential = RegistrationPayload.read(device.make(options))
    options_id = options["webauthnGeneratedOptionsId"]
    found = await functions.get_generated_options(options_id, "public", context)
    created = await functions.create_new_recipe_user(options_id, credential, "public", context)
    assert isinstance(created, CreateNewRecipeUserResponse)
    login_id = created.recipe_user_id.get_as_string()
    to_sign_in = here.for_sign_in()
    used = AuthenticationPayload.read(device.use(to_sign_in))
    signed_in = await functions.sign_in(to_sign_in["webauthnGeneratedOptionsId"], used, None, None, "public", context)
    got = await functions.get_credential(device.passkeys[0].credential_id, login_id, context)
    taken = here.new_email()
    other = here.for_registration(taken)
    second = Authenticator(origin=device.origin)
    assert here.send("/webauthn/signup", other, second.make(other)).status == "OK"
    refused = await functions.update_user_email(login_id, taken, "public", context)
    changed_address = await functions.update_user_email(login_id, here.new_email(), "public", context)
    missing = await functions.get_credential("AAAA", login_id, context)
    results = [found, created, signed_in, got, refused, changed_address, missing]
    return [each.status for each in results]


def test_nothing_secret_is_shown(strict: PasskeyWorld) -> None:
    """Neither challenges nor keys are in what is printed."""
    options = strict.for_sign_in()
    kept = strict.storage.part(WEBAUTHN).find_options(options["webauthnGeneratedOptionsId"])
    assert options["challenge"] not in repr(kept)
    device = Authenticator()
    signed: Signed = strict.sign_up(device, strict.new_email())
    assert signed.status == "OK"
    passkey = strict.storage.part(WEBAUTHN).find_passkey(device.passkeys[0].credential_id)
    assert passkey is not None
    assert passkey.public_key not in repr(passkey)
    assert all(options["challenge"] not in repr(each) for each in strict.events)


def test_events(strict: PasskeyWorld) -> None:
    """They tell what happened, to whom."""
    del strict.events[:]
    device, email = Authenticator(), strict.new_email()
    signed_up = strict.sign_up(device, email)
    strict.sign_in(device)
    strict.post("/webauthn/signin", {"webauthnGeneratedOptionsId": "a", "credential": device.use(strict.for_sign_in())})
    options = strict.for_registration(email)
    user_id = signed_up.user["id"]
    strict.send("/webauthn/credential", options, device.make(options), headers=signed_up.session, recipeUserId=user_id)
    body = {"webauthnCredentialId": device.passkeys[0].credential_id}
    strict.post("/webauthn/credential/remove", body, signed_up.session)
    token = strict.asked(email)
    again = strict.for_registration(token=token)
    strict.recover(token, again, device.make(again))
    told = [(each.kind, each.user_id) for each in strict.events if each.recipe_id == "webauthn"]
    assert told == [
        ("sign_up", user_id),
        ("sign_in", user_id),
        ("sign_in_failed", None),
        ("passkey_added", user_id),
        ("passkey_removed", user_id),
        ("recovery_requested", user_id),
        ("passkey_added", user_id),
        ("account_recovered", user_id),
    ]


def test_overrides_as_in_the_documents_of_supertokens() -> None:
    """They take their parameters by keyword, and hand on what they do not name."""
    seen: list[str] = []

    def functions(original_implementation: Any) -> Any:  # noqa: ANN401  # Any: as in those documents
        original_sign_up, original_options = original_implementation.sign_up, original_implementation.register_options

        async def sign_up(
            *,
            webauthn_generated_options_id: str,
            credential: RegistrationPayload,
            session: object = None,
            should_try_linking_with_session_user: bool | None = None,
            tenant_id: str,
            user_context: Any,  # noqa: ANN401  # Any: likewise
        ) -> Any:  # noqa: ANN401  # Any: likewise
            seen.append(credential.response.transports[0] if credential.response.transports else "")
            return await original_sign_up(
                webauthn_generated_options_id=webauthn_generated_options_id,
                credential=credential,
                session=session,
                should_try_linking_with_session_user=should_try_linking_with_session_user,
                tenant_id=tenant_id,
                user_context=user_context,
            )

        async def register_options(*, relying_party_name: str, **kwargs: Any) -> Any:  # noqa: ANN401  # Any: likewise
            return await original_options(relying_party_name=relying_party_name.upper(), **kwargs)

        original_implementation.sign_up = sign_up
        original_implementation.register_options = register_options
        return original_implementation

    def apis(original_implementation: Any) -> Any:  # noqa: ANN401  # Any: likewise
        original = original_implementation.register_options_post

        async def register_options_post(*, tenant_id: str, options: Any, user_context: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # Any: likewise
            seen.append(kwargs["email"])
            kwargs["display_name"] = "Ann"
            return await original(tenant_id=tenant_id, options=options, user_context=user_context, **kwargs)

        original_implementation.register_options_post = register_options_post
        original_implementation.disable_email_exists_get = True
        return original_implementation

    override = WebauthnOverrideConfig(functions=functions, apis=apis)
    with passkey_world("sqlite://", override=override) as here:
        device, email = Authenticator(), here.new_email()
        options = here.for_registration(email)
        assert (options["rp"]["name"], options["user"]["displayName"]) == ("PASSKEYS", "Ann")
        assert here.send("/webauthn/signup", options, device.make(options)).status == "OK"
        assert seen == [email, "internal"]
        assert here.client.get("/auth/webauthn/email/exists", params={"email": email}).status_code == 404
