#!/usr/bin/env bash
# Guessed: a server joins the Cookie headers of an HTTP/2 request before an application sees them (RFC 9113, 8.2.3:
#          browsers send one per cookie), so that every framework sees every cookie.
# Seen:    Hypercorn 0.18.0 does. Granian 2.8.9 hands them to an ASGI application one by one: Starlette 1.10.0 sees both
#          cookies, Litestar 2.25.0 the first alone, Falcon 4.4.0 the last alone, Django 5.2.19 one cookie "a" with the
#          value "1,b=2", as Flask 3.1.3 does behind the bridges of a2wsgi 1.10.10 and asgiref 3.13.0. As a WSGI server
#          Granian joins them.
# Follows: behind Granian with HTTP/2 and no proxy somebody is signed in until a second cookie appears. Put one piece of
#          middleware in front that joins the headers with "; ", or let a proxy speak HTTP/1.1 to Granian.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check granian==2.8.9 hypercorn==0.18.0 h2==4.4.1 \
    starlette==1.10.0 litestar==2.25.0 falcon==4.4.0 django==5.2.19 flask==3.1.3 a2wsgi==1.10.10 asgiref==3.13.0

cat >applications.py <<'PY'
import a2wsgi
import asgiref.wsgi
import falcon
import falcon.asgi
import flask
import litestar
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import JsonResponse
from django.urls import path
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def in_starlette(request):
    return JSONResponse(request.cookies)


@litestar.get("/")
async def in_litestar(request: litestar.Request) -> dict[str, str]:
    return dict(request.cookies)


class InFalcon:
    async def on_get(self, request, response):
        response.media = request.cookies


settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="for this script")
urlpatterns = [path("", lambda request: JsonResponse(request.COOKIES))]

wsgi = flask.Flask("cookies")
wsgi.get("/")(lambda: dict(flask.request.cookies))

in_falcon = falcon.asgi.App()
in_falcon.add_route("/", InFalcon())

APPLICATIONS = {
    "/starlette": Starlette(routes=[Route("/", in_starlette)]),
    "/litestar": litestar.Litestar([in_litestar]),
    "/falcon": in_falcon,
    "/django": get_asgi_application(),
    "/flask-a2wsgi": a2wsgi.WSGIMiddleware(wsgi),
    "/flask-asgiref": asgiref.wsgi.WsgiToAsgi(wsgi),
}


async def asgi(scope, receive, send):
    if scope["type"] == "http":
        await APPLICATIONS[scope["path"]]({**scope, "path": "/", "raw_path": b"/"}, receive, send)
        return
    while scope["type"] == "lifespan":
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
PY

cat >ask.py <<'PY'
import contextlib
import json
import socket
import subprocess
import time

import h2.connection
import h2.events

PATHS = ["/starlette", "/litestar", "/falcon", "/django", "/flask-a2wsgi", "/flask-asgiref"]


def ask(port, path):
    """Send one request over HTTP/2 with two Cookie headers, and return the JSON of the answer."""
    connection = h2.connection.H2Connection()
    connection.initiate_connection()
    pseudo = [(":method", "GET"), (":scheme", "http"), (":authority", "app.example"), (":path", path)]
    connection.send_headers(1, [*pseudo, ("cookie", "a=1"), ("cookie", "b=2")], end_stream=True)
    body = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
        link.sendall(connection.data_to_send())
        while received := link.recv(65536):
            for event in connection.receive_data(received):
                if isinstance(event, h2.events.DataReceived):
                    body += event.data
                elif isinstance(event, h2.events.StreamEnded):
                    return json.loads(body)
            link.sendall(connection.data_to_send())
    raise AssertionError(f"no answer for {path}")


@contextlib.contextmanager
def serving(*command):
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    with open("server.log", "w") as log:
        arguments = [part.replace("PORT", str(port)) for part in command]
        server = subprocess.Popen(["python/bin/python", "-m", *arguments], stdout=log, stderr=log)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            assert server.poll() is None, open("server.log").read()
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


both = {"a": "1", "b": "2"}
with serving("hypercorn", "--bind", "127.0.0.1:PORT", "applications:asgi") as port:
    hypercorn = {path: ask(port, path) for path in PATHS}
print("Hypercorn:", hypercorn)
assert hypercorn == dict.fromkeys(PATHS, both)

with serving("granian", "--interface", "asgi", "--port", "PORT", "applications:asgi") as port:
    granian = {path: ask(port, path) for path in PATHS}
print("Granian:", granian)
assert granian == {
    "/starlette": both,
    "/litestar": {"a": "1"},
    "/falcon": {"b": "2"},
    "/django": {"a": "1,b=2"},
    "/flask-a2wsgi": {"a": "1,b=2"},
    "/flask-asgiref": {"a": "1,b=2"},
}

with serving("granian", "--interface", "wsgi", "--port", "PORT", "applications:wsgi") as port:
    wsgi = ask(port, "/")
print("Granian, WSGI:", wsgi)
assert wsgi == both
PY
python/bin/python ask.py
