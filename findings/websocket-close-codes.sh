#!/usr/bin/env bash
# Guessed: an application is told the code with which a client closed its WebSocket, and a client the code and the reason
#          with which the application closed it, by every ASGI server.
# Seen:    Hypercorn 0.18.0 tells the application 1006 whatever the client said, 4001 and 1000 too. Where the link was
#          lost, Uvicorn 0.54.0 with websockets and Daphne 4.2.3 say 1006 (RFC 6455, 7.1.5), Uvicorn with
#          websockets-sansio or wsproto and Granian 2.8.9 say 1005, which is what a close without a code is called.
#          4401 reaches the client from all, its reason from all but Daphne.
# Follows: do not tell a sign-out in a client (a code of your own) from a lost link by the code of the disconnect: send
#          a message before closing. Give each refusal a code of its own, and no meaning to the reason.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check starlette==1.10.0 uvicorn==0.54.0 websockets==17.4 \
    wsproto==1.3.2 hypercorn==0.18.0 granian==2.8.9 daphne==4.2.3 setuptools==81.0.0

cat >application.py <<'PY'
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

told = {}


async def listen(websocket):
    await websocket.accept()
    try:
        await websocket.receive_text()
    except WebSocketDisconnect as error:
        told[websocket.path_params["how"]] = error.code


async def refuse(websocket):
    await websocket.accept()
    await websocket.close(4401, "sign in again")


async def tell(request):
    return JSONResponse(told)


app = Starlette(
    routes=[WebSocketRoute("/listen/{how}", listen), WebSocketRoute("/refuse", refuse), Route("/told", tell)]
)
PY

cat >ask.py <<'PY'
import contextlib
import json
import socket
import subprocess
import time
import urllib.request

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SERVERS = {
    "Uvicorn, websockets": ["uvicorn", "--ws", "websockets", "--port", "PORT"],
    "Uvicorn, websockets-sansio": ["uvicorn", "--ws", "websockets-sansio", "--port", "PORT"],
    "Uvicorn, wsproto": ["uvicorn", "--ws", "wsproto", "--port", "PORT"],
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


def told(port):
    """Return what the application was told, as soon as it was told of all three."""
    for _ in range(600):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/told") as answer:
            codes = json.load(answer)
        if len(codes) == 3:
            return codes["4001"], codes["1000"], codes["lost"]
        time.sleep(0.1)
    raise AssertionError(f"the application was told of {sorted(codes)} alone")


def refusal(port):
    with connect(f"ws://127.0.0.1:{port}/refuse") as client:
        try:
            client.recv(timeout=30)
        except ConnectionClosed as closed:
            return closed.rcvd.code, closed.rcvd.reason
    raise AssertionError("not closed")


seen = {}
for name, command in SERVERS.items():
    with serving(command) as port:
        for code in (4001, 1000):
            with connect(f"ws://127.0.0.1:{port}/listen/{code}") as client:
                client.close(code, "signed out")
        with connect(f"ws://127.0.0.1:{port}/listen/lost") as client:
            client.socket.shutdown(socket.SHUT_RDWR)
        seen[name] = told(port), refusal(port)
    print(f"{name}: the application is told {seen[name][0]}, the client {seen[name][1]}")

reason = 4401, "sign in again"
assert seen == {
    "Uvicorn, websockets": ((4001, 1000, 1006), reason),
    "Uvicorn, websockets-sansio": ((4001, 1000, 1005), reason),
    "Uvicorn, wsproto": ((4001, 1000, 1005), reason),
    "Hypercorn": ((1006, 1006, 1006), reason),
    "Granian": ((4001, 1000, 1005), reason),
    "Daphne": ((4001, 1000, 1006), (4401, "")),
}
PY
python/bin/python ask.py
