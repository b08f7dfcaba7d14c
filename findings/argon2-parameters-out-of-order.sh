#!/usr/bin/env bash
# Guessed: a hash that npm argon2 makes is verified by every Python library for Argon2.
# Seen:    npm argon2 0.45.1 writes the parameters as m, p, t (0.44.0 wrote m, t, p). Its own verify, hash-wasm 4.13.0
#          and @node-rs/argon2 2.2.1 take that. In Python argon2-cffi 25.1.0 raises a bare VerificationError, though
#          extract_parameters reads the string and check_needs_rehash says False; pwdlib 0.3.1 says "wrong password";
#          libpass 1.9.4 raises ValueError; cryptography 50.0.2 raises InvalidKey and names the order.
# Follows: users imported from a Node application cannot sign in, and nothing says why. An import puts the parameters in
#          the order m, t, p, which changes nothing else: the string is then verified.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check argon2-cffi==25.1.0 cryptography==50.0.2 pwdlib==0.3.1 \
    libpass==1.9.4
npm init --yes >npm.log
npm install --silent --no-audit --no-fund argon2@0.45.1 older@npm:argon2@0.44.0 hash-wasm@4.13.0 \
    @node-rs/argon2@2.2.1 >>npm.log

cat >hash.mjs <<'JS'
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import argon2 from "argon2";
import older from "older";
import { argon2Verify } from "hash-wasm";
import { verify } from "@node-rs/argon2";

const hash = await argon2.hash("correct horse");
console.log(hash);
assert.match(hash, /^\$argon2id\$v=19\$m=65536,p=4,t=3\$/);
assert.match(await older.hash("correct horse"), /^\$argon2id\$v=19\$m=65536,t=3,p=4\$/);
assert.ok(await argon2.verify(hash, "correct horse"));
assert.ok(await older.verify(hash, "correct horse"));
assert.ok(await argon2Verify({ password: "correct horse", hash }));
assert.ok(await verify(hash, "correct horse"));
writeFileSync("hash.txt", hash);
JS
node hash.mjs

cat >verify.py <<'PY'
import pathlib

import argon2
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from passlib.hash import argon2 as libpass_argon2
from pwdlib.hashers.argon2 import Argon2Hasher

text = pathlib.Path("hash.txt").read_text()
hasher = argon2.PasswordHasher()


def raised(call):
    try:
        call()
    except Exception as error:  # what is raised is what this script is about
        print(f"{type(error).__module__}.{type(error).__name__}: {error}")
        return error
    raise AssertionError("nothing was raised")


assert type(raised(lambda: hasher.verify(text, "correct horse"))) is argon2.exceptions.VerificationError
assert argon2.extract_parameters(text).time_cost == 3
assert hasher.check_needs_rehash(text) is False
assert Argon2Hasher().verify("correct horse", text) is False
assert isinstance(raised(lambda: libpass_argon2.verify("correct horse", text)), ValueError)
assert isinstance(raised(lambda: Argon2id.verify_phc_encoded(b"correct horse", text)), InvalidKey)

reordered = text.replace("m=65536,p=4,t=3", "m=65536,t=3,p=4")
assert hasher.verify(reordered, "correct horse")
assert Argon2Hasher().verify("correct horse", reordered)
Argon2id.verify_phc_encoded(b"correct horse", reordered)
print("with m, t, p every one of them verifies it")
PY
python/bin/python verify.py
