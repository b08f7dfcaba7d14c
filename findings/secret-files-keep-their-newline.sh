#!/usr/bin/env bash
# Guessed: a secret that comes from a mounted file (Docker, Kubernetes) is the one that was put there, whichever settings
#          library reads it; a last newline, which echo and editors write, is no part of it.
# Seen:    pydantic-settings 2.16.3 takes off the newline, and blanks that belong to the secret with it. environs
#          15.2.0, django-environ 0.14.0 and python-decouple 3.8 hand over the secret with its newline: a token that one
#          of them signs with PyJWT 2.15.1 has no valid signature for the other, nor for one that has the secret from
#          the environment.
# Follows: write such files without a newline (printf, kubectl --from-literal), choose secrets without blanks at their
#          ends, and compare a digest of the secret between services that share it, not the file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pydantic-settings==2.16.3 environs==15.2.0 \
    django-environ==0.14.0 python-decouple==3.8 pyjwt==2.15.1

cat >secrets_from_files.py <<'PY'
import os
from pathlib import Path

import decouple
import environ
import environs
import jwt
import pydantic_settings

SECRET = "for this script, and for this one alone"
TOKEN = jwt.encode({"sub": "user"}, SECRET, algorithm="HS256")


class Settings(pydantic_settings.BaseSettings):
    signing_key: str


def by_variable(kind, env):
    """Read the file that a variable names; one variable for each file, as django-environ keeps what it has read."""
    os.environ[f"{kind}_FILE"] = f"{kind}/signing_key"
    return env.str(kind)


WAYS = {
    "pydantic-settings": lambda kind: Settings(_secrets_dir=kind).signing_key,
    "environs": lambda kind: by_variable(kind, environs.FileAwareEnv()),
    "django-environ": lambda kind: by_variable(kind, environ.FileAwareEnv()),
    "python-decouple": lambda kind: decouple.Config(decouple.RepositorySecret(kind))("signing_key"),
}
WRITTEN = {"EXACT": SECRET, "NEWLINE": SECRET + "\n", "BLANK": SECRET + " "}
for kind, content in WRITTEN.items():
    Path(kind).mkdir()
    Path(kind, "signing_key").write_text(content)


def verifies(key):
    try:
        return jwt.decode(TOKEN, key, algorithms=["HS256"]) == {"sub": "user"}
    except jwt.InvalidSignatureError:
        return False


for name, read in WAYS.items():
    seen = {kind: read(kind) for kind in WRITTEN}
    ends = {kind: key[-2:] for kind, key in seen.items()}
    print(f"{name}: ends {ends}, verifies {[kind for kind, key in seen.items() if verifies(key)]}")
    assert seen == (dict.fromkeys(WRITTEN, SECRET) if name == "pydantic-settings" else WRITTEN)
    assert verifies(seen["NEWLINE"]) == (name == "pydantic-settings")
PY
python/bin/python secrets_from_files.py
