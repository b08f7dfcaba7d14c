#!/usr/bin/env bash
# Guessed: every linkifier keeps a link whole that ends in a base64url token.
# Seen:    those that follow GitHub's Markdown (cmarkgfm 2025.10.22, micromark's extension 2.1.0, marked 18.2.1) leave a
#          last "_" outside the link, all of them if there are several; a last "-" stays. bleach 6.4.0,
#          linkify-it-py 2.2.0, linkify-it 6.1.0 and linkifyjs 4.4.0 keep both.
# Follows: one link in 64 fails if its end is a token of 24 or 48 random bytes. 32 bytes end in one of 16 letters and
#          figures, never in "_" or "-": make tokens of that length, or put another parameter behind the token.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check cmarkgfm==2025.10.22 bleach==6.4.0 linkify-it-py==2.2.0
npm init --yes >npm.log
npm install --silent --no-audit --no-fund micromark@4.0.3 micromark-extension-gfm-autolink-literal@2.1.0 marked@18.2.1 \
    linkify-it@6.1.0 linkifyjs@4.4.0 >>npm.log

cat >links.py <<'PY'
import base64
import json
import re

import bleach
import cmarkgfm
from linkify_it import LinkifyIt

START = "https://app.example.com/verify?token="
ENDS = ["ab", "ab-", "ab_", "a-_", "ab__", "a__b"]


def target(html):
    return re.search('href="([^"]*)"', html).group(1).removeprefix(START)


seen = {
    "cmarkgfm": [target(cmarkgfm.github_flavored_markdown_to_html(f"Open {START}{end}\n")) for end in ENDS],
    "bleach": [target(bleach.linkify(f"Open {START}{end}\n")) for end in ENDS],
    "linkify-it-py": [LinkifyIt().match(f"Open {START}{end}\n")[0].url.removeprefix(START) for end in ENDS],
}
print(json.dumps(seen, indent=2))
assert seen["cmarkgfm"] == ["ab", "ab-", "ab", "a-", "ab", "a__b"]
assert seen["bleach"] == seen["linkify-it-py"] == ENDS


def last_characters(count):
    tokens = (base64.urlsafe_b64encode(bytes(count - 1) + bytes([last])) for last in range(256))
    return {token.rstrip(b"=")[-1:] for token in tokens}


assert {b"-", b"_"} <= last_characters(24)
assert {b"-", b"_"} <= last_characters(48)
assert not {b"-", b"_"} & last_characters(32)
print("24 and 48 bytes can end in - or _, 32 bytes cannot")
PY
python/bin/python links.py

cat >links.mjs <<'JS'
import assert from "node:assert/strict";
import { micromark } from "micromark";
import { gfmAutolinkLiteral, gfmAutolinkLiteralHtml } from "micromark-extension-gfm-autolink-literal";
import { marked } from "marked";
import { LinkifyIt } from "linkify-it";
import * as linkify from "linkifyjs";

const start = "https://app.example.com/verify?token=";
const ends = ["ab", "ab-", "ab_", "a-_", "ab__", "a__b"];
const target = (html) => /href="([^"]*)"/.exec(html)[1];
const gfm = { extensions: [gfmAutolinkLiteral()], htmlExtensions: [gfmAutolinkLiteralHtml()] };
const readers = {
  micromark: (text) => target(micromark(text, gfm)),
  marked: (text) => target(marked(text)),
  "linkify-it": (text) => new LinkifyIt().match(text)[0].url,
  linkifyjs: (text) => linkify.find(text)[0].href,
};
const seen = {};
for (const [name, read] of Object.entries(readers)) {
  seen[name] = ends.map((end) => read(`Open ${start}${end}\n`).replace(start, ""));
}
console.log(seen);
const cut = ["ab", "ab-", "ab", "a-", "ab", "a__b"];
assert.deepEqual(seen, { micromark: cut, marked: cut, "linkify-it": ends, linkifyjs: ends });
JS
node links.mjs
