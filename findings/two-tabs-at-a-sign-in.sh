#!/usr/bin/env bash
# Guessed: who begins to sign in in two tabs can go on in either; and Authlib keeps its state alike in Flask, Django and
#          Starlette.
# Seen:    Authlib 1.9.10 keeps every attempt in Flask and Django: both tabs end well, but none goes before a sign-in
#          succeeds, and after twenty-odd attempts Flask's cookie is past 4096 bytes, where browsers drop it. In
#          Starlette (and FastAPI) it keeps the last alone: the first tab ends in mismatching_state. Flask-Dance 7.1.0
#          keeps the last too; the first tab is answered 500, and the second is sent to the start again.
# Follows: the same code moved from Flask to FastAPI refuses people who opened two tabs (a restored browser does). Let
#          the callback catch the error and send them to sign in again; in Flask, keep sessions on the server or delete
#          old "_state_" keys.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 requests==2.34.2 flask==3.1.3 \
    flask-dance==7.1.0 requests-oauthlib==2.0.0 oauthlib==4.0.1 starlette==1.10.0 httpx2==2.16.2 itsdangerous==2.2.0 \
    django==5.2.19

cat >tabs.py <<'PY'
import logging
import sys
import types
from urllib.parse import parse_qs, urlsplit

import authlib.integrations.django_client
import authlib.integrations.flask_client
import authlib.integrations.starlette_client
import django
import flask
import flask_dance.consumer
from authlib.integrations.base_client import MismatchingStateError
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

logging.disable(logging.CRITICAL)
HERE = "https://app.example"
TOKEN = {"access_token": "token", "token_type": "Bearer"}
PROVIDER = {
    "client_id": "client",
    "client_secret": "secret",
    "authorize_url": "https://login.example/authorize",
    "access_token_url": "https://login.example/token",
    "client_kwargs": {"scope": "openid email profile", "code_challenge_method": "S256"},
}


def tokens(*arguments, **options):
    return TOKEN  # what the provider would answer: only what comes before is asked here


async def tokens_later(*arguments, **options):
    return TOKEN


def state_of(answer):
    assert answer.status_code == 302, answer.status_code
    return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]


def two_tabs(get):
    """The answers to the first tab and to the second, both opened before either comes back."""
    first, second = state_of(get("/login")), state_of(get("/login"))
    return [get(f"/callback?code=code&state={state}") for state in (first, second)]


def in_flask():
    application = flask.Flask("authlib")
    application.secret_key = "key"
    provider = authlib.integrations.flask_client.OAuth(application).register("provider", **PROVIDER)
    provider.fetch_access_token = tokens
    application.get("/login")(lambda: provider.authorize_redirect(f"{HERE}/callback"))

    @application.get("/callback")
    def callback():
        try:
            return provider.authorize_access_token()["access_token"]
        except MismatchingStateError as error:
            return error.error

    browser = application.test_client()
    texts = [answer.text for answer in two_tabs(lambda url: browser.get(url, base_url=HERE))]
    browser = application.test_client()
    sizes = [len(browser.get("/login", base_url=HERE).headers["set-cookie"].split(";")[0]) for _ in range(24)]
    print("cookie in Flask after 1, 12 and 24 attempts:", sizes[0], sizes[11], sizes[23])
    assert sizes[0] < 600 and sizes[16] < 4096 < sizes[23]
    return texts


def in_starlette():
    provider = authlib.integrations.starlette_client.OAuth().register("provider", **PROVIDER)
    provider.fetch_access_token = tokens_later

    async def login(request):
        return await provider.authorize_redirect(request, f"{HERE}/callback")

    async def callback(request):
        try:
            return PlainTextResponse((await provider.authorize_access_token(request))["access_token"])
        except MismatchingStateError as error:
            return PlainTextResponse(error.error)

    application = Starlette(
        routes=[Route("/login", login), Route("/callback", callback)],
        middleware=[Middleware(SessionMiddleware, secret_key="key")],
    )
    browser = TestClient(application, base_url=HERE, follow_redirects=False)
    texts = [answer.text for answer in two_tabs(browser.get)]
    sizes = [len(browser.get("/login").headers["set-cookie"].split(";")[0]) for _ in range(24)]
    print("cookie in Starlette after 1, 12 and 24 attempts:", sizes[0], sizes[11], sizes[23])
    assert max(sizes) < 1000
    return texts


settings.configure(
    SECRET_KEY="key",
    ROOT_URLCONF="urls",
    ALLOWED_HOSTS=["*"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
)
django.setup()
in_django = authlib.integrations.django_client.OAuth().register("provider", **PROVIDER)
in_django.fetch_access_token = tokens


def django_callback(request):
    try:
        return HttpResponse(in_django.authorize_access_token(request)["access_token"])
    except MismatchingStateError as error:
        return HttpResponse(error.error)


urls = sys.modules["urls"] = types.ModuleType("urls")
urls.urlpatterns = [
    path("login", lambda request: in_django.authorize_redirect(request, f"{HERE}/callback")),
    path("callback", django_callback),
]


def with_flask_dance():
    application = flask.Flask("dance")
    application.secret_key = "key"
    blueprint = flask_dance.consumer.OAuth2ConsumerBlueprint(
        "provider",
        "dance",
        client_id="client",
        client_secret="secret",
        authorization_url=PROVIDER["authorize_url"],
        token_url=PROVIDER["access_token_url"],
        login_url="/login",
        authorized_url="/callback",
        scope=["openid"],
    )
    application.register_blueprint(blueprint)
    browser = application.test_client()
    first, second = two_tabs(lambda url: browser.get(url, base_url=HERE))
    return [first.status_code, second.headers["location"]]


def check(name, seen, expected):
    print(f"{name}: first tab {seen[0]}, second tab {seen[1]}")
    assert seen == expected


check("Authlib in Flask", in_flask(), ["token", "token"])
browser = Client()
check("Authlib in Django", [answer.content.decode() for answer in two_tabs(browser.get)], ["token", "token"])
check("Authlib in Starlette", in_starlette(), ["mismatching_state", "token"])
check("Flask-Dance", with_flask_dance(), [500, "/login"])
PY
python/bin/python -W ignore tabs.py
