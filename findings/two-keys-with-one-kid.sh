#!/usr/bin/env bash
# Guessed: where a key set has an RSA key and an EC key with one kid, as RFC 7517, 4.5, allows, the token's alg picks
#          the key, in either order.
# Seen:    joserfc 1.8.0, jwcrypto 1.6.1, cryptojwt 1.11.0, jose 6.2.18 and node-jose 2.2.0 do that. In PyJWT 2.15.1
#          (PyJWKClient and PyJWKSet), python-jose 3.5.0, authlib.jose 1.9.10, jwskate 0.12.2 and jwks-rsa 4.1.0 only
#          tokens by the key that stands first verify; for the others authlib.jose raises "KeyError: 0".
# Follows: a service that moves from RS256 to ES256 under the kid that it has ends sign-ins for some readers, and which
#          ones hangs on the order. Give every key a kid of its own, its thumbprint (RFC 7638) say; where a provider
#          does not, leave out the keys of another kty before the set is handed over.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 joserfc==1.8.0 authlib==1.9.10 \
    jwcrypto==1.6.1 cryptojwt==1.11.0 jwskate==0.12.2 python-jose==3.5.0 cryptography==50.0.2
npm init --yes >npm.log
npm install --silent --no-audit --no-fund jose@6.2.18 jwks-rsa@4.1.0 node-jose@2.2.0 jsonwebtoken@9.0.3 >>npm.log

cat >kid.py <<'PY'
import json
import pathlib

import authlib.jose
import cryptojwt.jws.jws
import jose.jwt
import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jwt
import jwskate
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptojwt.key_jar import KeyJar

ALGS = ["RS256", "ES256"]
CLAIMS = {"iss": "https://login.example", "sub": "anna", "exp": 4_000_000_000}
private = {"RS256": rsa.generate_private_key(65537, 2048), "ES256": ec.generate_private_key(ec.SECP256R1())}
written = {"RS256": jwt.algorithms.RSAAlgorithm.to_jwk, "ES256": jwt.algorithms.ECAlgorithm.to_jwk}
tokens = {alg: jwt.encode(CLAIMS, private[alg], alg, headers={"kid": "2026"}) for alg in ALGS}


def published(alg):
    key = json.loads(written[alg](private[alg].public_key()))
    return {**{name: key[name] for name in key if name != "key_ops"}, "kid": "2026", "use": "sig", "alg": alg}


def pyjwt_client(token, keys):
    client = jwt.PyJWKClient("https://login.example/jwks")
    client.fetch_data = lambda: keys
    return jwt.decode(token, client.get_signing_key_from_jwt(token), algorithms=ALGS)


def verify_cryptojwt(token, keys):
    jar = KeyJar()
    jar.import_jwks(keys, CLAIMS["iss"])
    signed = cryptojwt.jws.jws.factory(token)
    return signed.verify_compact(token, jar.get_jwt_verify_keys(signed.jwt))


def verify_joserfc(token, keys):
    return joserfc.jwt.decode(token, joserfc.jwk.KeySet.import_key_set(keys), algorithms=ALGS)


def verify_authlib(token, keys):
    return authlib.jose.JsonWebToken(ALGS).decode(token, authlib.jose.JsonWebKey.import_key_set(keys))


def verify_jwcrypto(token, keys):
    return jwcrypto.jwt.JWT(jwt=token, key=jwcrypto.jwk.JWKSet.from_json(json.dumps(keys)), algs=ALGS).claims


def verify_jwskate(token, keys):
    signed = jwskate.SignedJwt(token)
    return signed.verify_signature(jwskate.JwkSet(keys), alg=signed.alg)


VERIFY = {
    "PyJWKClient": pyjwt_client,
    "PyJWKSet": lambda token, keys: jwt.decode(token, jwt.PyJWKSet.from_dict(keys)["2026"], algorithms=ALGS),
    "joserfc": verify_joserfc,
    "authlib.jose": verify_authlib,
    "python-jose": lambda token, keys: jose.jwt.decode(token, keys, algorithms=ALGS),
    "jwskate": verify_jwskate,
    "jwcrypto": verify_jwcrypto,
    "cryptojwt": verify_cryptojwt,
}


def verifies(library, alg, keys):
    try:
        return bool(VERIFY[library](tokens[alg], keys))
    except Exception as error:  # what is raised is what this script is about
        print(f"{library}: {alg}: {type(error).__name__}: {error}")
        return False


cases = []
for first, second in (ALGS, ALGS[::-1]):
    keys = {"keys": [published(first), published(second)]}
    cases.append({"first": first, "keys": keys, "tokens": tokens})
    for library in VERIFY:
        taken = [alg for alg in (first, second) if verifies(library, alg, keys)]
        print(f"{first} before {second}: {library} verifies {taken}")
        assert taken == ([first, second] if library in {"joserfc", "jwcrypto", "cryptojwt"} else [first])
pathlib.Path("cases.json").write_text(json.dumps(cases))
PY
python/bin/python kid.py

cat >kid.mjs <<'JS'
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createLocalJWKSet, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import jwksRsa from "jwks-rsa";
import nodeJose from "node-jose";

for (const { first, keys, tokens } of JSON.parse(readFileSync("cases.json"))) {
  const server = createServer((request, response) => response.end(JSON.stringify(keys))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = jwksRsa({ jwksUri: `http://127.0.0.1:${server.address().port}/` });
  for (const [alg, token] of Object.entries(tokens)) {
    await jwtVerify(token, createLocalJWKSet(keys));
    await nodeJose.JWS.createVerify(await nodeJose.JWK.asKeyStore(keys)).verify(token);
    const key = (await client.getSigningKey("2026")).getPublicKey();
    const verify = () => jsonwebtoken.verify(token, key, { algorithms: ["RS256", "ES256"] });
    if (alg === first) verify();
    else assert.throws(verify, (error) => (console.log(`jwks-rsa: ${alg}: ${error.message}`), true));
  }
  server.close();
}
console.log("jose and node-jose verify both");
JS
node kid.mjs
