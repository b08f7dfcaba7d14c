#!/usr/bin/env bash
# Guessed: a server library that names an algorithm, and takes the registration of a passkey with it, verifies that
#          passkey's sign-ins; and what one library offers unasked the others verify once the key is moved to them.
# Seen:    @simplewebauthn/server 14.0.3 names ES256K, fido2-lib 3.5.9 ES384 and ES512: both take the registration, for
#          which no signature is checked without attestation, and raise at every sign-in. fido2 2.2.1 offers ES384 and
#          ES256K unasked, which py_webauthn 3.0.1 takes neither at registration nor as a moved key. fido2-lib takes no
#          EdDSA, which py_webauthn and @simplewebauthn/server put first in what they offer. ES256 and RS256 go
#          everywhere. It needs npm.
# Follows: offer ES256 and RS256, with EdDSA where no move to fido2-lib is thought of; cut fido2's list down. Test each
#          algorithm offered with a sign-in, not with a registration; store `alg` beside the public key and count
#          before a move.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check fido2==2.2.1 webauthn==3.0.1 cryptography==50.0.2 \
    cbor2==6.3.0
npm init --yes >npm.log
npm install --silent --no-audit --no-fund @simplewebauthn/server@14.0.3 fido2-lib@3.5.9

cat >make.py <<'PY'
"""Write, for each algorithm, the answers of an authenticator that registers a passkey and then signs in with it."""

import base64
import hashlib
import json

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def elliptic(curve, number, digest):
    key = ec.generate_private_key(curve)
    point = key.public_key().public_numbers()
    size = (curve.key_size + 7) // 8
    cose = {1: 2, -1: number, -2: point.x.to_bytes(size, "big"), -3: point.y.to_bytes(size, "big")}
    return key, cose, lambda data: key.sign(data, ec.ECDSA(digest))


def edwards():
    key = ed25519.Ed25519PrivateKey.generate()
    return key, {1: 1, -1: 6, -2: key.public_key().public_bytes_raw()}, key.sign


def rivest():
    key = rsa.generate_private_key(65537, 2048)
    cose = {1: 3, -1: key.public_key().public_numbers().n.to_bytes(256, "big"), -2: b"\x01\x00\x01"}
    return key, cose, lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


MADE = {
    ("ES256", -7): elliptic(ec.SECP256R1(), 1, hashes.SHA256()),
    ("RS256", -257): rivest(),
    ("EdDSA", -8): edwards(),
    ("ES384", -35): elliptic(ec.SECP384R1(), 2, hashes.SHA384()),
    ("ES512", -36): elliptic(ec.SECP521R1(), 3, hashes.SHA512()),
    ("ES256K", -47): elliptic(ec.SECP256K1(), 8, hashes.SHA256()),
}
party, challenge, name = hashlib.sha256(b"example.com").digest(), bytes(range(32)), bytes(16)


def client(kind):
    told = {"type": kind, "challenge": text(challenge), "origin": "https://example.com", "crossOrigin": False}
    return json.dumps(told).encode()


def answer(**response):
    common = {"id": text(name), "rawId": text(name), "type": "public-key", "clientExtensionResults": {}}
    return {**common, "response": {part: text(data) for part, data in response.items()}}


passkeys = {}
for (algorithm, number), (key, cose, sign) in MADE.items():
    stored = cbor2.dumps({**cose, 3: number})
    first = party + b"\x45" + bytes(4) + bytes(16) + len(name).to_bytes(2, "big") + name + stored
    later = party + b"\x05" + bytes(4)
    signing = client("webauthn.get")
    passkeys[algorithm] = {
        "alg": number,
        "challenge": text(challenge),
        "key": text(stored),
        "pem": key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "registration": answer(
            clientDataJSON=client("webauthn.create"),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": first}),
        ),
        "authentication": answer(
            clientDataJSON=signing,
            authenticatorData=later,
            signature=sign(later + hashlib.sha256(signing).digest()),
            userHandle=b"user",
        ),
    }
with open("passkeys.json", "w") as file:
    json.dump(passkeys, file)
PY

