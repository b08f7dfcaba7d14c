#!/usr/bin/env bash
# Guessed: a framework's set_cookie writes max_age in whole seconds when it is given a timedelta or its total_seconds().
# Seen:    Django 5.2.19 and WebOb 1.8.11 do. Starlette 1.10.0, Litestar 2.25.0 and aiohttp 3.14.5 write
#          "Max-Age=1:00:00" and "Max-Age=3600.0"; Werkzeug 3.1.9 and Bottle 0.13.4 take the timedelta and write the
#          float as it is. Who reads it: tough-cookie 6.1.0 (jsdom's) and aiohttp's client keep such a cookie until the
#          program ends; httpx 0.28.1 and httpx2 2.16.2, by Python's http.cookiejar, drop it whole, even where Expires
#          stands beside it.
# Follows: "30 days" become "until the browser is closed", and a test client is never signed in: hand over an int.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check starlette==1.10.0 litestar==2.25.0 aiohttp==3.14.5 \
    werkzeug==3.1.9 bottle==0.13.4 django==5.2.19 webob==1.8.11 httpx==0.28.1 httpx2==2.16.2
npm init --yes >npm.log
npm install --silent --no-audit --no-fund tough-cookie@6.1.0 >>npm.log

cat >write.py <<'PY'
import asyncio
import datetime
import re
from http.cookies import SimpleCookie

import aiohttp
import bottle
import django.http
import httpx
import httpx2
import litestar.datastructures
import starlette.responses
import webob
import werkzeug.wrappers
from aiohttp import web
from django.conf import settings
from yarl import URL

settings.configure()


def through(response):
    def header(max_age):
        made = response()
        made.set_cookie("session", "1", max_age=max_age)
        return made

    return header


def litestar_cookie(max_age):
    return litestar.datastructures.Cookie(key="session", value="1", max_age=max_age).to_header(header="")


WRITERS = {
    "Django": lambda age: through(django.http.HttpResponse)(age).cookies.output(),
    "WebOb": lambda age: through(webob.Response)(age).headers["set-cookie"],
    "Starlette": lambda age: through(starlette.responses.Response)(age).headers["set-cookie"],
    "Litestar": litestar_cookie,
    "aiohttp": lambda age: through(web.Response)(age).cookies.output(),
    "Werkzeug": lambda age: through(werkzeug.wrappers.Response)(age).headers["set-cookie"],
    "Bottle": lambda age: dict(through(bottle.Response)(age).headerlist)["Set-Cookie"],
}
hour = datetime.timedelta(hours=1)
seen = {}
for name, write in WRITERS.items():
    seen[name] = [re.search("Max-Age=([^;]*)", write(age))[1] for age in (hour, hour.total_seconds())]
    print(f"{name}: timedelta {seen[name][0]}, float {seen[name][1]}")
assert seen == {
    "Django": ["3600", "3600"],
    "WebOb": ["3600", "3600"],
    "Starlette": ["1:00:00", "3600.0"],
    "Litestar": ["1:00:00", "3600.0"],
    "aiohttp": ["1:00:00", "3600.0"],
    "Werkzeug": ["3600", "3600.0"],
    "Bottle": ["3600", "3600.0"],
}

beside_expires = WRITERS["Werkzeug"](hour.total_seconds())
assert "Expires=" in beside_expires
HEADERS = ["session=1; Max-Age=3600.0; Path=/", "session=1; Max-Age=1:00:00; Path=/", beside_expires]
for library in (httpx, httpx2):
    for header in ["session=1; Max-Age=3600; Path=/", *HEADERS]:
        answer = library.MockTransport(lambda request: library.Response(200, headers={"set-cookie": header}))
        with library.Client(transport=answer) as client:
            client.get("https://app.example/")
            kept = dict(client.cookies)
        print(f"{library.__name__}, {header!r}: {kept}")
        assert kept == ({} if header in HEADERS else {"session": "1"})


async def through_aiohttp():
    for value in ("3600.0", "1:00:00"):
        jar = aiohttp.CookieJar()
        jar.update_cookies(SimpleCookie(f"session=1; Max-Age={value}; Path=/"), URL("https://app.example/"))
        [kept] = jar
        print(f"aiohttp's client, {value}: {kept.OutputString()!r}")
        assert kept["max-age"] == "", "it is kept for a time"


asyncio.run(through_aiohttp())
PY
python/bin/python write.py

cat >read.mjs <<'JS'
import assert from "node:assert/strict";
import { Cookie } from "tough-cookie";

for (const value of ["3600", "3600.0", "1:00:00"]) {
  const cookie = Cookie.parse(`session=1; Max-Age=${value}; Path=/`);
  console.log(`tough-cookie, ${value}: persistent ${cookie.isPersistent()}`);
  assert.equal(cookie.isPersistent(), value === "3600");
}
JS
node read.mjs
