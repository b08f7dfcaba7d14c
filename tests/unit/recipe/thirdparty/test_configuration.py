"""What `init` says of providers that cannot work."""

from __future__ import annotations

import re
from typing import Any

import pytest

from authweave.app import App, init
from authweave.kernel import UserContext, override
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import (
    OAuthSettings,
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
    SignInAndUpFeature,
    UserFields,
)
from authweave.recipe.thirdparty.exceptions import ClientTypeNotFoundError
from authweave.recipe.thirdparty.provider import Provider, ProviderConfigForClient
from authweave.recipe.thirdparty.providers.merging import chosen_client
from authweave.recipe.thirdparty.signatures import GetConfigForClientType
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError, InputAppInfo

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
CLIENT = ProviderClientConfig("the-id", "the-secret")
PUBLIC = ProviderClientConfig("the-id")
ISSUER = "https://id.example.com"


def application(*providers: ProviderInput, settings: OAuthSettings | None = None) -> App:
    """Build an application."""
    recipe = thirdparty.init(SignInAndUpFeature(providers), settings=settings)
    return init(APP_INFO, [recipe, session.init()], storage=MemoryStorage(), secret=b"s" * 32, default=False)


def refusal(*providers: ProviderInput, settings: OAuthSettings | None = None) -> str:
    """Return what an application is refused with."""
    with pytest.raises(ConfigurationError) as caught:
        application(*providers, settings=settings)
    return str(caught.value)


def corp(name: str, value: str, *clients: ProviderClientConfig) -> ProviderInput:
    """Configure an OpenID provider, with one address as given."""
    given: dict[str, Any] = {"oidc_discovery_endpoint": ISSUER, "clients": clients}  # Any: of many types
    given[name] = value
    return ProviderInput(ProviderConfig("corp", **given))


@override(Provider[UserContext].get_config_for_client_type)
async def looked_up(
    original: GetConfigForClientType, client_type: str | None, user_context: UserContext
) -> ProviderConfigForClient:
    """Stand for one that has clients from elsewhere."""
    return await original(client_type, user_context)


ADDRESSES = (
    "oidc_discovery_endpoint",
    "authorization_endpoint",
    "token_endpoint",
    "user_info_endpoint",
    "jwks_uri",
    "token_info_endpoint",
    "issuer",
)


class TestAddresses:
    @pytest.mark.parametrize("name", ADDRESSES)
    @pytest.mark.parametrize("clients", [(), (CLIENT,)])
    def test_plain_http(self, name: str, clients: tuple[ProviderClientConfig, ...]) -> None:
        """It is refused by its name and not by its value, with clients and without; loopback may be."""
        message = refusal(corp(name, "http://user:password@id.example.com/x", *clients))
        assert "'corp'" in message
        assert name in message
        assert "insecure_hosts" in message
        assert "password" not in message
        assert "faults" not in message  # the one, once
        application(corp(name, "http://127.0.0.1:9/x", *clients)).close()

    @pytest.mark.parametrize("name", ADDRESSES)
    def test_a_host_that_may(self, name: str) -> None:
        """Hosts that the settings name may be asked over plain HTTP."""
        provider = corp(name, "http://keycloak/x", CLIENT)
        application(provider, settings=OAuthSettings(insecure_hosts=("keycloak",))).close()
        assert name in refusal(provider)

    @pytest.mark.parametrize("address", ["id.example.com", "ftp://id.example.com", "https://", "", "https://a:b:c"])
    def test_no_address(self, address: str) -> None:
        """What is no URL of the web at all is refused too."""
        assert "token_endpoint" in refusal(corp("token_endpoint", address))

    @pytest.mark.parametrize(("third_party_id", "key"), [("gitlab", "gitlabBaseUrl"), ("okta", "oktaDomain")])
    def test_of_additional_config(self, third_party_id: str, key: str) -> None:
        """An address that follows from ``additional_config`` is looked at like the others."""
        client = ProviderClientConfig("id", "secret", additional_config={key: "http://id.example.com"})
        assert "https://" in refusal(ProviderInput(ProviderConfig(third_party_id, clients=[client])))

    def test_an_issuer_without_a_scheme(self) -> None:
        """An issuer is a name, and need not be an address."""
        application(corp("issuer", "id.example.com", CLIENT)).close()


class TestSecrets:
    @pytest.mark.parametrize("third_party_id", ["google", "google-workspaces", "google-two", "github", "facebook"])
    @pytest.mark.parametrize("secret", [None, ""])
    @pytest.mark.parametrize("client_type", [None, "web"])
    def test_missing(self, third_party_id: str, secret: str | None, client_type: str | None) -> None:
        """A client of a website without the secret that its provider asks for is refused, with what to write."""
        client = ProviderClientConfig("the-id", secret, client_type)
        message = refusal(ProviderInput(ProviderConfig(third_party_id, clients=[client])))
        assert re.search(f"'the-id'.*{third_party_id!r}.*client_secret=", message)

    @pytest.mark.parametrize(("third_party_id", "works"), [("google", True), ("github", False)])
    def test_of_a_phone(self, third_party_id: str, works: bool) -> None:
        """Google's clients for phones have no secret; GitHub knows no such clients."""
        phone = ProviderClientConfig("phone", client_type="ios")
        provider = ProviderInput(ProviderConfig(third_party_id, clients=[phone]))
        if works:
            application(provider).close()
        else:
            assert "'phone'" in refusal(provider)

    def test_public_clients_elsewhere(self) -> None:
        """A provider that the library does not know may have clients without a secret."""
        application(ProviderInput(ProviderConfig("corp", oidc_discovery_endpoint=ISSUER, clients=[PUBLIC]))).close()

    def test_no_client_id(self) -> None:
        """An id that is empty, as of a variable that is not set, is refused."""
        config = ProviderConfig("google", clients=[ProviderClientConfig("", "secret")])
        assert "client_id" in refusal(ProviderInput(config))

    def test_an_override_may_bring_it(self) -> None:
        """Where clients may come from an override, nothing is said of them."""
        config = ProviderConfig("google", clients=[PUBLIC])
        application(ProviderInput(config, override=looked_up)).close()


