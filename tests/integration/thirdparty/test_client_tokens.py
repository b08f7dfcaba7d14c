from __future__ import annotations

import asyncio
import time

import attrs
import pytest

from authweave.kernel import UserContext
from authweave.recipe.thirdparty.exceptions import ClientTokenError, IDTokenError, ProviderAnswerError
from authweave.recipe.thirdparty.provider import ProviderConfig, RedirectUriInfo
from authweave.types import JSON, JSONObject

from .openid_server import REDIRECT_URI, OpenIDServer, half_hash
from .sign_ins import WEB, Bench, begun, opened, sign_in, with_tokens

NOW = int(time.time())


class TestTokensOfClients:
    """``oAuthTokens``: what a client sends instead of a code."""

    def config(self, server: OpenIDServer, token_info_endpoint: str | None = None) -> ProviderConfig:
        """Configure the loopback provider with something to ask about access tokens."""
        return ProviderConfig(
            "corp",
            oidc_discovery_endpoint=server.issuer,
            clients=[WEB],
            token_info_endpoint=token_info_endpoint,
        )

    def test_an_id_token_of_ours(self, world: Bench, server: OpenIDServer) -> None:
        """A token that was issued to a client of ours signs in, whichever of them it is."""

        async def main() -> None:
            provider = await opened(world.openid(server), "web")
            for client_id in ("web", "ios"):
                found = await with_tokens(provider, id_token=server.id_token(client_id))
                assert found.third_party_user_id == "ada"

        asyncio.run(main())

    @pytest.mark.parametrize("audience", ["another", ["another"], ["web", "another"]])
    def test_an_id_token_of_anothers(self, world: Bench, server: OpenIDServer, audience: JSON) -> None:
        """A genuine token that was issued to somebody else signs nobody in."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            with pytest.raises(IDTokenError) as caught:
                await with_tokens(provider, id_token=server.id_token("x", aud=audience))
            assert caught.value.fault == "audience"

        asyncio.run(main())

    def test_an_expired_id_token(self, world: Bench, server: OpenIDServer) -> None:
        """Without a nonce the expiry is all that bounds a replay: it is checked."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            with pytest.raises(IDTokenError) as caught:
                await with_tokens(provider, id_token=server.id_token("web", exp=NOW - 60))
            assert caught.value.fault == "expired"

        asyncio.run(main())

    @pytest.mark.parametrize("path", ["tokeninfo", "introspect"])
    def test_an_access_token(self, world: Bench, server: OpenIDServer, path: str) -> None:
        """The provider is asked to whom it was issued; only our own clients' sign in."""
        third_party_id = "google" if path == "tokeninfo" else "corp"
        config = attrs.evolve(
            self.config(server, token_info_endpoint=f"{server.issuer}/{path}"), third_party_id=third_party_id
        )

        async def main() -> None:
            provider = await opened(world.prepare(config))
            found = await with_tokens(provider, access_token=server.access_token("web"))
            assert found.third_party_user_id == "ada"
            assert found.raw_user_info_from_provider.issuer == server.issuer
            wrong = ("made up", "", "\ud800", "é", "a\r\nx: y", "a" * 100_000)
            for foreign in (server.access_token("another"), *wrong):
                with pytest.raises(ClientTokenError):
                    await with_tokens(provider, access_token=foreign)

        asyncio.run(main())
        assert server.seen["userinfo"] == 1

    def test_an_access_token_that_nobody_can_check(self, world: Bench, server: OpenIDServer) -> None:
        """A provider that cannot be asked has no access token accepted, our own neither."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, access_token=server.access_token("web"))

        asyncio.run(main())
        assert server.seen["userinfo"] == 0

    def test_a_foreign_access_token_beside_a_good_id_token(self, world: Bench, server: OpenIDServer) -> None:
        """The one does not vouch for the other, unless it names its hash."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            foreign, own = server.access_token("another"), server.access_token("web")
            for untied in (
                server.id_token("web"),
                server.id_token("web", at_hash=""),
                server.id_token("web", at_hash=None),
            ):
                with pytest.raises(ClientTokenError):
                    await with_tokens(provider, id_token=untied, access_token=foreign)
            tied = server.id_token("web", at_hash=half_hash(own))
            with pytest.raises(IDTokenError):
                await with_tokens(provider, id_token=tied, access_token=foreign)
            await with_tokens(provider, id_token=tied, access_token=own)

        asyncio.run(main())

    def test_a_check_of_the_applications_own(self, world: Bench, server: OpenIDServer) -> None:
        """``validate_access_token`` decides where it is configured."""
        good = server.access_token("web")

        async def check(token: str, config: object, user_context: UserContext) -> None:
            if token != good:
                raise ClientTokenError("corp", "no")

        config = attrs.evolve(self.config(server), validate_access_token=check)

        async def main() -> None:
            provider = await opened(world.prepare(config))
            await with_tokens(provider, access_token=good)
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, access_token=server.access_token("web"))

        asyncio.run(main())

    def test_a_check_of_the_applications_own_adds_to_the_librarys(self, world: Bench, server: OpenIDServer) -> None:
        """``validate_access_token`` does not take the place of asking to whom a token was issued."""

        async def check(token: str, config: object, user_context: UserContext) -> None:
            """Like any token."""

        asked = self.config(server, f"{server.issuer}/introspect")
        config = attrs.evolve(asked, validate_access_token=check)

        async def main() -> None:
            provider = await opened(world.prepare(config))
            await with_tokens(provider, access_token=server.access_token("web"))
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, access_token=server.access_token("another"))

        asyncio.run(main())

    def test_a_check_of_the_applications_own_sees_every_access_token(self, world: Bench, server: OpenIDServer) -> None:
        """``validate_access_token`` may refuse those of the code flow too, and those that an ID token vouches for."""

        async def check(token: str, config: object, user_context: UserContext) -> None:
            raise ClientTokenError("corp", "no")

        config = attrs.evolve(self.config(server), validate_access_token=check)

        async def main() -> None:
            provider = await opened(world.prepare(config))
            with pytest.raises(ClientTokenError):
                await sign_in(provider, server)
            own = server.access_token("web")
            tied = server.id_token("web", at_hash=half_hash(own))
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, id_token=tied, access_token=own)
            await with_tokens(provider, id_token=tied)

        asyncio.run(main())

    def test_a_check_of_claims_is_not_got_round(self, world: Bench, server: OpenIDServer) -> None:
        """Where ``validate_id_token_payload`` decides who may sign in, an access token without claims is refused."""

        async def check(claims: JSONObject, config: object, user_context: UserContext) -> None:
            """Like any claims."""

        asked = self.config(server, f"{server.issuer}/introspect")
        config = attrs.evolve(asked, validate_id_token_payload=check)

        async def main() -> None:
            provider = await opened(world.prepare(config))
            own = server.access_token("web")
            with pytest.raises(ClientTokenError, match="needs an id_token"):
                await with_tokens(provider, access_token=own)
            await with_tokens(provider, access_token=own, id_token=server.id_token("web"))
            unchecked = attrs.evolve(config, clients=[attrs.evolve(WEB, scope=["email"])])
            with pytest.raises(ProviderAnswerError, match="gave no ID token"):
                await sign_in(await opened(world.prepare(unchecked)), server)

        asyncio.run(main())

    @pytest.mark.parametrize("tokens", [{}, {"id_token": 7}, {"access_token": None}, {"refresh_token": "x"}])
    def test_nothing(self, world: Bench, server: OpenIDServer, tokens: dict[str, JSON]) -> None:
        """Something has to be there."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, **tokens)

        asyncio.run(main())

    def test_tokens_of_the_code_flow_sent_again_by_a_client(self, world: Bench, server: OpenIDServer) -> None:
        """What the exchange returned is trusted as it is; the same values in JSON of a client's are checked."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            url, sealed = await begun(provider)
            info = RedirectUriInfo(REDIRECT_URI, server.authorise(url), sealed)
            tokens = await provider.exchange_auth_code_for_oauth_tokens(info, UserContext())
            await provider.get_user_info(tokens, UserContext())
            forged = {**tokens, "id_token": server.id_token("another")}
            with pytest.raises(IDTokenError):
                await provider.get_user_info(forged, UserContext())

        asyncio.run(main())
