#!/usr/bin/env bash
# Guessed: Quart's test client keeps to the Path and the Secure of a cookie, as a browser does.
# Seen:    Quart 0.22.0 sends every cookie to every path over plain http, each in a Cookie header of its own, so that
#          request.headers.get("cookie") is the first alone (request.cookies has all). The test client of Werkzeug 3.1.9
#          keeps to Path, not to Secure, and sends one header.
# Follows: a test that the refresh cookie is kept from other paths shows nothing in Quart; and what reads cookies from
#          headers itself, in an adapter or a middleware, has to join all Cookie headers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check quart==0.22.0 werkzeug==3.1.9

cat >cookies.py <<'PY'
import asyncio
import json

from quart import Quart, Response, request
from werkzeug.test import Client
from werkzeug.wrappers import Request as PlainRequest
from werkzeug.wrappers import Response as PlainResponse

COOKIES = ["access=1; Path=/", "refresh=2; Path=/session/refresh", "secure=3; Path=/; Secure"]


def told(incoming):
    return {"cookies": sorted(incoming.cookies), "headers": incoming.headers.getlist("cookie")}


quart_app = Quart("cookies")


@quart_app.route("/sign-in")
async def sign_in():
    response = Response("signed in")
    for cookie in COOKIES:
        response.headers.add("Set-Cookie", cookie)
    return response


@quart_app.route("/elsewhere")
async def elsewhere():
    return told(request) | {"get": request.headers.get("cookie")}


async def through_quart():
    client = quart_app.test_client()
    await client.get("/sign-in")
    return await (await client.get("/elsewhere")).get_json()


seen = asyncio.run(through_quart())
print("Quart:", seen)
assert seen["cookies"] == ["access", "refresh", "secure"]
assert sorted(seen["headers"]) == ["access=1", "refresh=2", "secure=3"]
assert seen["get"] == seen["headers"][0]


@PlainRequest.application
def plain_app(incoming):
    if incoming.path != "/sign-in":
        return PlainResponse(json.dumps(told(incoming)))
    response = PlainResponse("signed in")
    for cookie in COOKIES:
        response.headers.add("Set-Cookie", cookie)
    return response


client = Client(plain_app)
client.get("/sign-in")
seen = client.get("/elsewhere").get_json(force=True)
print("Werkzeug:", seen)
assert seen == {"cookies": ["access", "secure"], "headers": ["access=1; secure=3"]}
PY
python/bin/python cookies.py