cat >verify.mjs <<'JS'
import fs from 'node:fs';
import {
  getDefaultSupportedAlgorithmIDs, verifyAuthenticationResponse, verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { COSEALG } from '@simplewebauthn/server/helpers';
import fido2 from 'fido2-lib';

const origin = 'https://example.com', rpId = 'example.com';
const expected = { expectedOrigin: origin, expectedRPID: rpId };
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64url'));
const takes = async (act) => { try { return (await act()) !== false; } catch (error) { return error.message; } };
// fido2-lib wants buffers where a browser has buffers
const buffers = ({ response, ...rest }) => ({
  ...rest, id: bytes(rest.id).buffer, rawId: bytes(rest.rawId).buffer,
  response: Object.fromEntries(Object.entries(response).map(([part, text]) => [part, bytes(text).buffer])),
});

const seen = { offered: getDefaultSupportedAlgorithmIDs(), '@simplewebauthn/server': {}, 'fido2-lib': {} };
for (const [name, passkey] of Object.entries(JSON.parse(fs.readFileSync('passkeys.json')))) {
  const { alg, challenge, key, pem, registration, authentication } = passkey;
  seen['@simplewebauthn/server'][name] = [
    await takes(async () => (await verifyRegistrationResponse({
      ...expected, response: registration, expectedChallenge: challenge, supportedAlgorithmIDs: [COSEALG[name]],
    })).verified),
    await takes(async () => (await verifyAuthenticationResponse({
      ...expected, response: authentication, expectedChallenge: challenge,
      credential: { id: authentication.id, publicKey: bytes(key), counter: 0 },
    })).verified),
  ];
  const server = new fido2.Fido2Lib({ rpId, cryptoParams: [alg] });
  const common = () => ({ challenge, origin, rpId, factor: 'either' });  // each call changes the one it is handed
  let own = pem;
  seen['fido2-lib'][name] = [
    await takes(async () => {
      own = (await server.attestationResult(buffers(registration), common())).authnrData.get('credentialPublicKeyPem');
    }),
    await takes(async () => {
      await server.assertionResult(buffers(authentication), {
        ...common(), publicKey: own, prevCounter: 0, userHandle: authentication.response.userHandle,
      });
    }),
  ];
}
console.log(JSON.stringify(seen));
JS

cat >verify.py <<'PY'
import json
import subprocess

import webauthn
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialRpEntity
from webauthn.helpers import base64url_to_bytes, parse_cbor
from webauthn.helpers.cose import COSEAlgorithmIdentifier

SITE = {"expected_rp_id": "example.com", "expected_origin": "https://example.com"}
server = Fido2Server(PublicKeyCredentialRpEntity(id="example.com", name="Example"))


def takes(act):
    try:
        act()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:100]
    return True


def by_py_webauthn(passkey):
    site = {**SITE, "expected_challenge": base64url_to_bytes(passkey["challenge"])}
    return [
        takes(
            lambda: webauthn.verify_registration_response(
                credential=passkey["registration"], supported_pub_key_algs=list(COSEAlgorithmIdentifier), **site
            )
        ),
        takes(
            lambda: webauthn.verify_authentication_response(
                credential=passkey["authentication"],
                credential_public_key=base64url_to_bytes(passkey["key"]),
                credential_current_sign_count=0,
                **site,
            )
        ),
    ]


def by_fido2(passkey):
    state = {"challenge": passkey["challenge"], "user_verification": None}
    key = CoseKey.parse(parse_cbor(base64url_to_bytes(passkey["key"])))
    stored = AttestedCredentialData.create(bytes(16), base64url_to_bytes(passkey["registration"]["id"]), key)
    return [
        takes(lambda: server.register_complete(state, passkey["registration"])),
        takes(lambda: server.authenticate_complete(state, [stored], passkey["authentication"])),
    ]


with open("passkeys.json") as file:
    passkeys = json.load(file)
seen = json.loads(subprocess.run(["node", "verify.mjs"], stdout=subprocess.PIPE, check=True).stdout)
offered = {"@simplewebauthn/server": seen.pop("offered"), "fido2": [one.alg for one in server.allowed_algorithms]}
options = webauthn.generate_registration_options(rp_id="example.com", rp_name="Example", user_name="ann")
offered["py_webauthn"] = [int(one.alg) for one in options.pub_key_cred_params]
seen["py_webauthn"] = {name: by_py_webauthn(passkey) for name, passkey in passkeys.items()}
seen["fido2"] = {name: by_fido2(passkey) for name, passkey in passkeys.items()}
for library, algorithms in seen.items():
    for name, (registers, signs_in) in algorithms.items():
        print(f"{library}, {name}: registration {registers}, sign-in {signs_in}")
print(f"offered unasked: {offered}")

assert seen["fido2-lib"]["ES384"][1] == seen["fido2-lib"]["ES512"][1] == "Unsupported key format"
assert seen["@simplewebauthn/server"]["ES256K"][1].startswith("Unexpected COSE crv value of 8")
taken = {
    library: {name: [one is True for one in both] for name, both in algorithms.items()}
    for library, algorithms in seen.items()
}
yes, no, half = [True, True], [False, False], [True, False]
names = ["ES256", "RS256", "EdDSA", "ES384", "ES512", "ES256K"]
assert taken == {
    "@simplewebauthn/server": dict(zip(names, [yes, yes, yes, yes, yes, half], strict=True)),
    "fido2-lib": dict(zip(names, [yes, yes, no, half, half, no], strict=True)),
    "py_webauthn": dict(zip(names, [yes, yes, yes, no, yes, no], strict=True)),
    "fido2": dict(zip(names, [yes, yes, yes, yes, yes, yes], strict=True)),
}
assert offered["py_webauthn"][0] == offered["@simplewebauthn/server"][0] == -8, "EdDSA is no longer offered first"
assert {-35, -47} <= set(offered["fido2"]), "fido2 offers less"
PY
python/bin/python make.py
python/bin/python verify.py
