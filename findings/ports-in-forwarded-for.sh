#!/usr/bin/env bash
# Guessed: what reads X-Forwarded-For takes off the port that some proxies write beside the address: Azure's Application
#          Gateway sends "192.0.2.1:5678" unless it is told otherwise.
# Seen:    Uvicorn 0.54.0 takes it off. The wrapper of Granian 2.8.9, Hypercorn 0.18.0's ProxyFixMiddleware, Werkzeug
#          3.1.9's ProxyFix and the throttles of Django REST framework 3.18.3 keep it, IPv6 as "[2001:db8::1]:443";
#          aiohttp-remotes 1.4.0 answers 400.
# Follows: behind such a gateway each connection has an address of its own in limits, sessions and logs, or nobody gets
#          in, and ipaddress refuses what was kept. Let the gateway send the address alone (its documentation has a
#          rewrite rule), or take the port off before the address is used.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check uvicorn==0.54.0 granian==2.8.9 hypercorn==0.18.0 \
    werkzeug==3.1.9 django==5.2.19 djangorestframework==3.18.3 aiohttp==3.14.5 aiohttp-remotes==1.4.0

cat >addresses.py <<'PY'
import asyncio
import ipaddress

import aiohttp.test_utils
import aiohttp.web
import aiohttp_remotes
from django.conf import settings
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from hypercorn.middleware import ProxyFixMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

settings.configure(REST_FRAMEWORK={"NUM_PROXIES": 1})
from django.test import RequestFactory  # noqa: E402
from rest_framework.throttling import BaseThrottle  # noqa: E402

PROXY = "10.0.0.1"


def through(wrap):
    """Return a function that gives the client's address of an ASGI scope behind a piece of middleware."""

    def address(forwarded):
        seen = {}

        async def application(scope, receive, send):
            seen.update(scope)

        headers = [(b"x-forwarded-for", forwarded.encode())]
        scope = {"type": "http", "headers": headers, "client": (PROXY, 1), "scheme": "http", "path": "/"}
        asyncio.run(wrap(application)(scope, None, None))
        return seen["client"][0]

    return address


def in_werkzeug(forwarded):
    environ = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": forwarded, "wsgi.url_scheme": "http"}
    ProxyFix(lambda environ, start_response: [])(environ, None)
    return environ["REMOTE_ADDR"]


def in_rest_framework(forwarded):
    return BaseThrottle().get_ident(RequestFactory().get("/", headers={"x-forwarded-for": forwarded}))


def in_aiohttp(forwarded):
    async def say_address(request):
        return aiohttp.web.Response(text=request.remote)

    async def ask():
        application = aiohttp.web.Application()
        application.router.add_get("/", say_address)
        await aiohttp_remotes.setup(application, aiohttp_remotes.XForwardedRelaxed())
        server = aiohttp.test_utils.TestServer(application)
        async with aiohttp.test_utils.TestClient(server) as client:
            answer = await client.get("/", headers={"X-Forwarded-For": forwarded})
            return await answer.text() if answer.status == 200 else answer.status

    return asyncio.run(ask())


WAYS = {
    "Uvicorn": through(lambda application: ProxyHeadersMiddleware(application, trusted_hosts=[PROXY])),
    "Granian": through(lambda application: wrap_asgi_with_proxy_headers(application, trusted_hosts=[PROXY])),
    "Hypercorn": through(lambda application: ProxyFixMiddleware(application, mode="legacy", trusted_hops=1)),
    "Werkzeug": in_werkzeug,
    "Django REST framework": in_rest_framework,
    "aiohttp-remotes": in_aiohttp,
}
BARE = ["192.0.2.1", "2001:db8::1"]
WITH_PORT = ["192.0.2.1:5678", "[2001:db8::1]:443"]
for kept in WITH_PORT:
    try:
        raise AssertionError(ipaddress.ip_address(kept))
    except ValueError:
        pass
for name, address in WAYS.items():
    seen = [address(forwarded) for forwarded in WITH_PORT]
    print(f"{name}: {seen}")
    assert [address(forwarded) for forwarded in BARE] == BARE
    assert seen == {"Uvicorn": BARE, "aiohttp-remotes": [400, 400]}.get(name, WITH_PORT)
PY
python/bin/python addresses.py