class TestNoClients:
    def test_for_tenants_with_their_own(self) -> None:
        """A provider without clients is one for tenants that bring theirs."""
        application(ProviderInput(ProviderConfig("google"))).close()

    def test_for_tenants_without(self) -> None:
        """Offered to tenants that have none of their own, it can never work, unless an override has clients."""
        message = refusal(ProviderInput(ProviderConfig("google"), include_in_non_public_tenants_by_default=True))
        assert re.search("'google' has no clients.*include_in_non_public_tenants_by_default", message)
        application(
            ProviderInput(ProviderConfig("google"), include_in_non_public_tenants_by_default=True, override=looked_up)
        ).close()


class TestMisspelt:
    @pytest.mark.parametrize("third_party_id", ["gogle", "Google"])
    def test_an_id(self, third_party_id: str) -> None:
        """An id that is nearly one that the library knows is held up to it; one that is not, not."""
        assert "was 'google' meant" in refusal(ProviderInput(ProviderConfig(third_party_id, clients=[CLIENT])))
        assert "meant" not in refusal(ProviderInput(ProviderConfig("corp", clients=[CLIENT])))

    def test_a_key_of_additional_config(self) -> None:
        """So is a key, without its value."""
        client = ProviderClientConfig("id", "s", additional_config={"keycloakURL": "https://x.example", "realm": "r"})
        message = refusal(ProviderInput(ProviderConfig("keycloak", clients=[client])))
        assert re.search("no 'keycloakUrl'.*It has 'keycloakURL'", message)
        assert "x.example" not in message


def test_all_in_one_error() -> None:
    """Faults of several providers, and several of one, are in one error, a line each."""
    message = refusal(
        ProviderInput(ProviderConfig("github", clients=[PUBLIC], user_info_endpoint="http://id.example.com")),
        ProviderInput(ProviderConfig("google", clients=[CLIENT, CLIENT])),
        ProviderInput(ProviderConfig("okta", clients=[CLIENT])),
        ProviderInput(ProviderConfig("corp", clients=[CLIENT], token_endpoint=ISSUER)),
    )
    first, *lines = message.splitlines()
    assert first.startswith("5 faults")
    expected = [
        "user_info_endpoint of provider 'github'",
        "'github' has no client_secret",
        "'google' has two",
        "oktaDomain",
    ]
    for line, part in zip(lines, [*expected, "'corp' has no authorization_endpoint: "], strict=True):
        assert part in line


BARE: Any = ProviderConfig("google", clients=[CLIENT])  # Any: the type checkers refuse what these tests are about
OF_TEXT: Any = "google"
FIELDS: Any = UserFields("sub")


class TestWrongObjects:
    @pytest.mark.parametrize(
        ("listed", "said"),
        [
            ([BARE], r"providers\[0\] is a ProviderConfig.*write ProviderInput\(ProviderConfig\("),
            ([ProviderInput(BARE), BARE], r"providers\[1\]"),
            ([OF_TEXT, BARE], r"(?s)providers\[0\] is a str.*providers\[1\]"),
            (ProviderInput(BARE), r"is a ProviderInput.*list.*write providers=\[ProviderInput\("),
            ([ProviderInput(OF_TEXT)], r"providers\[0\]\.config is a str"),
            (
                [ProviderInput(ProviderConfig("google", clients=[OF_TEXT]))],
                r"providers\[0\]\.config\.clients\[0\] is a str",
            ),
            (
                [ProviderInput(ProviderConfig("google", user_info_map=FIELDS))],
                r"is a UserFields: it has to be a UserInfoMap",
            ),
            ([ProviderInput(BARE), ProviderInput(BARE)], r"\['google'\] are listed twice"),
        ],
    )
    def test_in_the_list(self, listed: Any, said: str) -> None:  # noqa: ANN401  as above
        """What is no provider is named by its place, with what to write, and without what it holds."""
        with pytest.raises(ConfigurationError, match=said) as caught:
            thirdparty.init(SignInAndUpFeature(providers=listed))
        assert str(caught.value).startswith("thirdparty.init: ")
        assert "the-" not in str(caught.value)


@pytest.mark.parametrize(
    ("types", "asked", "said"),
    [
        ([], None, "'corp' has no clients: list them"),
        ([], "web", "'corp' has no clients: list them"),
        (["web", "ios"], None, "several clients: .* of 'web', 'ios'.$"),
        (["web", None], None, "of 'web'. One has no client_type"),
        (["web", "ios"], "tv", "no client of that clientType: it has 'web', 'ios'"),
        ([None], "tv", "leave clientType out"),
    ],
)
def test_no_such_client(types: list[str | None], asked: str | None, said: str) -> None:
    """A frontend is told which clients there are; what it sent is not repeated."""
    clients = [ProviderClientConfig("id", client_type=each) for each in types]
    with pytest.raises(ClientTypeNotFoundError, match=said) as caught:
        chosen_client(ProviderConfig("corp", clients=clients), asked)
    assert "'tv'" not in str(caught.value)
