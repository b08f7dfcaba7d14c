"""Attacks on a sign-in: each tries to have somebody signed in, and is told how it was refused."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

import attrs

from authweave.app import App
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.recipe.thirdparty.exceptions import ThirdPartyError
from authweave.recipe.thirdparty.interfaces import APIOptions
from authweave.recipe.thirdparty.provider import Provider, RedirectUriInfo
from authweave.recipe.thirdparty.types import SignInUpPostOkResult
from authweave.types import JSON, BadInputError, BaseRequest, JSONObject
from tests.integration.http.serving import as_jwt_part

from .openid_server import (
    OTHER_KEY,
    REDIRECT_URI,
    Claims,
    Grant,
    OpenIDServer,
    half_hash,
    s256,
    signed,
    symmetric,
    unsigned,
)
from .sign_ins import MovedClock, begun

SIGNED_IN: Final = "signed in"
ELSEWHERE: Final = "http://localhost:3000/elsewhere"


@attrs.frozen
class Scene:
    """
    An application, its providers and its clock.

    Attributes:
        server: the provider ``corp``, also called ``other``, ``plain`` for who does not ask it for ID tokens, and
            ``named``, which says on the way back who it is.
        foreign: a sealed value of another installation.
    """

    app: App
    server: OpenIDServer
    clock: MovedClock
    foreign: str

    async def provider(
        self, third_party_id: str = "corp", client_type: str = "web", tenant_id: str = "public"
    ) -> Provider:
        """Return a provider for a client."""
        functions = self.app.recipe(ThirdPartyRecipe).functions
        found = await functions.get_provider(third_party_id, client_type, tenant_id, {})
        assert found is not None
        return found

    async def bring(
        self, provider: Provider, returned: JSONObject, sealed: str | None, redirect_uri: str = REDIRECT_URI
    ) -> None:
        """Bring a code."""
        await self._sign_in(provider, RedirectUriInfo(redirect_uri, returned, sealed), None)

    async def bring_tokens(self, **tokens: JSON) -> None:
        """Bring tokens."""
        await self._sign_in(await self.provider(), None, tokens)

    async def sign_in(self, third_party_id: str = "corp") -> None:
        """Sign in as one should."""
        provider = await self.provider(third_party_id)
        url, sealed = await begun(provider)
        await self.bring(provider, self.server.authorise(url), sealed)

    async def _sign_in(self, provider: Provider, info: RedirectUriInfo | None, tokens: JSONObject | None) -> None:
        recipe = self.app.recipe(ThirdPartyRecipe)
        options = APIOptions(
            request=BaseRequest("post", "/auth/signinup"),
            app_info=self.app.app_info,
            config=recipe.config,
            recipe_implementation=recipe.functions,
        )
        result = await recipe.apis.sign_in_up_post(provider, info, tokens, None, None, "public", options, {})
        assert isinstance(result, SignInUpPostOkResult)

    async def outcome_of(self, attack: Callable[[Scene], Awaitable[None]]) -> str:
        """Try an attack, and say what came of it."""
        self.clock.ahead_ms = 0
        self.server.changed, self.server.sign = dict[str, JSON], signed
        try:
            await attack(self)
        except BadInputError:
            return "BadInputError"
        except ThirdPartyError as error:
            fault: str = getattr(error, "fault", "")
            return f"{type(error).__name__} {fault}".rstrip()
        return SIGNED_IN


Attack: TypeAlias = Callable[[Scene], Awaitable[None]]


def with_sealed(sealed: str | None) -> Attack:
    """Bring a code with a value that was not made for it."""

    async def attack(scene: Scene) -> None:
        provider = await scene.provider()
        url, _ = await begun(provider)
        await scene.bring(provider, scene.server.authorise(url), sealed)

    return attack


def sealed_for(
    third_party_id: str = "corp", client_type: str = "web", tenant_id: str = "public", redirect_uri: str = REDIRECT_URI
) -> Attack:
    """Bring a code with the sealed value of another sign-in."""

    async def attack(scene: Scene) -> None:
        _, sealed = await begun(await scene.provider(third_party_id, client_type, tenant_id), redirect_uri)
        await with_sealed(sealed)(scene)

    return attack


async def of_another_installation(scene: Scene) -> None:
    """Bring a code with what another installation sealed."""
    await with_sealed(scene.foreign)(scene)


async def stale(scene: Scene) -> None:
    """Come back after ten minutes."""
    provider = await scene.provider()
    url, sealed = await begun(provider)
    scene.clock.ahead_ms = 600_000
    await scene.bring(provider, scene.server.authorise(url), sealed)


def stolen(third_party_id: str = "corp", *, without_pkce: bool = False) -> Attack:
    """Put a victim's code into one's own sign-in, also at a provider that looks at no verifier."""

    async def attack(scene: Scene) -> None:
        provider = await scene.provider(third_party_id)
        hers, _ = await begun(provider)
        mine, sealed = await begun(provider)
        code, own = str(scene.server.authorise(hers)["code"]), str(scene.server.authorise(mine)["code"])
        if without_pkce:
            challenge = scene.server.codes[own].challenge
            scene.server.codes[code] = attrs.evolve(scene.server.codes[code], challenge=challenge)
        await scene.bring(provider, {"code": code}, sealed)

    return attack


async def of_another_client(scene: Scene) -> None:
    """Bring a code that another client of ours was given."""
    url, _ = await begun(await scene.provider(client_type="ios"))
    provider = await scene.provider()
    _, sealed = await begun(provider)
    await scene.bring(provider, scene.server.authorise(url), sealed)


async def with_another_redirect(scene: Scene) -> None:
    """Bring a code that was sent elsewhere."""
    provider = await scene.provider()
    url, _ = await begun(provider, ELSEWHERE)
    _, sealed = await begun(provider)
    await scene.bring(provider, scene.server.authorise(url), sealed)


async def twice(scene: Scene) -> None:
    """Bring a code again."""
    provider = await scene.provider()
    url, sealed = await begun(provider)
    returned = scene.server.authorise(url)
    await scene.bring(provider, returned, sealed)
    await scene.bring(provider, returned, sealed)


def returned_with(**more: JSON) -> Attack:
    """Come back with something else in the query."""

    async def attack(scene: Scene) -> None:
        provider = await scene.provider()
        url, sealed = await begun(provider)
        await scene.bring(provider, {**scene.server.authorise(url), **more}, sealed)

    return attack


async def begun_elsewhere(scene: Scene) -> None:
    """Begin at the provider without the server, and bring code and verifier."""
    verifier, code = secrets.token_urlsafe(32), secrets.token_urlsafe()
    scene.server.codes[code] = Grant("web", REDIRECT_URI, s256(verifier), "theirs", "ada")
    await scene.bring(await scene.provider(), {"code": code}, verifier)


async def begun_elsewhere_with_another_verifier(scene: Scene) -> None:
    """Bring a code that somebody else asked for, with a verifier of one's own."""
    code = secrets.token_urlsafe()
    scene.server.codes[code] = Grant("web", REDIRECT_URI, s256(secrets.token_urlsafe(32)), "theirs", "ada")
    await scene.bring(await scene.provider(), {"code": code}, secrets.token_urlsafe(32))


