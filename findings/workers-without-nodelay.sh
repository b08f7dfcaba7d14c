#!/usr/bin/env bash
# Guessed: TCP_NODELAY is on for accepted connections however a server is started: asyncio turns it on for every one.
# Seen:    Uvicorn 0.54.0 on asyncio's loop has it on with one process, and off with `--workers 2`, `--reload` or
#          `--fd`: it then makes the listening socket itself, and asyncio looks at that socket's protocol number, which
#          is 0. With uvloop 0.23.0 it is off for `--fd` alone. Hypercorn 0.18.0, and Gunicorn 27.0.1 with
#          uvicorn-worker 0.4.0, make their sockets themselves as well, and it is on.
# Follows: headers and body of an answer are written one after the other, and the second may wait until the first is
#          acknowledged: what a sign-in or a refresh takes differs between one worker and two. Install uvloop where
#          there is more than one worker, and measure with as many as there will be.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check uvicorn==0.54.0 uvloop==0.23.0 hypercorn==0.18.0 \
    gunicorn==27.0.1 uvicorn-worker==0.4.0

cat >answer.py <<'PY'
import os
import socket


def nodelay(client):
    """Return TCP_NODELAY of the connection whose other end has this address, found among the open files."""
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            with socket.socket(fileno=os.dup(number)) as connection:
                if connection.getpeername() == tuple(client):
                    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        except OSError:  # no socket, or the one that listens
            continue
    raise LookupError(client)


async def app(scope, receive, send):
    if scope["type"] == "http":
        body = str(nodelay(scope["client"])).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})
PY

cat >serve.py <<'PY'
import socket
import subprocess
import time
import urllib.request

COMMANDS = {
    "uvicorn answer:app --loop asyncio --port {port}": True,
    "uvicorn answer:app --loop asyncio --workers 2 --port {port}": False,
    "uvicorn answer:app --loop asyncio --reload --port {port}": False,
    "uvicorn answer:app --loop asyncio --fd {fd}": False,
    "uvicorn answer:app --loop uvloop --workers 2 --port {port}": True,
    "uvicorn answer:app --loop uvloop --fd {fd}": False,
    "hypercorn answer:app --workers 2 --bind 127.0.0.1:{port}": True,
    "gunicorn answer:app --workers 2 --worker-class uvicorn_worker.UvicornH11Worker --bind 127.0.0.1:{port}": True,
}
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

for command, expected in COMMANDS.items():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    if "{fd}" not in command:
        listener.close()
    words = command.format(port=port, fd=listener.fileno()).split()
    fds = [listener.fileno()] if "{fd}" in command else []
    server = subprocess.Popen(["python/bin/" + words[0], *words[1:]], pass_fds=fds, **QUIET)
    listener.close()
    try:
        while True:
            assert server.poll() is None, f"ended: {command}"
            try:
                seen = urllib.request.urlopen(f"http://127.0.0.1:{port}/").read() == b"True"
                break
            except OSError:  # it does not listen yet
                time.sleep(0.1)
        print(f"{'on ' if seen else 'off'} {command}")
        assert seen is expected, "that has changed"
    finally:
        server.terminate()
        server.wait()
PY
python/bin/python serve.py
