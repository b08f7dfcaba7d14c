#!/usr/bin/env bash
# Guessed: with credentials a CORS layer replaces "*" by real names, for the headers that a page may read as for those
#          that it may send (the Fetch standard takes "*" for a header called "*" then).
# Seen:    for those to be sent Starlette 1.10.0, Litestar 2.25.0 and Flask-CORS 6.0.5 answer with what was asked for,
#          django-cors-headers 4.9.0 with "*". For those to be read all four send "*", and none says a word.
# Follows: a page that gets its tokens in headers signs in and sees no token. Name what pages may read, one by one, or
#          leave it to the answers that carry it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check starlette==1.10.0 litestar==2.25.0 flask==3.1.3 \
    flask-cors==6.0.5 django==5.2.19 django-cors-headers==4.9.0 httpx==0.28.1 httpx2==2.16.2

cat >cors.py <<'PY'
import warnings

import django
import flask
import flask_cors
import litestar
import litestar.config.cors
import litestar.testing
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

SITE = "https://app.example"
READ = {"origin": SITE}
ASK = READ | {"access-control-request-method": "GET", "access-control-request-headers": "x-anti-csrf"}
TOKEN = {"x-access-token": "token"}
warnings.simplefilter("error", UserWarning)


def in_starlette():
    application = Starlette(
        routes=[Route("/", lambda request: PlainTextResponse("", headers=TOKEN))],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=[SITE],
                allow_credentials=True,
                allow_headers=["*"],
                expose_headers=["*"],
            )
        ],
    )
    client = TestClient(application)
    return client.options("/", headers=ASK).headers, client.get("/", headers=READ).headers


def in_litestar():
    @litestar.get("/")
    async def read() -> litestar.Response[str]:
        return litestar.Response("", headers=TOKEN)

    cors = litestar.config.cors.CORSConfig(
        allow_origins=[SITE], allow_credentials=True, allow_headers=["*"], expose_headers=["*"]
    )
    with litestar.testing.TestClient(litestar.Litestar([read], cors_config=cors)) as client:
        return client.options("/", headers=ASK).headers, client.get("/", headers=READ).headers


def in_flask():
    application = flask.Flask("cors")
    flask_cors.CORS(application, origins=[SITE], supports_credentials=True, allow_headers="*", expose_headers="*")
    application.get("/")(lambda: ("", 200, TOKEN))
    client = application.test_client()
    return client.options("/", headers=ASK).headers, client.get("/", headers=READ).headers


def in_django():
    settings.configure(
        ALLOWED_HOSTS=["*"],
        CORS_ALLOWED_ORIGINS=[SITE],
        CORS_ALLOW_CREDENTIALS=True,
        CORS_ALLOW_HEADERS=["*"],
        CORS_EXPOSE_HEADERS=["*"],
    )
    django.setup()
    from corsheaders.middleware import CorsMiddleware

    middleware = CorsMiddleware(lambda request: HttpResponse(headers=TOKEN))
    requests = RequestFactory()
    return middleware(requests.options("/", headers=ASK)).headers, middleware(requests.get("/", headers=READ)).headers


for way in (in_starlette, in_litestar, in_flask, in_django):
    asked, read = way()
    assert asked["access-control-allow-credentials"] == read["access-control-allow-credentials"] == "true"
    sent, readable = asked["access-control-allow-headers"], read["access-control-expose-headers"]
    print(f"{way.__name__}: may send {sent!r}, may read {readable!r}")
    assert ("x-anti-csrf" in sent) if way is not in_django else (sent == "*")
    assert readable == "*"
PY
python/bin/python cors.py
