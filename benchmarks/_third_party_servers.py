"""
The servers of the benchmarks of providers: a provider, an application that signs in there, and a bare route.

Run as ``python benchmarks/_third_party_servers.py NAME PORT FOLDER [ISSUER ...]``.
"""

from __future__ import annotations

import base64
import ctypes
import gc
import hashlib
import json
import os
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import uvicorn
from _serving import resident_mib
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

PROVIDER_IDS = ("loopback", "other")
CLIENT_ID, CLIENT_SECRET = "benchmark", "benchmark-secret"


def add_health(app: FastAPI) -> FastAPI:
    """Add the route that is probed."""

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def provider_app(port: int) -> FastAPI:
    """Serve an OpenID provider. Its codes say themselves what they stand for, so nobody has to visit its pages."""
    issuer = f"http://127.0.0.1:{port}"
    key = RSAKey.generate_key(2048, {"kid": "one"})
    seen: Counter[str] = Counter()
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, str]:
        seen["discovery"] += 1
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
        }

    @app.get("/jwks")
    async def jwks() -> JSONResponse:
        seen["jwks"] += 1
        return JSONResponse({"keys": [key.as_dict(private=False)]})

    @app.post("/token")
    async def token(request: Request) -> dict[str, str]:
        seen["token"] += 1
        form = dict(parse_qsl((await request.body()).decode()))
        grant = json.loads(base64.urlsafe_b64decode(form["code"]))
        now, access_token = int(time.time()), f"token-of-{grant['sub']}"
        half = base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()
        claims = {"iss": issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "at_hash": half, **grant}
        id_token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key, algorithms=["RS256"])
        return {"access_token": access_token, "token_type": "Bearer", "id_token": id_token}

    @app.get("/userinfo")
    async def userinfo(request: Request) -> dict[str, object]:
        seen["userinfo"] += 1
        user = request.headers["authorization"].removeprefix("Bearer token-of-")
        return {"sub": user, **address_of(user)}

    @app.get("/seen")
    async def counted() -> dict[str, int]:
        return dict(seen)

    return add_health(app)


def address_of(user: str) -> dict[str, object]:
    """Return what the provider says of a user's address."""
    return {"email": f"{user}@example.com", "email_verified": True}


def code_for(nonce: str, user: str, *, address: bool = True) -> str:
    """Return a code of the provider. Where the ID token is without the address, user info is asked for it."""
    grant = {"nonce": nonce, "sub": user, **(address_of(user) if address else {})}
    return base64.urlsafe_b64encode(json.dumps(grant).encode()).decode()


def authweave_app(folder: Path, issuers: list[str]) -> FastAPI:
    """Serve an application that signs in at providers."""
    from authweave import InputAppInfo, init  # noqa: PLC0415  each process loads what it needs
    from authweave.framework.fastapi import get_middleware  # noqa: PLC0415  each process loads what it needs
    from authweave.recipe import session, thirdparty  # noqa: PLC0415  each process loads what it needs

    client = thirdparty.ProviderClientConfig(CLIENT_ID, CLIENT_SECRET)
    configs = [
        thirdparty.ProviderConfig(provider_id, oidc_discovery_endpoint=issuer, clients=[client])
        for provider_id, issuer in zip(PROVIDER_IDS, issuers, strict=False)
    ]
    feature = thirdparty.SignInAndUpFeature(providers=[thirdparty.ProviderInput(config) for config in configs])
    init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        # Nobody is to be given up where the machine has other things to do.
        [thirdparty.init(feature, settings=thirdparty.OAuthSettings(timeout=timedelta(minutes=2))), session.init()],
        storage=f"sqlite:///{folder / 'third_party.db'}",
    )
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/resident")
    def resident() -> tuple[float, float]:
        """Return what is resident in MiB, and what still is when glibc has given back what is free."""
        gc.collect()
        as_it_is = resident_mib(os.getpid())
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        return as_it_is, resident_mib(os.getpid())

    return add_health(app)


def bare_app() -> FastAPI:
    """Answer the same requests, and do nothing for it."""
    app = FastAPI()

    @app.post("/auth/signinup")
    async def sign_in_up(request: Request) -> dict[str, str]:
        await request.body()
        return {"status": "OK"}

    return add_health(app)


def main() -> None:
    """Serve one of them."""
    name, port, folder, *issuers = sys.argv[1:]
    match name:
        case "provider":
            app = provider_app(int(port))
        case "authweave":
            app = authweave_app(Path(folder), issuers)
        case _:
            app = bare_app()
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False, backlog=4096)


if __name__ == "__main__":
    main()
