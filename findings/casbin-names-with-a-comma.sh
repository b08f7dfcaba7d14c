#!/usr/bin/env bash
# Guessed: an organisation's name may be any text as a Casbin domain once rules are rows of a database: its comma
#          matters in policy files alone, where the adapter quotes it.
# Seen:    casbin 1.43.0 (pycasbin) allows "Smith, Jones" until the process ends. Its SQLAlchemy adapters 1.4.0 and
#          1.17.0 (async) keep the name whole in a column, but load a row by joining it with commas and splitting it
#          again: then each refusal, in other organisations too, is RuntimeError: invalid policy size. "Lee (Paris" does
#          the same; an LDAP name as the user has no role any more, and nothing is raised. FileAdapter quotes nothing;
#          that of casbin 5.51.1 (npm) quotes in "g" lines and not in "p" lines, so its roles come back and what they
#          may do does not.
# Follows: a test with one Enforcer sees none of it, the next start does. Give Casbin the ids of tenants and users,
#          never their names, and let a test load the rules into a second Enforcer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check casbin==1.43.0 casbin-sqlalchemy-adapter==1.4.0 \
    casbin-async-sqlalchemy-adapter==1.17.0 'sqlalchemy[asyncio]==2.1.9' aiosqlite==0.22.1
npm init --yes >npm.log
npm install --silent --no-audit --no-fund casbin@5.51.1 >>npm.log

cat >model.conf <<'CONF'
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
CONF

cat >names.py <<'PY'
import asyncio
import logging
import pathlib
import sqlite3
import tempfile

import casbin
import casbin_async_sqlalchemy_adapter
import casbin_sqlalchemy_adapter

logging.disable()
NAMES = [("ann", "t-17"), ("ann", "Smith, Jones"), ("ann", "Lee (Paris"), ("cn=Ann,ou=People", "t-17")]
SIZE = "RuntimeError: invalid policy size"


def answer(enforcer, *request):
    try:
        return enforcer.enforce(*request)
    except RuntimeError as error:
        return f"RuntimeError: {error}"


def answers(enforcer, user, organisation):
    """Say whether the user may read there, and whether somebody else may in another organisation."""
    return [answer(enforcer, user, organisation, "rooms", "read"), answer(enforcer, "bob", "t-1", "rooms", "read")]


def rules(user, organisation):
    return ["admin", organisation, "rooms", "read"], [user, "admin", organisation]


def in_a_database(folder, user, organisation):
    def enforcer():
        return casbin.Enforcer("model.conf", casbin_sqlalchemy_adapter.Adapter(f"sqlite:///{folder}/rules"))

    policy, role = rules(user, organisation)
    first = enforcer()
    first.add_policy(*policy)
    first.add_grouping_policy(*role)
    with sqlite3.connect(f"{folder}/rules") as rows:
        assert rows.execute("SELECT v0, v2 FROM casbin_rule WHERE ptype = 'g'").fetchall() == [(user, organisation)]
    return answers(first, user, organisation), answers(enforcer(), user, organisation)


def in_a_database_async(folder, user, organisation):
    async def enforcer():
        adapter = casbin_async_sqlalchemy_adapter.Adapter(f"sqlite+aiosqlite:///{folder}/rules")
        await adapter.create_table()
        made = casbin.AsyncEnforcer("model.conf", adapter)
        await made.load_policy()
        return made, adapter

    async def run():
        policy, role = rules(user, organisation)
        first, adapter = await enforcer()
        await first.add_policy(*policy)
        await first.add_grouping_policy(*role)
        second, other = await enforcer()
        seen = answers(first, user, organisation), answers(second, user, organisation)
        await adapter._engine.dispose()
        await other._engine.dispose()
        return seen

    return asyncio.run(run())


def in_a_file(folder, user, organisation):
    path = pathlib.Path(folder, "rules.csv")
    path.touch()
    policy, role = rules(user, organisation)
    first = casbin.Enforcer("model.conf", str(path))
    first.add_policy(*policy)
    first.add_grouping_policy(*role)
    first.save_policy()
    assert '"' not in path.read_text()
    return answers(first, user, organisation), answers(casbin.Enforcer("model.conf", str(path)), user, organisation)


for way in (in_a_database, in_a_database_async, in_a_file):
    seen = []
    for user, organisation in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            before, after = way(folder, user, organisation)
        print(f"{way.__name__}: {user} in {organisation}: {before}, loaded again {after}")
        assert before == [True, False]
        seen.append(after)
    assert seen == [[True, False], [SIZE, SIZE], [SIZE, SIZE], [False, False]]
PY
python/bin/python -W ignore names.py

cat >names.mjs <<'JS'
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { newEnforcer } from "casbin";

writeFileSync("rules.csv", "");
const first = await newEnforcer("model.conf", "rules.csv");
await first.addPolicy("admin", "Smith, Jones", "rooms", "read");
await first.addGroupingPolicy("ann", "admin", "Smith, Jones");
assert.ok(await first.enforce("ann", "Smith, Jones", "rooms", "read"));
await first.savePolicy();
const saved = readFileSync("rules.csv", "utf8").trim().split("\n");
console.log("npm casbin saves", saved);
assert.deepEqual(saved, ["p, admin, Smith, Jones, rooms, read", 'g, ann, admin, "Smith, Jones"']);
const second = await newEnforcer("model.conf", "rules.csv");
assert.deepEqual(await second.getRolesForUser("ann", "Smith, Jones"), ["admin"]);
assert.equal(await second.enforce("ann", "Smith, Jones", "rooms", "read"), false);
JS
node names.mjs
