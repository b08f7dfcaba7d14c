"""The code flow against a certified OpenID provider, ``oidc-provider``, consent page included."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from authweave.kernel import UserContext
from authweave.recipe.thirdparty.exceptions import CodeRefusedError, IDTokenError, MixUpError, SignInRefusedError
from authweave.recipe.thirdparty.provider import Provider, ProviderConfig, RedirectUriInfo
from authweave.recipe.thirdparty.providers import PreparedProvider
from authweave.recipe.thirdparty.types import UserInfoEmail
from authweave.types import JSON
from tests.integration.thirdparty.openid_server import REDIRECT_URI
from tests.integration.thirdparty.sign_ins import IOS, WEB, begun, bench, finished, opened, with_tokens

from .openid_provider import agreed, certified_provider

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run the provider."""
    with certified_provider(REDIRECT_URI) as made:
        yield made


@pytest.fixture
def provider(issuer: str) -> Iterator[PreparedProvider]:
    """Make it ready in an application."""
    with bench() as world:
        yield world.prepare(ProviderConfig("certified", oidc_discovery_endpoint=issuer, clients=[WEB, IOS]))


def returned(url: str, name: str = "ada") -> dict[str, JSON]:
    """Sign in and consent; return what the frontend gets of it."""
    return {**agreed(url, name, REDIRECT_URI)}


@pytest.mark.parametrize(("name", "is_verified"), [("ada", True), ("unsure", False)])
def test_a_sign_in(issuer: str, provider: PreparedProvider, name: str, *, is_verified: bool) -> None:
    """The user, her address and whether it is vouched for arrive; the provider names itself on the way."""

    async def main() -> None:
        mine = await opened(provider)
        url, sealed = await begun(mine)
        back = returned(url, name)
        assert back["iss"] == issuer
        found = await finished(mine, back, sealed)
        assert found.third_party_user_id == name
        assert found.email == UserInfoEmail(f"{name}@example.com", is_verified=is_verified)
        raw = found.raw_user_info_from_provider
        assert raw.issuer == issuer
        assert raw.from_user_info_api is not None  # this provider tells the address there alone
        assert raw.from_id_token_payload is not None
        assert "email" not in raw.from_id_token_payload

    asyncio.run(main())


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"iss": None}, MixUpError),
        ({"iss": "https://evil.example"}, MixUpError),
        ({"code": "made-up"}, CodeRefusedError),
    ],
)
def test_what_is_refused(
    provider: PreparedProvider, change: dict[str, JSON], refusal: type[SignInRefusedError]
) -> None:
    """An answer of another provider, or one that hides who it is, and a code of nobody's sign nobody in."""

    async def main() -> None:
        mine = await opened(provider)
        url, sealed = await begun(mine)
        changed = returned(url) | change
        with pytest.raises(refusal):
            await finished(mine, changed, sealed)

    asyncio.run(main())


def test_a_code_of_another_user_client_or_time(provider: PreparedProvider) -> None:
    """A code is good for the sign-in and the client that it was given for, once."""

    async def main() -> None:
        mine, phone = await opened(provider, "web"), await opened(provider, "ios")
        (url, sealed), (_, other), (_, on_phone) = await begun(mine), await begun(mine), await begun(phone)
        for provider_used, value in ((mine, other), (phone, on_phone)):
            with pytest.raises(CodeRefusedError):
                await finished(provider_used, returned(url), value)
        back = returned(url)
        await finished(mine, back, sealed)
        with pytest.raises(CodeRefusedError):
            await finished(mine, back, sealed)

    asyncio.run(main())


def test_a_key_that_was_rotated_out() -> None:
    """An ID token counts while the provider publishes its key; after another start it has another, and that counts."""
    with bench() as world:

        async def exchanged(mine: Provider) -> str:
            url, sealed = await begun(mine)
            info = RedirectUriInfo(REDIRECT_URI, returned(url), sealed)
            tokens = await mine.exchange_auth_code_for_oauth_tokens(info, UserContext())
            return str(tokens["id_token"])

        async def refused() -> IDTokenError | None:
            """Return how the old token is refused; nothing where another program took the port between both starts."""
            with certified_provider(REDIRECT_URI) as issuer:
                prepared = world.prepare(ProviderConfig("certified", oidc_discovery_endpoint=issuer, clients=[WEB]))
                mine = await opened(prepared)
                old = await exchanged(mine)
                assert (await with_tokens(mine, id_token=old)).third_party_user_id == "ada"
            with certified_provider(REDIRECT_URI, port=urlsplit(issuer).port or 0) as again:
                if again != issuer:
                    return None
                world.clock.ahead_ms += 60_000  # an unknown key is not asked for all the time
                new = await exchanged(mine)
                assert (await with_tokens(mine, id_token=new)).third_party_user_id == "ada"
                with pytest.raises(IDTokenError) as caught:
                    await with_tokens(mine, id_token=old)
            return caught.value

        async def main() -> None:
            refusal = await refused()
            while refusal is None:
                refusal = await refused()
            assert refusal.fault == "key"

        asyncio.run(main())


def test_who_declines(provider: PreparedProvider, issuer: str) -> None:
    """An error that the provider sends back is told, and is nobody's sign-in."""

    async def main() -> None:
        mine = await opened(provider)
        _, sealed = await begun(mine)
        with pytest.raises(CodeRefusedError, match="access_denied"):
            await finished(mine, {"error": "access_denied", "iss": issuer}, sealed)

    asyncio.run(main())
