"""nginx in front of an application, as a shared cache."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

import pytest

from tests.patience import PATIENCE_S

HOW_TO_GET_ONE: Final = "the tests behind a proxy need nginx on the PATH (Debian package nginx-light)"

# Everything is kept that may be, also answers to POST, and whatever says nothing. nginx knows no `Authorization`.
CONFIGURATION: Final = """
daemon off;
user {user} {group};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=shared:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass {application};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_cache shared;
            proxy_cache_key $request_method$request_uri;
            proxy_cache_methods GET HEAD POST;
            proxy_cache_valid any 1h;
            proxy_ignore_headers {ignored};
            add_header x-cache $upstream_cache_status always;
        }}
    }}
}}
"""


def require_nginx() -> str:
    """Return the program; without it leave the test out, and on CI fail."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(HOW_TO_GET_ONE)
    if found is None:
        pytest.skip(HOW_TO_GET_ONE)
    return found


@contextmanager
def cached(folder: Path, application: str, *, ignored: str = "Set-Cookie") -> Generator[str]:
    """
    Serve an application through a cache, for a block; yields the cache's address.

    Args:
        folder: an empty one, for all that nginx writes.
        application: its address.
        ignored: headers that nginx is not to read. By default it keeps no answer with a cookie.
    """
    program = require_nginx()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # requests wait until nginx is up, which takes the socket over, as when it is upgraded
        port = cast("tuple[str, int]", listener.getsockname())[1]  # IPv4
        user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name  # else root's is nobody
        text = CONFIGURATION.format(
            folder=folder, port=port, application=application, ignored=ignored, user=user, group=group
        )
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        running = subprocess.Popen(  # noqa: S603  ours
            [program, "-p", str(folder), "-c", str(folder / "nginx.conf")],
            pass_fds=[listener.fileno()],
            env={"NGINX": f"{listener.fileno()};"},
            stderr=subprocess.DEVNULL,  # it writes a log
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(PATIENCE_S)
