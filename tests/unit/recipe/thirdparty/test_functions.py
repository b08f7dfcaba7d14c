"""Functions of the thirdparty recipe, with overrides and without, and the providers of tenants."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from authweave.app import App, init
from authweave.kernel import UserContext, override
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import (
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
    ThirdPartyRecipe,
    TokenEndpointAuthMethod,
)
from authweave.recipe.thirdparty.interfaces import RecipeInterface
from authweave.recipe.thirdparty.signatures import ManuallyCreateOrUpdateUser
from authweave.recipe.thirdparty.store import THIRD_PARTIES, ThirdPartyLogin
from authweave.recipe.thirdparty.types import (
    EmailChangeNotAllowedError,
    ManuallyCreateOrUpdateUserOkResult,
    ManuallyCreateOrUpdateUserResult,
    RawUserInfoFromProvider,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpResult,
)
from authweave.storage import StorageError
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, ConfigurationError, InputAppInfo
from tests.integration.thirdparty.openid_server import openid_server

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
GITHUB = ProviderConfig("github", clients=[ProviderClientConfig("id", "the-secret")])
TOKENS = {"access_token": "a"}
RAW = RawUserInfoFromProvider({"sub": "1"}, None, issuer="https://issuer.example")


def application(
    store: MemoryStorage,
    *providers: ProviderInput,
    secret: bytes = b"s" * 32,
    override: thirdparty.InputOverrideConfig | None = None,
) -> App:
    """Build an application."""
    return init(
        APP_INFO,
        [thirdparty.init(thirdparty.SignInAndUpFeature(providers), override=override), session.init()],
        storage=store,
        secret=secret,
        default=False,
    )


@pytest.fixture
def store() -> MemoryStorage:
    """Make a store in memory, with two tenants."""
    store = MemoryStorage()
    store.create_tenant("t1")
    return store


@pytest.fixture
def auth(store: MemoryStorage) -> Iterator[App]:
    """Build an application on that store, with one provider for all tenants and one for the public one."""
    everywhere = ProviderInput(GITHUB, include_in_non_public_tenants_by_default=True)
    app = application(store, everywhere, ProviderInput(attrs.evolve(GITHUB, third_party_id="discord")))
    yield app
    app.close()


async def sign_in_up(
    auth: App,
    email: str = "ada@example.com",
    *,
    third_party_id: str = "corp",
    third_party_user_id: str = "1",
    is_verified: bool = True,
    raw: RawUserInfoFromProvider = RAW,
) -> SignInUpResult:
    """Sign somebody in."""
    return await auth.recipe(ThirdPartyRecipe).functions.sign_in_up(
        third_party_id, third_party_user_id, email, is_verified, TOKENS, raw, None, None, "public", {}
    )


def test_result(auth: App) -> None:
    """The result has the user, whether it is new, and what the provider gave."""
    first = asyncio.run(sign_in_up(auth, " Ada@Example.com"))
    assert isinstance(first, SignInUpOkResult)
    assert (first.created_new_recipe_user, first.oauth_tokens) == (True, TOKENS)
    assert first.raw_user_info_from_provider == RAW
    assert first.user.emails == ["ada@example.com"]
    assert first.recipe_user_id.get_as_string() == first.user.id
    again = asyncio.run(sign_in_up(auth, is_verified=False))
    assert isinstance(again, SignInUpOkResult)
    assert (again.created_new_recipe_user, again.user.id) == (False, first.user.id)
    assert [method.verified for method in again.user.login_methods] == [True]  # for this address it was vouched once
    assert "access_token" not in repr(first)
    assert "'sub'" not in repr(first)


def test_addresses_are_in_one_form(auth: App) -> None:
    """The user of an identity has the address in NFC; a new one has none with characters that nobody can see."""

    async def scenario() -> None:
        first = await sign_in_up(auth, "Jose\u0301@example.com")
        assert isinstance(first, SignInUpOkResult)
        assert first.user.emails == ["jos\u00e9@example.com"]
        for invisible in ("a\u034fda@example.com", "a\u3164da@example.com", "a\ufe0fda@example.com"):
            new = await sign_in_up(auth, invisible, third_party_user_id="2")
            changed = await sign_in_up(auth, invisible)
            assert isinstance(new, SignInUpNotAllowed)
            assert isinstance(changed, SignInUpNotAllowed)

    asyncio.run(scenario())


def test_an_invisible_address_from_before_keeps_signing_in(auth: App, store: MemoryStorage) -> None:
    """It is the identity that counts, and the address has not changed."""
    login = ThirdPartyLogin(
        user_id="former",
        recipe_user_id="former",
        tenant_id="public",
        third_party_id="corp",
        issuer=RAW.issuer,
        third_party_user_id="1",
        email="a\u034fda@example.com",
        verified=True,
        time_joined_ms=1,
    )
    store.part(THIRD_PARTIES).sign_in_or_up(login)
    signed_in = asyncio.run(sign_in_up(auth, "A\u034fda@example.com"))
    assert isinstance(signed_in, SignInUpOkResult)
    assert signed_in.user.id == "former"


@pytest.mark.parametrize("bad", ["x" * 400, "nul\0"])
def test_what_no_store_could_keep(auth: App, bad: str) -> None:
    """An id or an address without an end, or with a NUL, is bad input, not a fault of ours."""
    for sign_in in (
        sign_in_up(auth, bad),
        sign_in_up(auth, third_party_id=bad),
        sign_in_up(auth, third_party_user_id=bad),
        sign_in_up(auth, raw=RawUserInfoFromProvider(issuer=bad)),
    ):
        with pytest.raises(BadInputError):
            asyncio.run(sign_in)


def test_an_override_of_what_sign_in_up_calls(store: MemoryStorage) -> None:
    """Signing in calls the composed function below it, and hands it the issuer."""
    issuers: list[str | None] = []

    @override(RecipeInterface[UserContext].manually_create_or_update_user)
    async def kept(
        original: ManuallyCreateOrUpdateUser, third_party_id: str, third_party_user_id: str, email: str,
        is_verified: bool, session: session.SessionContainer | None, should_try_linking_with_session_user: bool | None,
        tenant_id: str, issuer: str | None, user_context: UserContext,
    ) -> ManuallyCreateOrUpdateUserResult:  # fmt: skip
        issuers.append(issuer)
        if email == "refused@example.com":
            return EmailChangeNotAllowedError("no")
        if email == "nobody@example.com":
            return SignInUpNotAllowed("not today")
        linking = should_try_linking_with_session_user
        who = (third_party_id, third_party_user_id, email, is_verified)
        return await original(*who, session, linking, tenant_id, issuer, user_context)

    app = application(store, override=thirdparty.InputOverrideConfig(functions=kept))
    assert isinstance(asyncio.run(sign_in_up(app)), SignInUpOkResult)
    refused = asyncio.run(sign_in_up(app, "refused@example.com"))
    assert isinstance(refused, SignInUpNotAllowed)
    assert "(ERR_CODE_005)" in refused.reason
    assert asyncio.run(sign_in_up(app, "nobody@example.com")) == SignInUpNotAllowed("not today")
    assert issuers == [RAW.issuer] * 3
    app.close()


def older(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    """Override as if for a release that knew less: no ``is_verified``, no session, no wish to link, no issuer."""
    original = original_implementation.sign_in_up
    original_creation: Any = original_implementation.manually_create_or_update_user  # called as it once was
    older_original: Any = original  # likewise

    async def sign_in_up(
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        oauth_tokens: dict[str, Any],
        raw_user_info_from_provider: RawUserInfoFromProvider,
        tenant_id: str,
        user_context: dict[str, Any],
    ) -> object:
        user_context["seen"] = (third_party_id, tenant_id)
        who = (third_party_id, third_party_user_id, email)
        return await older_original(*who, oauth_tokens, raw_user_info_from_provider, tenant_id, user_context)

    async def create(
        third_party_id: str, third_party_user_id: str, email: str, is_verified: bool, user_context: dict[str, Any]
    ) -> object:
        user_context["verified"] = is_verified
        return await original_creation(third_party_id, third_party_user_id, email.upper(), is_verified, user_context)

    original_implementation.sign_in_up = sign_in_up  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  an older signature is what is tested
    original_implementation.manually_create_or_update_user = create  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  as above
    return original_implementation


def test_overrides_with_older_signatures(store: MemoryStorage) -> None:
    """What they do not take is carried past them (law O9): the verification, the tenant, the issuer."""
    app = application(store, override=thirdparty.InputOverrideConfig(functions=older))
    context: Any = UserContext()

    async def scenario() -> SignInUpResult:
        return await app.recipe(ThirdPartyRecipe).functions.sign_in_up(
            "corp", "1", "ada@example.com", True, {}, RAW, None, None, "t1", context
        )

    result = asyncio.run(scenario())
    assert isinstance(result, SignInUpOkResult)
    assert (result.user.tenant_ids, result.user.login_methods[0].verified) == (["t1"], True)
    assert (context["seen"], context["verified"]) == (("corp", "t1"), True)
    found = store.part(THIRD_PARTIES).find_third_party_login("t1", "corp", RAW.issuer, "1")
    assert found is not None
    assert found.user_id == result.user.id
    app.close()


def imported(auth: App, third_party_id: str, issuer: str | None) -> ManuallyCreateOrUpdateUserOkResult:
    """Create or find somebody by hand."""
    result = asyncio.run(
        auth.recipe(ThirdPartyRecipe).functions.manually_create_or_update_user(
            third_party_id, "ada", "ada@example.com", True, None, None, "public", issuer, {}
        )
    )
    assert isinstance(result, ManuallyCreateOrUpdateUserOkResult)
    return result


def test_who_was_imported_is_who_signs_in(store: MemoryStorage) -> None:
    """Without an issuer it is that of the configured provider, as discovered; others are others."""
    with openid_server() as server:
        corp = ProviderConfig("corp", oidc_discovery_endpoint=server.issuer, clients=[ProviderClientConfig("web")])
        app = application(store, ProviderInput(corp), ProviderInput(GITHUB))
        by_default = imported(app, "corp", None)
        assert by_default.created_new_recipe_user
        raw = RawUserInfoFromProvider(issuer=server.issuer)
        signed_in = asyncio.run(sign_in_up(app, third_party_user_id="ada", raw=raw))
        assert isinstance(signed_in, SignInUpOkResult)
        assert (signed_in.created_new_recipe_user, signed_in.user.id) == (False, by_default.user.id)
        assert imported(app, "corp", "https://elsewhere.example").user.id != by_default.user.id
        assert imported(app, "github", None).user.id == imported(app, "github", "").user.id
        assert imported(app, "unknown", None).created_new_recipe_user
        app.close()


def test_a_provider_with_many_issuers(store: MemoryStorage) -> None:
    """Where each of the provider's tenants has an issuer of its own, it has to be named."""
    entra = ProviderConfig(
        "many",
        authorization_endpoint="https://login.example/authorize",
        token_endpoint="https://login.example/token",
        jwks_uri="https://login.example/keys",
        issuer="https://login.example/{tenantid}/v2.0",
        clients=[ProviderClientConfig("id", "secret")],
    )
    app = application(store, ProviderInput(entra))
    with pytest.raises(BadInputError, match="issuer="):
        imported(app, "many", None)
    assert imported(app, "many", "https://login.example/1/v2.0").created_new_recipe_user
    app.close()


