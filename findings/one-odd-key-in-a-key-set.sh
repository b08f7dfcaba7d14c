#!/usr/bin/env bash
# Guessed: a key of a kind that a library does not know is left out of a provider's key set, and the token verifies with
#          the key that it names: RFC 7517, 5, says so.
# Seen:    PyJWT 2.15.1, jwcrypto 1.6.1, cryptojwt 1.11.0, jose 6.2.18 and jwks-rsa 4.1.0 do. joserfc 1.8.0, and so
#          Authlib 1.9.10's clients, leave out an unknown kty (AKP, a key for ML-DSA), but raise KeyError 'BP-256' for
#          an unknown curve; authlib.jose does the opposite. jwskate 0.12.2 refuses both. node-jose 2.2.0 refuses a set
#          with an AKP or Ed25519 key, and python-jose 3.5.0 each of the three where it stands before the right key.
# Follows: nobody can sign in from the day a provider publishes a key that nothing uses yet, and a KeyError is not among
#          the errors that are caught. Filter "keys" by kty and crv before they are imported.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 jwcrypto==1.6.1 cryptojwt==1.11.0 \
    joserfc==1.8.0 authlib==1.9.10 requests==2.34.2 flask==3.1.3 jwskate==0.12.2 python-jose==3.5.0 cryptography==50.0.2
npm init --yes >npm.log
npm install --silent --no-audit --no-fund jose@6.2.18 jwks-rsa@4.1.0 node-jose@2.2.0 >>npm.log

cat >keys.py <<'PY'
import base64
import json
import logging
import pathlib
import time

import authlib.integrations.flask_client
import authlib.jose
import cryptojwt.jws.jws
import cryptojwt.key_jar
import flask
import jose.jwt
import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jwt
import jwskate
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

logging.disable(logging.CRITICAL)
ISSUER = "https://login.example"


def base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


private = rsa.generate_private_key(65537, 2048)
right = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
right = {"kty": "RSA", "n": right["n"], "e": right["e"], "kid": "right", "use": "sig", "alg": "RS256"}
point = ec.generate_private_key(ec.BrainpoolP256R1()).public_key().public_numbers()
edwards = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
ODD = {
    "kty AKP": {"kty": "AKP", "alg": "ML-DSA-44", "pub": base64url(bytes(range(256)) * 5 + bytes(32))},
    "crv BP-256": {
        "kty": "EC",
        "crv": "BP-256",
        "x": base64url(point.x.to_bytes(32, "big")),
        "y": base64url(point.y.to_bytes(32, "big")),
    },
    "crv Ed25519": {"kty": "OKP", "crv": "Ed25519", "x": base64url(edwards)},
}
now = int(time.time())
claims = {"iss": ISSUER, "sub": "1", "aud": "client", "iat": now, "exp": now + 3600, "nonce": "nonce"}
TOKEN = jwt.encode(claims, private, "RS256", headers={"kid": "right"})


def in_pyjwt(keys):
    return jwt.decode(TOKEN, jwt.PyJWKSet.from_dict(keys)["right"], algorithms=["RS256"], audience="client")


def in_jwcrypto(keys):
    key_set = jwcrypto.jwk.JWKSet.from_json(json.dumps(keys))
    return jwcrypto.jwt.JWT(jwt=TOKEN, key=key_set, algs=["RS256"], expected_type="JWS").claims


def in_cryptojwt(keys):
    jar = cryptojwt.key_jar.KeyJar()
    jar.import_jwks(keys, ISSUER)
    return cryptojwt.jws.jws.factory(TOKEN).verify_compact(TOKEN, jar.get_signing_key(issuer_id=ISSUER))


def in_joserfc(keys):
    return joserfc.jwt.decode(TOKEN, joserfc.jwk.KeySet.import_key_set(keys), algorithms=["RS256"]).claims


def in_authlib_client(keys):
    provider = authlib.integrations.flask_client.OAuth(flask.Flask("app")).register(
        "provider", client_id="client", client_secret="secret", jwks=keys, issuer=ISSUER
    )
    return provider.parse_id_token({"id_token": TOKEN}, nonce="nonce")


def in_authlib_jose(keys):
    key_set = authlib.jose.JsonWebKey.import_key_set(keys)
    return authlib.jose.JsonWebToken(["RS256"]).decode(TOKEN, key_set)


def in_jwskate(keys):
    return jwskate.SignedJwt(TOKEN).verify_signature(jwskate.JwkSet(keys), algs=["RS256"])


def in_python_jose(keys):
    return jose.jwt.decode(TOKEN, keys, algorithms=["RS256"], audience="client")


def refusal(way, keys):
    try:
        assert way(keys)
    except Exception as error:  # which one it is depends on the library
        return type(error).__name__
    return None


EXPECTED = {
    in_pyjwt: (None, None, None),
    in_jwcrypto: (None, None, None),
    in_cryptojwt: (None, None, None),
    in_joserfc: (None, "KeyError", None),
    in_authlib_client: (None, "KeyError", None),
    in_authlib_jose: ("KeyError", None, None),
    in_jwskate: ("InvalidJwk", "UnsupportedEllipticCurve", None),
    in_python_jose: ("JWKError", "JWKError", "JWKError"),
}
for way, expected in EXPECTED.items():
    sets = [{"keys": [{**key, "kid": "odd", "use": "sig"}, right]} for key in ODD.values()]
    seen = tuple(refusal(way, keys) for keys in sets)
    print(f"{way.__name__}, refused: {dict(zip(ODD, seen))}")
    assert refusal(way, {"keys": [right]}) is None
    assert seen == expected
    if way is in_python_jose:
        assert [refusal(way, {"keys": keys["keys"][::-1]}) for keys in sets] == [None] * 3
pathlib.Path("sets.json").write_text(json.dumps({"token": TOKEN, "sets": dict(zip(ODD, sets))}))
PY
python/bin/python -W ignore keys.py

cat >keys.mjs <<'JS'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";
import { JwksClient } from "jwks-rsa";
import nodeJose from "node-jose";

const { token, sets } = JSON.parse(readFileSync("sets.json", "utf8"));
for (const [name, keys] of Object.entries(sets)) {
  assert.ok((await jwtVerify(token, createLocalJWKSet(keys))).payload.sub);
  const client = new JwksClient({ jwksUri: "https://login.example/keys", fetcher: async () => keys });
  assert.ok((await client.getSigningKey("right")).getPublicKey());
  const read = nodeJose.JWK.asKeyStore(keys).then((store) => nodeJose.JWS.createVerify(store).verify(token));
  const refused = await read.then(() => null, (error) => error.message);
  console.log(`node-jose, ${name}: ${refused ?? "verified"}`);
  assert.equal(refused, name === "crv BP-256" ? null : "unsupported key type");
}
JS
node keys.mjs
