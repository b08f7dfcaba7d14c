#!/usr/bin/env bash
# Guessed: a library that applies a directory's SCIM PATCH leaves one primary address: RFC 7644, 3.5.2, says that the
#          others become false. And a change of emails[type eq "work"].value, as Entra sends it, does the same in each.
# Seen:    scim2-models 0.12.3 leaves one. scim-patch 0.8.3 and SCIMMY 1.3.5 leave two, whether a new primary address
#          is added or an old one made primary, and the first in the list is the former one. Where the user has no
#          address yet, Entra's change makes one in scim-patch; scim2-models and SCIMMY refuse it as noTarget.
# Follows: who takes the first primary address of what such a service hands on has the address that the person has
#          left, and a login is made for it or linked by it. Take the last, or refuse two; create users with an address
#          of type "work", so that there is one to change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check scim2-models==0.12.3
npm init --yes >npm.log
npm install --silent --no-audit --no-fund scim-patch@0.8.3 scimmy@1.3.5 >>npm.log

cat >cases.json <<'JSON'
{
  "user": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ann"},
  "emails": [
    {"type": "work", "value": "old@a.example", "primary": true},
    {"type": "home", "value": "home@a.example"}
  ],
  "added": [{"op": "add", "path": "emails", "value": [{"type": "other", "value": "new@a.example", "primary": true}]}],
  "chosen": [{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}],
  "by_entra": [{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "new@a.example"}]
}
JSON

cat >patches.py <<'PY'
import json
import pathlib

from scim2_models import NoTargetException, PatchOp, User

cases = json.loads(pathlib.Path("cases.json").read_text())


def patched(case, **more):
    user = User.model_validate(cases["user"] | more)
    schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
    PatchOp[User].model_validate({"schemas": schemas, "Operations": cases[case]}).patch(user)
    return [email.value for email in user.emails if email.primary]


added, chosen = (patched(case, emails=cases["emails"]) for case in ("added", "chosen"))
print(f"scim2-models: primary {added}, {chosen}")
assert (added, chosen) == (["new@a.example"], ["home@a.example"])
try:
    patched("by_entra")
except NoTargetException as error:
    print(f"scim2-models: no address yet: {error}")
else:
    raise AssertionError("Entra's change was taken")
PY
python/bin/python patches.py

cat >patches.mjs <<'JS'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { scimPatch } from "scim-patch";
import SCIMMY from "scimmy";

const { user, emails, ...cases } = JSON.parse(readFileSync("cases.json", "utf8"));
const meta = { resourceType: "User" };
const ways = {
  "scim-patch": (person, Operations) => scimPatch({ ...person, meta }, Operations),
  SCIMMY: (person, Operations) =>
    new SCIMMY.Messages.PatchOp({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations }).apply(
      new SCIMMY.Schemas.User(person, "in"),
    ),
};
for (const [name, apply] of Object.entries(ways)) {
  const patched = async (label, person) => (await apply(structuredClone(person), structuredClone(cases[label]))).emails;
  const primary = async (label) =>
    (await patched(label, { ...user, emails })).filter((email) => email.primary).map((email) => email.value);
  const seen = [await primary("added"), await primary("chosen")];
  console.log(`${name}: primary`, seen);
  assert.deepEqual(seen, [
    ["old@a.example", "new@a.example"],
    ["old@a.example", "home@a.example"],
  ]);
  if (name === "scim-patch") {
    assert.deepEqual(await patched("by_entra", user), [{ type: "work", value: "new@a.example" }]);
  } else {
    await assert.rejects(patched("by_entra", user), (error) => {
      console.log(`${name}: no address yet: ${error.message}`);
      return error.scimType === "noTarget";
    });
  }
}
JS
node patches.mjs
