#!/usr/bin/env bash
# Guessed: fido2 leaves out a transport or a hint that it does not know when it reads options from JSON.
# Seen:    fido2 2.2.1 does not know "smart-card" (WebAuthn Level 3) and puts None where it stood, so that its JSON has
#          null there, for hints too. webauthn 3.0.1 (py_webauthn) knows "smart-card" and refuses the whole options for
#          null, as for a transport of tomorrow.
# Follows: WebAuthn says to store transports and hand them back as they came: store them as strings, and put them into
#          the JSON of options past either library's enumeration.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check fido2==2.2.1 webauthn==3.0.1

cat >transports.py <<'PY'
import json

from fido2.webauthn import PublicKeyCredentialRequestOptions
from webauthn.helpers import options_to_json, parse_authentication_options_json
from webauthn.helpers.exceptions import InvalidJSONStructure


def options(*transports):
    return {
        "challenge": "AAECAwQFBgcICQoLDA0ODw",
        "rpId": "app.example",
        "allowCredentials": [{"type": "public-key", "id": "AQID", "transports": list(transports)}],
        "userVerification": "preferred",
        "hints": ["security-key", "hint-of-tomorrow"],
    }


def transports(text):
    return json.loads(text)["allowCredentials"][0]["transports"]


through_fido2 = json.dumps(dict(PublicKeyCredentialRequestOptions.from_dict(options("smart-card", "usb"))))
print("fido2:", through_fido2)
assert transports(through_fido2) == [None, "usb"]
assert json.loads(through_fido2)["hints"] == ["security-key", None]

through_webauthn = options_to_json(parse_authentication_options_json(options("smart-card", "usb")))
assert transports(through_webauthn) == ["smart-card", "usb"]

for refused in (through_fido2, json.dumps(options("usb", "transport-of-tomorrow"))):
    try:
        parse_authentication_options_json(refused)
    except InvalidJSONStructure as error:
        print("webauthn:", error)
    else:
        raise AssertionError("it was accepted")
PY
python/bin/python transports.py
