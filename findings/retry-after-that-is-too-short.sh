#!/usr/bin/env bash
# Guessed: a client that waits as many seconds as Retry-After says gets through, with every limiter that sends it.
# Seen:    with slowapi 0.1.10, Django REST framework 3.18.3 and quart-rate-limiter 0.12.1 it does, and with Litestar 2.25.0
#          by RateLimit-Reset, the one header that this sends. Flask-Limiter 4.1.1 drops fractions of a second at both
#          ends: with fixed and moving windows 20 of 40 clients that start at random are refused once more, now with
#          "Retry-After: 0"; with sliding-window-counter none is.
# Follows: a client that tries once more after a 429 fails in half of the cases where signing in is limited, and one
#          that trusts "0" asks again at once. Wait a second more than the header says; round up in a header of your own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check flask==3.1.3 flask-limiter==4.1.1 limits==5.8.0 \
    slowapi==0.1.10 starlette==1.10.0 httpx2==2.16.2 litestar==2.25.0 httpx==0.28.1 django==5.2.19 \
    djangorestframework==3.18.3 quart==0.22.0 quart-rate-limiter==0.12.1 time-machine==3.6.0 setuptools==81.0.0

cat >wait.py <<'PY'
import asyncio
import datetime
import logging
import random
import warnings

warnings.simplefilter("ignore")

import django  # noqa: E402
import flask  # noqa: E402
import flask_limiter  # noqa: E402
import litestar.testing  # noqa: E402
import quart  # noqa: E402
import quart_rate_limiter  # noqa: E402
import slowapi  # noqa: E402
import slowapi.errors  # noqa: E402
import starlette.testclient  # noqa: E402
import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from litestar.middleware.rate_limit import RateLimitConfig  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.responses import PlainTextResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402

settings.configure(
    SECRET_KEY="for this script",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    REST_FRAMEWORK={"DEFAULT_THROTTLE_RATES": {"anon": "3/minute"}},
)
django.setup()
from django.core.cache import cache  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.throttling import AnonRateThrottle  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


def in_flask(strategy):
    application = flask.Flask("limited")
    limiter = flask_limiter.Limiter(
        lambda: "user", app=application, storage_uri="memory://", strategy=strategy, headers_enabled=True
    )
    application.get("/")(limiter.limit("3/minute")(lambda: "in"))
    client = application.test_client()
    return lambda: client.get("/")


def in_slowapi(strategy):
    limiter = slowapi.Limiter(key_func=lambda request: "user", strategy=strategy, headers_enabled=True)

    @limiter.limit("3/minute")
    def enter(request):
        return PlainTextResponse("in")

    application = Starlette(routes=[Route("/", enter)])
    application.state.limiter = limiter
    application.add_exception_handler(slowapi.errors.RateLimitExceeded, slowapi._rate_limit_exceeded_handler)
    client = starlette.testclient.TestClient(application)
    return lambda: client.get("/")


@litestar.get("/", sync_to_thread=False)
def enter() -> str:
    return "in"


def in_litestar(_):
    limit = RateLimitConfig(rate_limit=("minute", 3))
    client = litestar.testing.TestClient(litestar.Litestar([enter], middleware=[limit.middleware]))
    return lambda: client.get("/")


class Enter(APIView):
    throttle_classes = [AnonRateThrottle]
    authentication_classes = []

    def get(self, request):
        return Response("in")


def in_rest_framework(_):
    cache.clear()
    return lambda: Enter.as_view()(RequestFactory().get("/"))


def in_quart(_):
    application = quart.Quart("limited")
    quart_rate_limiter.RateLimiter(application)

    @application.get("/")
    @quart_rate_limiter.rate_limit(3, datetime.timedelta(minutes=1))
    async def enter():
        return "in"

    return lambda: loop.run_until_complete(application.test_client().get("/"))


CLIENTS = 40
loop = asyncio.new_event_loop()
logging.disable()


def refused_again(way, strategy):
    """Return how many clients wait as they were told and are refused all the same, and what those are told then."""
    chance = random.Random(1)
    refused, told = 0, set()
    for client in range(CLIENTS):
        start = 1_900_000_000 + 7919 * client + chance.random()
        with time_machine.travel(start, tick=False) as clock:
            ask = way(strategy)
            for _ in range(3):
                assert ask().status_code == 200
                clock.shift(5 * chance.random())
            answer = ask()
            assert answer.status_code == 429
            clock.shift(int(answer.headers.get("Retry-After") or answer.headers["RateLimit-Reset"]))
            answer = ask()
            if answer.status_code == 429:
                refused += 1
                told.add(answer.headers["Retry-After"])
    return refused, told


WINDOWS = ["fixed-window", "moving-window", "sliding-window-counter"]
WAYS = [(way, window) for way in (in_flask, in_slowapi) for window in WINDOWS]
for way, window in [*WAYS, (in_litestar, ""), (in_rest_framework, ""), (in_quart, "")]:
    refused, told = refused_again(way, window)
    print(f"{way.__name__} {window}: {refused} of {CLIENTS} refused again {told or ''}")
    if way is in_flask and window != "sliding-window-counter":
        assert CLIENTS // 4 < refused < CLIENTS * 3 // 4 and told == {"0"}
    else:
        assert refused == 0
PY
python/bin/python wait.py