async def handed_over(scene: Scene) -> None:
    """Bring a code that no redirect and no verifier belongs to."""
    code = secrets.token_urlsafe()
    scene.server.codes[code] = Grant("web", "", s256(""), None, "ada")
    await scene.bring(await scene.provider(), {"code": code}, None, "")


async def of_a_page_as_handed_over(scene: Scene) -> None:
    """Bring a page's code as if an SDK had handed it over."""
    provider = await scene.provider()
    url, _ = await begun(provider)
    await scene.bring(provider, scene.server.authorise(url), None, "")


async def promised_and_missing(scene: Scene) -> None:
    """Come back without the name of a provider that always says it."""
    await scene.sign_in("named")


async def sealed_by_one_for_the_other(scene: Scene) -> None:
    """Take a code and its sealed value to another provider."""
    url, sealed = await begun(await scene.provider())
    await scene.bring(await scene.provider("other"), scene.server.authorise(url), sealed)


def tokens(client_id: str = "web", **claims: JSON) -> Attack:
    """Bring an ID token instead of a code."""

    async def attack(scene: Scene) -> None:
        await scene.bring_tokens(id_token=scene.server.id_token(client_id, "ada", **claims))

    return attack


async def forged_token(scene: Scene) -> None:
    """Bring an ID token that is signed under the public key."""
    scene.server.sign = symmetric
    await tokens()(scene)


