#!/usr/bin/env bash
# Guessed: zxcvbn says the same of a password wherever it runs: in a page (npm zxcvbn, @zxcvbn-ts/core) and on a server
#          (Python's zxcvbn).
# Seen:    npm zxcvbn 4.4.2 and Python's zxcvbn 4.5.0 give equal scores, except that Python's raises ValueError for more
#          than 72 characters. @zxcvbn-ts/core 4.2.0 with its English package (4.1.1) knows more lists, and rows of
#          words from one: "orange summer monday" is 0 of 4 for it and 4 for the others, "correcthorse" 1 and 2, a
#          capitalised word with a number and a sign 2 and 3.
# Follows: a server that asks for a score of 3 takes what the page calls weak, and a long passphrase is an error that
#          nobody meant. Let one of them decide, the server, and cut to 72 characters before asking.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check zxcvbn==4.5.0
npm init --yes >npm.log
npm install --silent --no-audit --no-fund zxcvbn@4.4.2 @zxcvbn-ts/core@4.2.0 @zxcvbn-ts/language-common@4.1.3 \
    @zxcvbn-ts/language-en@4.1.1 >>npm.log

cat >page.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";
import core from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import * as english from "@zxcvbn-ts/language-en";
import zxcvbn from "zxcvbn";

const newer = new core.ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations: english.translations,
});
const passwords = JSON.parse(readFileSync("passwords.json", "utf8"));
const scores = passwords.map((password) => [zxcvbn(password).score, newer.check(password).score]);
writeFileSync("scores.json", JSON.stringify(scores));
JS

cat >server.py <<'PY'
import json
import pathlib
import subprocess

import zxcvbn

# Scores of npm zxcvbn, of @zxcvbn-ts/core and of Python's zxcvbn; None for a ValueError.
EXPECTED = {
    "correct horse battery staple": (4, 4, 4),
    "password1": (0, 0, 0),
    "correcthorse": (2, 1, 2),
    "Winter2026": (2, 1, 2),
    "Horse1009!": (3, 2, 3),
    "Monday1492?": (3, 2, 3),
    "lantern monday orange": (4, 3, 4),
    "orange summer monday": (4, 0, 4),
    "correct horse battery staple " * 3: (4, 4, None),
}
pathlib.Path("passwords.json").write_text(json.dumps(list(EXPECTED)))
subprocess.run(["node", "page.mjs"], check=True)
in_the_page = json.loads(pathlib.Path("scores.json").read_text())
for (password, expected), (older, newer) in zip(EXPECTED.items(), in_the_page, strict=True):
    try:
        on_the_server = zxcvbn.zxcvbn(password)["score"]
    except ValueError as error:
        print(error)
        on_the_server = None
    print(f"{password!r}: npm zxcvbn {older}, @zxcvbn-ts {newer}, Python {on_the_server}")
    assert (older, newer, on_the_server) == expected
long = "correct horse battery staple " * 3
assert zxcvbn.zxcvbn(long[:72])["score"] == 4
PY
python/bin/python server.py
