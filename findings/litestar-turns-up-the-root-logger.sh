#!/usr/bin/env bash
# Guessed: making an application object leaves the logging of the process alone until a server runs it; at most it adds
#          a logger of the framework's own.
# Seen:    Litestar 2.25.0 sets the root logger to INFO and gives it a handler in Litestar(), debug or not. httpx 0.28.1
#          then writes the URL of every request with its query, which in a process of FastAPI 0.121.0, Flask 3.1.2 or
#          Quart 0.20.0 it does not. Litestar(logging_config=None) changes nothing.
# Follows: a query that holds a token (Google's tokeninfo?id_token=, a signed link) is in the log of a Litestar
#          application, and so is the INFO of each library; hand over logging_config, or set the level of "httpx".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check litestar==2.25.0 fastapi==0.121.0 flask==3.1.2 quart==0.20.0 \
    httpx==0.28.1

cat >told.py <<'PY'
import http.server
import logging
import sys
import threading

import httpx


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def make(name):
    if name == "litestar":
        from litestar import Litestar

        Litestar([])
    elif name == "litestar-without":
        from litestar import Litestar

        Litestar([], logging_config=None)
    elif name == "fastapi":
        from fastapi import FastAPI

        FastAPI()
    elif name == "flask":
        from flask import Flask

        Flask("told")
    else:
        from quart import Quart

        Quart("told")


make(sys.argv[1])
print(logging.getLevelName(logging.getLogger().level))
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
httpx.get(f"http://127.0.0.1:{server.server_port}/tokeninfo?id_token=a-token", trust_env=False)
PY

for name in fastapi flask quart litestar-without litestar; do
    python/bin/python told.py "$name" >"$name.txt" 2>&1
    printf '%s: %s, lines of the log with the token: %s\n' "$name" "$(head -n 1 "$name.txt")" \
        "$(grep --count 'id_token=a-token' "$name.txt" || true)"
done | tee seen.txt
diff seen.txt - <<'SEEN'
fastapi: WARNING, lines of the log with the token: 0
flask: WARNING, lines of the log with the token: 0
quart: WARNING, lines of the log with the token: 0
litestar-without: WARNING, lines of the log with the token: 0
litestar: INFO, lines of the log with the token: 1
SEEN
