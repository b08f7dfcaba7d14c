#!/usr/bin/env bash
# Guessed: the headers of websocket.accept reach the client from every ASGI server, so that a session that is refreshed
#          while a WebSocket opens can set its cookies there (ASGI's specification has them since version 2.1).
# Seen:    Uvicorn 0.54.0 and Hypercorn 0.18.0 send both Set-Cookie headers and a header of the application's own.
#          Granian 2.8.9 and Daphne 4.2.3 send none of the three, and say nothing; the WebSocket opens all the same.
# Follows: behind those two a refresh at the handshake changes the tokens of the server alone, and the client comes back
#          with old ones. Refresh over HTTP before a WebSocket is opened, and let the handshake only check.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check starlette==1.10.0 uvicorn==0.54.0 websockets==17.4 \
    hypercorn==0.18.0 granian==2.8.9 daphne==4.2.3 setuptools==81.0.0

cat >application.py <<'PY'
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

HEADERS = [(b"set-cookie", b"access=1; Path=/"), (b"set-cookie", b"refresh=2; Path=/session"), (b"front-token", b"3")]


async def talk(websocket):
    await websocket.accept(headers=HEADERS)
    await websocket.send_text("open")
    await websocket.close()


app = Starlette(routes=[WebSocketRoute("/", talk)])
PY

cat >ask.py <<'PY'
import contextlib
import socket
import subprocess
import time

from websockets.sync.client import connect

SERVERS = {
    "Uvicorn": ["uvicorn", "--port", "PORT"],
    "Hypercorn": ["hypercorn", "--bind", "127.0.0.1:PORT"],
    "Granian": ["granian", "--interface", "asgi", "--port", "PORT"],
    "Daphne": ["daphne", "-b", "127.0.0.1", "-p", "PORT"],
}


@contextlib.contextmanager
def serving(command):
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    with open("server.log", "w") as log:
        arguments = [part.replace("PORT", str(port)) for part in command]
        server = subprocess.Popen(["python/bin/python", "-m", *arguments, "application:app"], stdout=log, stderr=log)
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


seen = {}
for name, command in SERVERS.items():
    with serving(command) as port, connect(f"ws://127.0.0.1:{port}/") as client:
        assert client.recv(timeout=30) == "open"
        headers = client.response.headers
        seen[name] = headers.get_all("Set-Cookie"), headers.get("Front-Token")
    print(f"{name}: {seen[name]}")

sent = ["access=1; Path=/", "refresh=2; Path=/session"], "3"
assert seen == {"Uvicorn": sent, "Hypercorn": sent, "Granian": ([], None), "Daphne": ([], None)}
PY
python/bin/python ask.py