def of_another_kind(kind: str) -> Attack:
    """Bring what the provider has signed for us as something else: an access token (RFC 9068), say."""

    async def attack(scene: Scene) -> None:
        scene.server.sign = lambda claims: signed(claims, header={"typ": kind})
        await tokens()(scene)

    return attack


async def access_token_alone(scene: Scene) -> None:
    """Bring an access token where nobody can tell whose it is."""
    await scene.bring_tokens(access_token=scene.server.access_token("another"))


async def access_token_of_another(scene: Scene) -> None:
    """Bring an ID token that belongs to another access token."""
    id_token = scene.server.id_token("web", at_hash=half_hash("another"))
    await scene.bring_tokens(id_token=id_token, access_token=scene.server.access_token("web"))


def changing(change: Callable[[Claims], Claims]) -> Attack:
    """Have the provider say something else in a genuine ID token."""

    async def attack(scene: Scene) -> None:
        scene.server.changed = change
        await scene.sign_in()

    return attack


def signing(sign: Callable[[Claims], str]) -> Attack:
    """Have the provider answer with a token that is not genuine."""

    async def attack(scene: Scene) -> None:
        scene.server.sign = sign
        await scene.sign_in()

    return attack


def aged(claims: Claims) -> Claims:
    """Let a token have expired longer ago than clocks may differ."""
    now = int(time.time())
    return {**claims, "iat": now - 3600, "exp": now - 60}


def without(name: str) -> Callable[[Claims], Claims]:
    """Leave a claim out."""
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def having(name: str, value: JSON) -> Callable[[Claims], Claims]:
    """Change a claim."""
    return lambda claims: {**claims, name: value}


def in_an_hour(name: str) -> Callable[[Claims], Claims]:
    """Move a time into the future."""
    return lambda claims: {**claims, name: int(time.time()) + 3600}


def always(token: str) -> Callable[[Claims], str]:
    """Issue one and the same text, whatever the claims."""
    return lambda claims: token


def by_the_other_key(claims: Claims) -> str:
    """Sign with a key that the provider does not publish."""
    return signed(claims, OTHER_KEY)


def broken(claims: Claims) -> str:
    """Break the signature."""
    return signed(claims)[:-4] + "AAAA"


