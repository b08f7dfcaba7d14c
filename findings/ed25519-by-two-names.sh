#!/usr/bin/env bash
# Guessed: a library that verifies EdDSA with an Ed25519 key takes the name Ed25519 (RFC 9864, which deprecates EdDSA)
#          as another one for the same, in a token's header and in a key's "alg".
# Seen:    jwcrypto 1.6.1 and jwskate 0.12.2 do. joserfc 1.8.0, cryptojwt 1.11.0 and jose 6.2.18 know both names and
#          take each where the key has the same or none, but find no key where token and key differ. PyJWT 2.15.1 knows
#          EdDSA alone: of a set whose key says Ed25519 it says that it has no usable keys, "Perhaps 'cryptography' is
#          not installed?", and does so for tokens that say EdDSA.
# Follows: a provider that changes the name in one place first turns everybody away, though key and signature are the
#          same. Drop "alg" from Ed25519 keys before they are imported, allow both names, and for PyJWT register
#          Ed25519 as an algorithm and hand over the key itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 cryptography==50.0.2 joserfc==1.8.0 \
    jwcrypto==1.6.1 cryptojwt==1.11.0 jwskate==0.12.2
npm init --yes >npm.log
npm install --silent --no-audit --no-fund jose@6.2.18 >>npm.log

cat >names.py <<'PY'
import base64
import json
import logging
import pathlib
import time

import cryptojwt.jws.jws
import cryptojwt.key_jar
import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jwt
import jwskate
import jwt
from cryptography.hazmat.primitives.asymmetric import ed25519

logging.disable(logging.CRITICAL)
ISSUER = "https://login.example"
NAMES = ["EdDSA", "Ed25519"]
private = ed25519.Ed25519PrivateKey.generate()


def base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(algorithm):
    claims = {"iss": ISSUER, "sub": "1", "aud": "client", "exp": int(time.time()) + 3600}
    parts = ({"alg": algorithm, "kid": "1"}, claims)
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    return f"{text}.{base64url(private.sign(text.encode()))}"


def key_set(algorithm):
    x = base64url(private.public_key().public_bytes_raw())
    key = {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "1", "use": "sig"}
    return {"keys": [key | ({"alg": algorithm} if algorithm else {})]}


def in_pyjwt(text, keys):
    return jwt.decode(text, jwt.PyJWKSet.from_dict(keys)["1"], algorithms=NAMES, audience="client")


def in_joserfc(text, keys):
    return joserfc.jwt.decode(text, joserfc.jwk.KeySet.import_key_set(keys), algorithms=NAMES).claims


def in_cryptojwt(text, keys):
    jar = cryptojwt.key_jar.KeyJar()
    jar.import_jwks(keys, ISSUER)
    return cryptojwt.jws.jws.factory(text).verify_compact(text, jar.get_signing_key(issuer_id=ISSUER))


def in_jwcrypto(text, keys):
    found = jwcrypto.jwk.JWKSet.from_json(json.dumps(keys))
    return jwcrypto.jwt.JWT(jwt=text, key=found, algs=NAMES, expected_type="JWS").claims


def in_jwskate(text, keys):
    return jwskate.SignedJwt(text).verify_signature(jwskate.JwkSet(keys), algs=NAMES)


def verifies(way, text, keys):
    try:
        return bool(way(text, keys))
    except Exception as error:  # which one it is depends on the library
        print(f"    {type(error).__name__}: {error}")
        return False


CASES = [(name, of_key) for name in NAMES for of_key in (None, *NAMES)]  # a token's name, and its key's
ALL = set(CASES)
UNMIXED = {case for case in CASES if case[1] in (None, case[0])}
EXPECTED = {
    in_jwcrypto: ALL,
    in_jwskate: ALL,
    in_joserfc: UNMIXED,
    in_cryptojwt: UNMIXED,
    in_pyjwt: {("EdDSA", None), ("EdDSA", "EdDSA")},
}
for way, expected in EXPECTED.items():
    seen = {case for case in CASES if verifies(way, token(case[0]), key_set(case[1]))}
    print(f"{way.__name__} verifies, by the names of token and key: {sorted(seen, key=str)}")
    assert seen == expected
try:
    in_pyjwt(token("EdDSA"), key_set("Ed25519"))
    raise AssertionError("it was verified")
except jwt.PyJWKSetError as error:
    assert "Perhaps 'cryptography' is not installed?" in str(error)

jwt.register_algorithm("Ed25519", jwt.algorithms.OKPAlgorithm())
for name in NAMES:
    found = jwt.PyJWKSet.from_dict(key_set(None))["1"].key
    assert jwt.decode(token(name), found, algorithms=NAMES, audience="client")
print("PyJWT with Ed25519 registered and the key itself: verifies both names")
cases = [
    {"token": token(name), "keys": key_set(of_key), "verified": (name, of_key) in UNMIXED} for name, of_key in CASES
]
pathlib.Path("cases.json").write_text(json.dumps(cases))
PY
python/bin/python -W ignore names.py

cat >names.mjs <<'JS'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";

for (const { token, keys, verified } of JSON.parse(readFileSync("cases.json", "utf8"))) {
  const answer = await jwtVerify(token, createLocalJWKSet(keys)).then(() => "verified", (error) => error.code);
  console.log(`jose, token ${decodeProtectedHeader(token).alg}, key ${keys.keys[0].alg ?? "without"}: ${answer}`);
  assert.equal(answer, verified ? "verified" : "ERR_JWKS_NO_MATCHING_KEY");
}
JS
node names.mjs
