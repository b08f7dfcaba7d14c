#!/usr/bin/env bash
# Guessed: a secret that one library made for an authenticator app, and that works there, gives codes in every other.
# Seen:    otplib 12.0.1 makes secrets of 16 characters, 80 bits, as many servers did. pyotp 2.12.1 raises ValueError
#          for one as soon as TOTP is made (2.9.0 gives codes), cryptography 50.0.2 raises ValueError too, and otplib
#          13.5.0 raises SecretTooShortError, though it still makes the address for the QR code of it. libpass 1.9.4,
#          django-otp 1.7.5 and otpauth 9.5.2 (npm) give the code that otplib 12 gives.
# Follows: RFC 4226 asks for 128 bits, yet what is in users' apps cannot be made longer: after an update those who
#          enrolled long ago have no second factor, and no wrong code is reported but an error. Count secrets under 26
#          characters before you update; lower the limit for these (each of the three has a switch), and enrol these
#          users again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python3 -m venv older
python/bin/pip install --quiet --disable-pip-version-check pyotp==2.12.1 cryptography==50.0.2 libpass==1.9.4 \
    django==5.2.19 django-otp==1.7.5
older/bin/pip install --quiet --disable-pip-version-check pyotp==2.9.0
npm init --yes >npm.log
npm install --silent --no-audit --no-fund older@npm:otplib@12.0.1 otplib@13.5.0 otpauth@9.5.2 >>npm.log

cat >secret.mjs <<'JS'
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import older from "older";
import { TOTP } from "otpauth";
import { createGuardrails, generate, generateURI } from "otplib";

const secret = older.authenticator.generateSecret();
older.authenticator.options = { epoch: 59_000 };
const code = older.authenticator.generate(secret);
console.log(`otplib 12: ${secret.length} characters, ${code}`);
assert.equal(secret.length, 16);
assert.equal(new TOTP({ secret }).generate({ timestamp: 59_000 }), code);

await assert.rejects(generate({ secret, epoch: 59 }), (error) => {
  console.log(`otplib 13: ${error.name}: ${error.message}`);
  return error.name === "SecretTooShortError";
});
assert.ok(generateURI({ secret, issuer: "Acme", label: "anna" }).includes(secret));
assert.equal(await generate({ secret, epoch: 59, guardrails: createGuardrails({ MIN_SECRET_BYTES: 10 }) }), code);
writeFileSync("secret.txt", `${secret} ${code}`);
JS
node secret.mjs

cat >secret.py <<'PY'
import base64
import pathlib

import pyotp
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django_otp.oath import TOTP as DjangoTOTP
from passlib.totp import TOTP as LibpassTOTP

secret, code = pathlib.Path("secret.txt").read_text().split()
key = base64.b32decode(secret)


def refused(call):
    try:
        call()
    except ValueError as error:
        print(f"{call.__code__.co_names[0]}: ValueError: {error}")
    else:
        raise AssertionError("it was taken")


refused(lambda: pyotp.TOTP(secret))
refused(lambda: TOTP(key, 6, SHA1(), 30))

django = DjangoTOTP(key)
django.time = 59
assert f"{django.token():06}" == LibpassTOTP(key=secret).generate(59).token == code


class ShortTOTP(pyotp.TOTP):
    min_secret_length_bits = 80


assert ShortTOTP(secret).at(59) == code
assert TOTP(key, 6, SHA1(), 30, enforce_key_length=False).generate(59) == code.encode()
print("with a lower limit each of them gives", code)
PY
python/bin/python secret.py
older/bin/python -c '
import pathlib, pyotp
secret, code = pathlib.Path("secret.txt").read_text().split()
assert pyotp.TOTP(secret).at(59) == code
print("pyotp 2.9.0:", code)
'