ATTACKS: Final[Mapping[str, tuple[str, Attack]]] = {
    "no sealed value": ("SealedValueError missing", with_sealed(None)),
    "an empty sealed value": ("SealedValueError missing", with_sealed("")),
    "a made-up sealed value": ("SealedValueError foreign", with_sealed("x" * 139)),
    "the sealed value of another installation": ("SealedValueError foreign", of_another_installation),
    "the sealed value of another provider": ("SealedValueError foreign", sealed_for("other")),
    "the sealed value of another client": ("SealedValueError foreign", sealed_for(client_type="ios")),
    "the sealed value of another tenant": ("SealedValueError foreign", sealed_for(tenant_id="t1")),
    "the sealed value of another redirect URI": ("SealedValueError foreign", sealed_for(redirect_uri=ELSEWHERE)),
    "a stale sealed value": ("SealedValueError stale", stale),
    "a stolen code": ("CodeRefusedError", stolen()),
    "a stolen code at a provider that ignores PKCE": ("IDTokenError nonce", stolen(without_pkce=True)),
    "a stolen code where there is no ID token": ("CodeRefusedError", stolen("plain")),
    "a code of another client": ("CodeRefusedError", of_another_client),
    "a code of another redirect URI": ("CodeRefusedError", with_another_redirect),
    "a code twice": ("CodeRefusedError", twice),
    "a code and an error": ("CodeRefusedError", returned_with(error="access_denied")),
    "no code": ("CodeRefusedError", returned_with(code=None)),
    "a sign-in that the server did not begin": ("SealedValueError foreign", begun_elsewhere),
    "a code with another's verifier": ("SealedValueError foreign", begun_elsewhere_with_another_verifier),
    "a code that an SDK handed over": ("SealedValueError missing", handed_over),
    "a page's code as if handed over": ("SealedValueError missing", of_a_page_as_handed_over),
    "an answer of another provider": ("MixUpError", returned_with(iss="https://evil.example")),
    "an answer without the promised name": ("MixUpError", promised_and_missing),
    "a code and its sealed value at another provider": ("SealedValueError foreign", sealed_by_one_for_the_other),
    "a client's ID token for another": ("IDTokenError audience", tokens("another")),
    "a client's access token as an ID token": ("IDTokenError malformed", of_another_kind("at+jwt")),
    "a client's logout token as an ID token": ("IDTokenError malformed", of_another_kind("application/Logout+JWT")),
    "a client's ID token for us and another": ("IDTokenError audience", tokens(aud=["web", "another"])),
    "a client's ID token issued to another": ("IDTokenError audience", tokens(azp="another")),
    "a client's ID token for a third": ("IDTokenError audience", tokens(aud=["web", "third"], azp="third")),
    "a client's forged ID token": ("IDTokenError algorithm", forged_token),
    "a client's old ID token": ("IDTokenError expired", tokens(exp=1_000_000_000)),
    "a client's access token": ("ClientTokenError", access_token_alone),
    "a client's ID token of another access token": ("IDTokenError access_token", access_token_of_another),
    **{
        f"an ID token, {name}": (f"IDTokenError {fault}", changing(change))
        for name, change, fault in (
            ("for another", having("aud", "another"), "audience"),
            ("for another client of ours", having("aud", "ios"), "audience"),
            ("for nobody", having("aud", []), "audience"),
            ("for another in a list", having("aud", ["another"]), "audience"),
            ("for us and another", having("aud", ["web", "another"]), "audience"),
            ("for us and a third", having("aud", ["web", "third"]), "audience"),
            ("without aud", without("aud"), "audience"),
            ("issued to another", having("azp", "another"), "audience"),
            ("issued to a third", having("azp", "third"), "audience"),
            ("of another issuer", having("iss", "https://accounts.example.com"), "issuer"),
            ("of the issuer null", having("iss", None), "issuer"),
            ("without iss", without("iss"), "issuer"),
            ("with another nonce", having("nonce", "another"), "nonce"),
            ("with an empty nonce", having("nonce", ""), "nonce"),
            ("without nonce", without("nonce"), "nonce"),
            ("expired", aged, "expired"),
            ("without exp", without("exp"), "expired"),
            ("that expires tomorrow", having("exp", "tomorrow"), "expired"),
            ("of the future", in_an_hour("iat"), "expired"),
            ("without iat", without("iat"), "expired"),
            ("for the future", in_an_hour("nbf"), "expired"),
            ("of another access token", having("at_hash", "another"), "access_token"),
            ("without sub", without("sub"), "claims"),
            ("with an empty sub", having("sub", ""), "claims"),
            ("with a number for sub", having("sub", 7), "claims"),
            ("with a long sub", having("sub", "a" * 256), "claims"),
        )
    },
    **{
        f"no genuine ID token, {name}": (f"IDTokenError {fault}", signing(sign))
        for name, sign, fault in (
            ("unsigned", unsigned, "algorithm"),
            ("signed under the public key", symmetric, "algorithm"),
            ("signed by another key", by_the_other_key, "key"),
            ("with a broken signature", broken, "signature"),
            ("three words", always("one.two.three"), "malformed"),
            ("empty", always(""), "malformed"),
            ("not in ASCII", always("é.é.é"), "malformed"),
            ("too long", always("e30.e30." + "x" * 20_000), "malformed"),
            ("with a text for a header", always(f"{as_jwt_part('alg')}.e30.AAAA"), "malformed"),
            ("with a list for a header", always(f"{as_jwt_part(['alg', 'kid'])}.e30.AAAA"), "malformed"),
            ("with a list for alg", always(f"{as_jwt_part({'alg': ['RS256']})}.e30.AAAA"), "algorithm"),
        )
    },
}
"""Each with how it is refused where no switch is on."""