def provider_id(auth: App, third_party_id: str, tenant_id: str) -> str | None:
    """Return the client of a provider that a tenant has."""
    provider = asyncio.run(auth.recipe(ThirdPartyRecipe).functions.get_provider(third_party_id, None, tenant_id, {}))
    return None if provider is None else provider.config.client_id


def test_providers_of_init(auth: App) -> None:
    """The public tenant has all, the others those that say so; an unknown provider nobody has."""
    assert provider_id(auth, "github", "public") == provider_id(auth, "discord", "public") == "id"
    assert (provider_id(auth, "github", "t1"), provider_id(auth, "discord", "t1")) == ("id", None)
    assert provider_id(auth, "nobody", "public") is None


def test_providers_of_a_tenants_own(auth: App, store: MemoryStorage) -> None:
    """They lie over those of init, hide the others, and are in the store as nobody can read them."""
    tenants = auth.recipe(ThirdPartyRecipe).tenants
    client = ProviderClientConfig("own-client", "own-secret-of-t1")
    own = ProviderConfig("github", name="Our provider", clients=[client])
    assert asyncio.run(tenants.keep("t1", own))
    assert not asyncio.run(tenants.keep("t1", own))
    assert asyncio.run(tenants.of_tenant("t1")) == (attrs.evolve(own, clients=(own.clients[0],)),)
    assert (provider_id(auth, "github", "t1"), provider_id(auth, "github", "public")) == ("own-client", "id")
    assert asyncio.run(tenants.keep("public", attrs.evolve(own, third_party_id="facebook")))
    assert (provider_id(auth, "facebook", "public"), provider_id(auth, "github", "public")) == ("own-client", None)
    for tenant_id in ("t1", "public"):
        for stored in store.part(THIRD_PARTIES).tenant_providers(tenant_id):
            for each in (b"own-client", b"own-secret", b"Our provider"):
                assert each not in stored.config
    assert asyncio.run(tenants.remove("t1", "github"))
    assert not asyncio.run(tenants.remove("t1", "github"))
    assert provider_id(auth, "github", "t1") == "id"


