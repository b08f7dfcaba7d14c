#!/usr/bin/env bash
# Guessed: installing httpx2 beside httpx changes nothing for code that uses Authlib with httpx: Authlib's clients stay
#          httpx's, or httpx2's errors are httpx's too.
# Seen:    Authlib 1.9.10 takes httpx2 2.16.2 as soon as it can be imported. Its clients are then no httpx.Client
#          (0.28.1), what they raise is no httpx.HTTPError, and with an httpx.MockTransport a request ends in a bare
#          AssertionError; httpx-oauth 0.17.0 stays with httpx.
# Follows: `except httpx.HTTPError` around a provider's endpoint lets through what it caught, once something else (a
#          test client, say) brings httpx2. Require httpx2 and name it, or catch the errors of both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
pip=(python/bin/pip install --quiet --disable-pip-version-check)
"${pip[@]}" authlib==1.9.10 httpx==0.28.1 httpx-oauth==0.17.0

cat >clients.py <<'PY'
import sys
import warnings

import httpx
import httpx_oauth.oauth2

warnings.simplefilter("ignore")  # Authlib's warning that httpx2 is missing
from authlib.integrations.httpx_client import OAuth2Client  # noqa: E402

expect_httpx = sys.argv[1] == "httpx"


def raised(call):
    try:
        call()
    except Exception as error:  # what is raised is what this script is about
        return error
    raise AssertionError("nothing was raised")


def fetch(**options):
    with OAuth2Client("client", "secret", **options) as client:
        return client.fetch_token("http://127.0.0.1:1/token", code="code", grant_type="authorization_code")


refused = raised(fetch)
print(f"refused connection: {type(refused).__module__}.{type(refused).__name__}")
assert issubclass(OAuth2Client, httpx.Client) is expect_httpx
assert isinstance(refused, httpx.HTTPError) is expect_httpx
assert type(refused).__name__ == "ConnectError"

answer = {"access_token": "token", "token_type": "bearer"}
transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
if expect_httpx:
    assert fetch(transport=transport)["access_token"] == "token"
else:
    import httpx2

    assert isinstance(refused, httpx2.HTTPError)
    error = raised(lambda: fetch(transport=transport))
    print("httpx.MockTransport:", repr(error))
    assert type(error) is AssertionError and not error.args
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=answer))
    assert fetch(transport=transport)["access_token"] == "token"

other = httpx_oauth.oauth2.OAuth2("client", "secret", "http://127.0.0.1:1/authorize", "http://127.0.0.1:1/token")
assert isinstance(other.get_httpx_client(), httpx.AsyncClient)
PY
python/bin/python clients.py httpx
"${pip[@]}" httpx2==2.16.2
python/bin/python clients.py httpx2
