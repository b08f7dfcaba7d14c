#!/usr/bin/env bash
# Guessed: whatever makes the text part of a mail from its HTML keeps a link as it is, on one line.
# Seen:    html2text 2025.4.15 wraps at 78 columns, at the hyphens inside the link too (also inside its token);
#          inscriptis 2.7.6 drops the target of <a href> and leaves its words; markdownify 1.2.3 puts a backslash before
#          each "_" of a link that is written out. npm html-to-text 10.0.1 keeps both links whole.
# Follows: whether such a mail can be used depends on the token of the day (half of all 43-character base64url tokens
#          have a hyphen). Write the text part by hand; or set body_width=0, and test with a token that has "-" and "_".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check html2text==2025.4.15 inscriptis==2.7.6 markdownify==1.2.3
npm init --yes >npm.log
npm install --silent --no-audit --no-fund html-to-text@10.0.1 >>npm.log

cat >text.py <<'PY'
import html2text
import inscriptis
import markdownify

TOKEN = "Vq3zxk9_Zr2mP-7LwT5cJd8YhB-nE4uGfA1sKo6iX0e"
LINK = f"https://app.example/account/confirm?tenant=public&token={TOKEN}"
ESCAPED = LINK.replace("&", "&amp;")
BUTTON = f'<p><a href="{ESCAPED}">Confirm your address</a></p>'
WRITTEN = f"<p>{ESCAPED}</p>"


def whole(text):
    return any(LINK in line for line in text.splitlines())


wrapped = html2text.html2text(WRITTEN)
print(wrapped)
assert not whole(wrapped) and not whole(html2text.html2text(BUTTON))
assert "".join(wrapped.split()) == LINK, "only line ends are put in"
without_hyphens = WRITTEN.replace("-", "x")
assert LINK.replace("-", "x") in html2text.html2text(without_hyphens), "without a hyphen it is whole"
unwrapped = html2text.HTML2Text(bodywidth=0)
assert whole(unwrapped.handle(WRITTEN))

words = inscriptis.get_text(BUTTON)
print(words)
assert words.strip() == "Confirm your address"
assert whole(inscriptis.get_text(WRITTEN))

escaped = markdownify.markdownify(WRITTEN)
print(escaped)
assert escaped.strip() == LINK.replace("_", "\\_")
assert whole(markdownify.markdownify(BUTTON))
PY
python/bin/python text.py

cat >text.mjs <<'JS'
import assert from "node:assert/strict";
import { convert } from "html-to-text";

const link = "https://app.example/account/confirm?tenant=public&token=Vq3zxk9_Zr2mP-7LwT5cJd8YhB-nE4uGfA1sKo6iX0e";
const escaped = link.replaceAll("&", "&amp;");
for (const html of [`<p><a href="${escaped}">Confirm your address</a></p>`, `<p>${escaped}</p>`]) {
  const text = convert(html);
  console.log(text);
  assert.ok(text.split("\n").some((line) => line.includes(link)));
}
JS
node text.mjs
