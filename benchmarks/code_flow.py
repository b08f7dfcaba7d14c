"""
What CPU the code flow costs beside that of Authlib's Starlette client: exchange, ID token, user info.

Both sign in at one loopback provider, a process of its own, whose ID tokens are signed with RS256 and have no address,
so that user info is asked. Each does what an application has done for a callback, without its session and its store:
ours finds the provider for the client, opens the sealed value, exchanges the code, checks the ID token and reads user
info; Authlib's ``authorize_access_token`` and ``userinfo`` do the same with the state in a plain dictionary. What
begins a sign-in is not counted. They take turns, round by round, in one process, one sign-in after the other; what
counts is the ratio of the process's CPU time within each round.

Authlib opens a client for each request, which as it is reads all certificates of the machine each time. That is shown,
and not what we are held against: the bar is set against Authlib with one TLS context for all (``verify``).

Run ``python benchmarks/code_flow.py``; ``--rounds`` (9) and ``--sign-ins`` (100, a round) can be given. Authlib
has to be installed (dependency group ``peer-authlib``); without it only our own figure is there.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import importlib.util
import statistics
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import httpx2
from _serving import ready, serving
from _third_party_people import REDIRECT_URI, nonce_of
from _third_party_servers import CLIENT_ID, CLIENT_SECRET, PROVIDER_IDS, code_for
from measure import Result, figure, verdict, with_versions

from authweave import InputAppInfo, init
from authweave.kernel import UserContext
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty.provider import RedirectUriInfo
from authweave.recipe.thirdparty.providers import Providers
from authweave.storage.memory import MemoryStorage

BAR = 0.7

SignIn = Callable[[], Awaitable[str]]
"""Ends a sign-in that was begun; returns the address of who signed in."""


def ours(issuer: str) -> Callable[[str], Awaitable[SignIn]]:
    """Make an application of ours; returns what begins a sign-in."""
    client = thirdparty.ProviderClientConfig(CLIENT_ID, CLIENT_SECRET)
    config = thirdparty.ProviderConfig(PROVIDER_IDS[0], oidc_discovery_endpoint=issuer, clients=[client])
    info = InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1")
    app = init(info, [session.init()], storage=MemoryStorage(), secret=bytes(32), default=False)
    prepared = Providers(app.services).prepare(thirdparty.ProviderInput[UserContext](config))

    async def begin(user: str) -> SignIn:
        provider = await prepared.for_client(None, "public", UserContext())
        begun = await provider.get_authorisation_redirect_url(REDIRECT_URI, UserContext())
        code = code_for(nonce_of(begun.url_with_query_params), user, address=False)
        returned = RedirectUriInfo(REDIRECT_URI, {"code": code, "state": "s"}, begun.pkce_code_verifier)

        async def finish() -> str:
            context = UserContext()
            provider = await prepared.for_client(None, "public", context)
            tokens = await provider.exchange_auth_code_for_oauth_tokens(returned, context)
            found = await provider.get_user_info(tokens, context)
            assert found.email is not None
            return found.email.id

        return finish

    return begin


def authlib(issuer: str, **options: object) -> Callable[[str], Awaitable[SignIn]]:
    """Set up Authlib's client as its documentation does; returns what begins a sign-in."""
    from authlib.integrations.starlette_client import OAuth  # noqa: PLC0415  may not be there
    from starlette.requests import Request  # noqa: PLC0415  as above

    oauth = OAuth()
    client = oauth.register(
        PROVIDER_IDS[0],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", **options},
    )

    def request_with(query: dict[str, str], kept: dict[str, object]) -> Request:
        scope = {"type": "http", "method": "GET", "headers": [], "query_string": urlencode(query).encode()}
        return Request({**scope, "session": kept})

    async def begin(user: str) -> SignIn:
        kept: dict[str, object] = {}
        begun = await client.create_authorization_url(REDIRECT_URI)
        await client.save_authorize_data(request_with({}, kept), redirect_uri=REDIRECT_URI, **begun)
        code = code_for(nonce_of(begun["url"]), user, address=False)
        returned = request_with({"code": code, "state": begun["state"]}, kept)

        async def finish() -> str:
            token = await client.authorize_access_token(returned)
            found: dict[str, str] = await client.userinfo(token=token)
            return found["email"]

        return finish

    return begin


async def measure(
    cases: dict[str, Callable[[str], Awaitable[SignIn]]], rounds: int, sign_ins: int
) -> dict[str, Result]:
    """Let the cases take turns; a round more is run first and thrown away. Returns CPU nanoseconds for a sign-in."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, begin in cases.items():
            users = [f"user-{number}-{index}" for index in range(sign_ins)]
            begun = [await begin(user) for user in users]
            gc.collect()
            start = time.process_time_ns()
            addresses = [await finish() for finish in begun]
            taken = time.process_time_ns() - start
            assert addresses == [f"{user}@example.com" for user in users]
            if number:
                times[name].append(taken / sign_ins)
    return {name: Result(tuple(each)) for name, each in times.items()}


def main() -> None:
    """Measure, and set the figure against its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--sign-ins", type=int, default=100)
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        provider = stack.enter_context(serving("_third_party_servers.py", "provider", ""))
        asyncio.run(ready(provider, "/health"))
        issuer = f"http://127.0.0.1:{provider}"
        cases = {"authweave": ours(issuer)}
        if importlib.util.find_spec("authlib") is None:
            print("Authlib is not installed here, so it is not measured")
        else:
            cases["Authlib, one TLS context for all"] = authlib(issuer, verify=httpx2.create_ssl_context())
            cases["Authlib as it is"] = authlib(issuer)
        results = asyncio.run(measure(cases, given.rounds, given.sign_ins))
    print(with_versions(f"The code flow, CPU of {given.rounds} rounds of {given.sign_ins} sign-ins"))
    for name, result in results.items():
        spread = f"{min(result.times_ns) / 1e6:.2f} to {max(result.times_ns) / 1e6:.2f}"
        print(f"{name:<40} {result.median_ns / 1e6:8.2f} ms a sign-in ({spread})")
    for name, result in list(results.items())[1:]:
        ratios = results["authweave"].ratios_to(result)
        what, ratio = f"CPU of the code flow, against {name}", statistics.median(ratios)
        if name == "Authlib as it is":
            print(figure(what, ratio, unit="x", spread=ratios))
        else:
            print(verdict(what, ratio, BAR, spread=ratios))


if __name__ == "__main__":
    main()
