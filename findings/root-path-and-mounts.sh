#!/usr/bin/env bash
# Guessed: an application behind a proxy that takes "/api" off the path answers alike under every ASGI server that is
#          told the prefix (--root-path, in Granian --url-path-prefix), its mounted parts too.
# Seen:    Uvicorn 0.54.0 puts the prefix back before the path. Hypercorn 0.18.0, Granian 2.8.9 and Daphne 4.2.3 leave
#          the path as it came: Starlette 1.10.0 then finds the application's own routes, with a request.url that lacks
#          the prefix, and answers 404 for what is in a Mount. Where the proxy leaves the prefix on, it is the other way
#          round: these three find both, Uvicorn finds neither.
# Follows: an authentication application mounted at /auth works under one server and is not found under the next. Let
#          the proxy take the prefix off for Uvicorn alone; or leave it on, start the server without a prefix and mount
#          the whole application at "/api", which works under all four. Check a mounted path, not a health check.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check starlette==1.10.0 uvicorn==0.54.0 hypercorn==0.18.0 \
    granian==2.8.9 daphne==4.2.3 setuptools==81.0.0

cat >application.py <<'PY'
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route


async def say_url(request):
    return PlainTextResponse(request.url.path)


app = Starlette(
    routes=[Route("/health", say_url), Mount("/auth", Starlette(routes=[Route("/session", say_url)]))]
)
whole = Starlette(routes=[Mount("/api", app)])
PY

cat >ask.py <<'PY'
import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

SERVERS = {
    "Uvicorn": (["uvicorn", "--port", "PORT"], "--root-path"),
    "Hypercorn": (["hypercorn", "--bind", "127.0.0.1:PORT"], "--root-path"),
    "Granian": (["granian", "--interface", "asgi", "--port", "PORT"], "--url-path-prefix"),
    "Daphne": (["daphne", "-b", "127.0.0.1", "-p", "PORT"], "--root-path"),
}


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


def ask(port, path):
    """Return the path that the application sees in request.url, or the status of an answer that is no success."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code


TAKEN_OFF = ["/health", "/auth/session"]
LEFT_ON = ["/api/health", "/api/auth/session"]
for name, (command, option) in SERVERS.items():
    with serving(*command, option, "/api", "application:app") as port:
        taken_off = [ask(port, path) for path in TAKEN_OFF]
        left_on = [ask(port, path) for path in LEFT_ON]
    with serving(*command, "application:whole") as port:
        mounted = [ask(port, path) for path in LEFT_ON]
    print(f"{name}: prefix taken off {taken_off}, left on {left_on}; mounted at the prefix {mounted}")
    assert taken_off == (LEFT_ON if name == "Uvicorn" else ["/health", 404])
    assert left_on == ([404, 404] if name == "Uvicorn" else LEFT_ON)
    assert mounted == LEFT_ON
PY
python/bin/python ask.py