def test_what_is_stored_belongs_where_it_was_stored(auth: App, store: MemoryStorage) -> None:
    """Moved to another tenant or provider, or with another secret, it does not open, and that is said."""
    asyncio.run(auth.recipe(ThirdPartyRecipe).tenants.keep("t1", GITHUB))
    stored = store.part(THIRD_PARTIES).tenant_providers("t1")[0]
    store.part(THIRD_PARTIES).set_tenant_provider(attrs.evolve(stored, tenant_id="public"))
    with pytest.raises(ConfigurationError, match="'public' has configured of provider 'github' cannot be decrypted"):
        provider_id(auth, "github", "public")
    other = application(store, secret=b"t" * 32)
    with pytest.raises(ConfigurationError, match="another secret"):
        provider_id(other, "github", "t1")
    other.close()


def test_what_cannot_be_stored(auth: App) -> None:
    """A configuration that lacks something, has functions or no tenant, or has no end, is refused."""

    async def check(*_given: object) -> None:
        pass

    method = cast("TokenEndpointAuthMethod", "client_secret_baisc")  # what a program without types writes
    mistyped = ProviderClientConfig("id", "secret", token_endpoint_auth_method=method)

    async def keep(tenant_id: str, config: ProviderConfig) -> None:
        await auth.recipe(ThirdPartyRecipe).tenants.keep(tenant_id, config)

    for tenant_id, config, error in (
        ("t1", ProviderConfig("unheard-of", clients=[ProviderClientConfig("id")]), ConfigurationError),
        ("t1", attrs.evolve(GITHUB, validate_access_token=check), ConfigurationError),
        ("t1", attrs.evolve(GITHUB, clients=[mistyped]), ConfigurationError),
        ("nowhere", GITHUB, StorageError),
        ("t1", attrs.evolve(GITHUB, name="x" * 70_000), BadInputError),
    ):
        with pytest.raises(error):
            asyncio.run(keep(tenant_id, config))
    assert asyncio.run(auth.recipe(ThirdPartyRecipe).tenants.of_tenant("t1")) == ()


def test_a_provider_that_is_listed_twice() -> None:
    """It is told before anything is built."""
    twice = thirdparty.SignInAndUpFeature([ProviderInput(GITHUB), ProviderInput(GITHUB)])
    with pytest.raises(ConfigurationError, match="'github'"):
        thirdparty.init(twice)


def test_routes_of_thirdparty_need_sessions(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without the session recipe its functions work, and a warning lists the routes that are not served."""
    init(APP_INFO, [thirdparty.init()], storage=f"sqlite:///{tmp_path / 'auth.db'}", default=False).close()
    assert "POST /signinup" in caplog.text
    assert "session.init()" in caplog.text
