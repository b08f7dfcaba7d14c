#!/usr/bin/env bash
# Guessed: an RSA key without "alg" in a provider's key set (it is optional: RFC 7517, 4.4) verifies a token of each RSA
#          algorithm that the caller allows.
# Seen:    joserfc 1.8.0, jwcrypto 1.6.1, cryptojwt 1.11.0, jwskate 0.12.2 and jose 6.2.18 do so. In PyJWT 2.15.1 a
#          PyJWK without alg is a key for RS256 alone, and so is what PyJWKClient finds: PS256 or RS512 is "Token
#          algorithm 'PS256' does not match the key's algorithm 'RS256'", whatever algorithms= says. The same key handed
#          over as .key verifies both. mozilla-django-oidc 5.0.2 hands over the PyJWK, and refuses RS512 that it is set
#          to.
# Follows: the message blames a key that says nothing of the kind. Hand over signing_key.key and name the algorithms
#          yourself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 cryptography==50.0.2 joserfc==1.8.0 \
    jwcrypto==1.6.1 cryptojwt==1.11.0 jwskate==0.12.2 requests==2.34.2 django==5.2.19 mozilla-django-oidc==5.0.2
npm init --yes >npm.log
npm install --silent --no-audit --no-fund jose@6.2.18 >>npm.log

cat >keys.py <<'PY'
import json
import logging
import pathlib
import time

import cryptojwt.jws.jws
import cryptojwt.key_jar
import django
import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jwt
import jwskate
import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

logging.disable(logging.CRITICAL)
ISSUER = "https://login.example"
ALGORITHMS = ["RS256", "RS512", "PS256"]
private = rsa.generate_private_key(65537, 2048)
public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
KEYS = {"keys": [{"kty": "RSA", "n": public["n"], "e": public["e"], "kid": "1", "use": "sig"}]}
CLAIMS = {"iss": ISSUER, "sub": "1", "aud": "client", "exp": int(time.time()) + 3600}
TOKENS = {name: jwt.encode(CLAIMS, private, name, headers={"kid": "1"}) for name in ALGORITHMS}


class KeyClient(jwt.PyJWKClient):
    def fetch_data(self):
        return KEYS


signing = KeyClient(f"{ISSUER}/keys")


def with_pyjwk(token):
    return jwt.decode(token, signing.get_signing_key_from_jwt(token), algorithms=ALGORITHMS, audience="client")


def with_pyjwk_key(token):
    return jwt.decode(token, signing.get_signing_key_from_jwt(token).key, algorithms=ALGORITHMS, audience="client")


def with_joserfc(token):
    return joserfc.jwt.decode(token, joserfc.jwk.KeySet.import_key_set(KEYS), algorithms=ALGORITHMS).claims


def with_jwcrypto(token):
    key_set = jwcrypto.jwk.JWKSet.from_json(json.dumps(KEYS))
    return jwcrypto.jwt.JWT(jwt=token, key=key_set, algs=ALGORITHMS, expected_type="JWS").claims


def with_cryptojwt(token):
    jar = cryptojwt.key_jar.KeyJar()
    jar.import_jwks(KEYS, ISSUER)
    return cryptojwt.jws.jws.factory(token).verify_compact(token, jar.get_signing_key(issuer_id=ISSUER))


def with_jwskate(token):
    return jwskate.SignedJwt(token).verify_signature(jwskate.JwkSet(KEYS), algs=ALGORITHMS)


def refusal(way, *arguments):
    try:
        assert way(*arguments)
    except Exception as error:  # which one it is depends on the library
        return f"{type(error).__name__}: {error}"
    return None


for way in (with_pyjwk_key, with_joserfc, with_jwcrypto, with_cryptojwt, with_jwskate, with_pyjwk):
    seen = {name: refusal(way, token) for name, token in TOKENS.items()}
    print(f"{way.__name__}: {seen}")
    for name, refused in seen.items():
        message = f"InvalidAlgorithmError: Token algorithm '{name}' does not match the key's algorithm 'RS256'"
        assert refused == (message if way is with_pyjwk and name != "RS256" else None)

settings.configure(
    OIDC_OP_TOKEN_ENDPOINT=f"{ISSUER}/token",
    OIDC_OP_USER_ENDPOINT=f"{ISSUER}/user",
    OIDC_OP_JWKS_ENDPOINT=f"{ISSUER}/keys",
    OIDC_RP_CLIENT_ID="client",
    OIDC_RP_CLIENT_SECRET="secret",
    OIDC_RP_SIGN_ALGO="RS512",
    OIDC_USE_NONCE=False,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
)
django.setup()
from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402


def answer(url, **options):  # the provider's key set, without a network
    response = requests.Response()
    response.status_code, response._content = 200, json.dumps(KEYS).encode()
    return response


requests.get = answer
refused = refusal(OIDCAuthenticationBackend().verify_token, TOKENS["RS512"])
print("mozilla-django-oidc:", refused)
assert refused.endswith("Token algorithm 'RS512' does not match the key's algorithm 'RS256'")
KEYS["keys"][0]["alg"] = "RS512"
assert refusal(OIDCAuthenticationBackend().verify_token, TOKENS["RS512"]) is None
del KEYS["keys"][0]["alg"]
pathlib.Path("keys.json").write_text(json.dumps({"keys": KEYS, "tokens": TOKENS}))
PY
python/bin/python -W ignore keys.py

cat >keys.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";

const { keys, tokens } = JSON.parse(readFileSync("keys.json", "utf8"));
for (const token of Object.values(tokens)) {
  console.log("jose:", (await jwtVerify(token, createLocalJWKSet(keys))).protectedHeader.alg);
}
JS
node keys.mjs
