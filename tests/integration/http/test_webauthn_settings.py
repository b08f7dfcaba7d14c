"""What an application says of its passkeys, and what is refused whatever it says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from authweave import UserContext
from authweave.extending import Finding
from authweave.ingredients.emaildelivery import EmailDeliveryConfig
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
from authweave.types import BaseRequest, ConfigurationError, InputAppInfo
from tests.authenticator import Authenticator
from tests.unit.recipe.session.serving import HandClock

from .passkey_world import WEBSITE, Collected, PasskeyWorld, Signed, passkey_app, passkey_world

OK: Final = {"status": "OK"}
INVALID: Final = {"status": "INVALID_CREDENTIALS_ERROR"}
RELATED: Final = "https://example.org"
APP_INFO: Final = InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000").normalised()


async def no_example_net(*, email: str, tenant_id: str, user_context: UserContext) -> str | None:
    """Refuse addresses of a domain."""
    return f"Not in {tenant_id}" if email.endswith("@example.net") else None


@pytest.fixture(scope="module")
def strict(database_url: str) -> Iterator[PasskeyWorld]:
    """Serve an application whose authenticators have to know who uses them; and it has a second website."""
    with passkey_world(
        database_url,
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


# Configuration, and the functions


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (WebauthnConfig(user_verification="always"), "config.user_verification is a str"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  the subject
        (WebauthnConfig(timeout_ms=1), "timeout_ms=1"),
        (WebauthnConfig(recovery_lifetime_s=0), "recovery_lifetime_s=0"),
        (WebauthnConfig(related_origins=["example.org"]), "related_origins has 'example.org'"),
        (WebauthnConfig(related_origins=["https://Example.org"]), "related_origins has 'https://Example.org'"),
        (WebauthnConfig(related_origins=["https://example.org:443"]), "related_origins has 'https://example.org:443'"),
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


def test_functions_of_settings(database_url: str) -> None:
    """Domain, name and page may be told of each request."""

    async def domain(*, tenant_id: str, request: BaseRequest | None, user_context: UserContext) -> str:
        return f"{tenant_id}.example.com"

    async def name(*, tenant_id: str, user_context: UserContext) -> str:
        return tenant_id.upper()

    async def page(*, tenant_id: str, request: BaseRequest | None, user_context: UserContext) -> str:
        return f"https://www.{tenant_id}.example.com"

    with passkey_world(database_url, get_relying_party_id=domain, get_relying_party_name=name, get_origin=page) as here:
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


def test_overrides_as_in_the_documents_of_supertokens(database_url: str) -> None:
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
            user_context: Any,  # noqa: ANN401  whatever comes
        ) -> Any:  # noqa: ANN401  whatever comes
            seen.append(credential.response.transports[0] if credential.response.transports else "")
            return await original_sign_up(
                webauthn_generated_options_id=webauthn_generated_options_id,
                credential=credential,
                session=session,
                should_try_linking_with_session_user=should_try_linking_with_session_user,
                tenant_id=tenant_id,
                user_context=user_context,
            )

        async def register_options(*, relying_party_name: str, **kwargs: Any) -> Any:  # noqa: ANN401  whatever comes
            return await original_options(relying_party_name=relying_party_name.upper(), **kwargs)

        original_implementation.sign_up = sign_up
        original_implementation.register_options = register_options
        return original_implementation

    def apis(original_implementation: Any) -> Any:  # noqa: ANN401  whatever comes
        original = original_implementation.register_options_post

        async def register_options_post(*, tenant_id: str, options: Any, user_context: Any, **kwargs: Any) -> Any:  # noqa: ANN401  whatever comes
            seen.append(kwargs["email"])
            kwargs["display_name"] = "Ann"
            return await original(tenant_id=tenant_id, options=options, user_context=user_context, **kwargs)

        original_implementation.register_options_post = register_options_post
        original_implementation.disable_email_exists_get = True
        return original_implementation

    override = WebauthnOverrideConfig(functions=functions, apis=apis)
    with passkey_world(database_url, override=override) as here:
        device, email = Authenticator(), here.new_email()
        options = here.for_registration(email)
        assert (options["rp"]["name"], options["user"]["displayName"]) == ("PASSKEYS", "Ann")
        assert here.send("/webauthn/signup", options, device.make(options)).status == "OK"
        assert seen == [email, "internal"]
        assert here.client.get("/auth/webauthn/email/exists", params={"email": email}).status_code == 404


def test_public_functions(database_url: str) -> None:
    """They take everything by keyword, and each has a form for callers without a loop."""
    config = WebauthnConfig(email_delivery=EmailDeliveryConfig(mails := Collected()))
    app = passkey_app(database_url, config, clock=HandClock(), events=[], is_default=True)
    try:
        where: dict[str, str] = {"relying_party_id": "localhost", "relying_party_name": "X", "origin": WEBSITE}
        device, email = Authenticator(), "ann@example.com"

        def made(**whose: str) -> tuple[str, RegistrationPayload]:
            options = webauthn.register_options.sync(**where, **whose)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  texts alone
            assert isinstance(options, webauthn.RegisterOptionsResponse)
            credential = RegistrationPayload.read(device.make(options.to_json()))
            assert credential is not None
            return options.webauthn_generated_options_id, credential

        def used() -> dict[str, Any]:  # Any: of several functions
            options = webauthn.sign_in_options.sync(**where)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  texts alone
            assert isinstance(options, webauthn.SignInOptionsResponse)
            credential = AuthenticationPayload.read(device.use(options.to_json()))
            return {"webauthn_generated_options_id": options.webauthn_generated_options_id, "credential": credential}

        options_id, credential = made(email=email)
        kept = webauthn.get_generated_options.sync(webauthn_generated_options_id=options_id)
        assert isinstance(kept, webauthn.GetGeneratedOptionsResponse)
        assert (kept.email, kept.origin, kept.user_presence) == (email, WEBSITE, True)
        signed_up = webauthn.sign_up.sync(webauthn_generated_options_id=options_id, credential=credential)
        assert isinstance(signed_up, webauthn.SignUpReponse)
        login_id = signed_up.recipe_user_id.get_as_string()
        assert webauthn.verify_credentials.sync(**used()).to_json() == OK
        assert isinstance(webauthn.sign_in.sync(**used()), webauthn.SignInResponse)
        options_id, credential = made(email="bob@example.com")
        created = webauthn.create_new_recipe_user.sync(webauthn_generated_options_id=options_id, credential=credential)
        assert created.status == "OK"
        options_id, _ = made(email=email)
        assert webauthn.remove_generated_options.sync(webauthn_generated_options_id=options_id).status == "OK"
        assert webauthn.send_recover_account_email.sync(user_id=login_id, email=email).status == "OK"
        webauthn.send_email.sync(template_vars=mails.mails[0])
        assert len(mails.mails) == 2
        link = webauthn.create_recover_account_link.sync(user_id=login_id, email=email)
        assert isinstance(link, webauthn.CreateRecoverAccountLinkResponse)
        (token,) = parse_qs(urlsplit(link.link).query)["token"]
        whose = webauthn.get_user_from_recover_account_token.sync(token=token)
        assert isinstance(whose, webauthn.GetUserFromRecoverAccountTokenResponse)
        assert whose.recipe_user_id == signed_up.recipe_user_id
        options_id, credential = made(recover_account_token=token)
        recovered = webauthn.recover_account.sync(
            token=token, webauthn_generated_options_id=options_id, credential=credential
        )
        assert recovered.status == "OK"
        listed = webauthn.list_credentials.sync(recipe_user_id=login_id).credentials
        assert len(listed) == 2
        removed = webauthn.remove_credential.sync(
            webauthn_credential_id=listed[0].webauthn_credential_id, recipe_user_id=login_id
        )
        assert removed.status == "OK"
        assert webauthn.send_recover_account_email.sync(user_id="nobody", email=email).status == "UNKNOWN_USER_ID_ERROR"
        assert asyncio.run(webauthn.update_user_email(email="new@example.com", recipe_user_id=login_id)).status == "OK"
    finally:
        app.close()
