"""The Django project of the how-to on servers, and a project of ``startproject`` that becomes it, with the admin."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

import httpx2
import pytest

import authweave
from tests.patience import PATIENCE_S

EXAMPLE = Path(__file__).parents[3] / "examples" / "django_app"
SOURCES = Path(authweave.__file__).parents[1]
SERVERS = {
    "gunicorn": ["gunicorn", "--workers=4", "--bind=fd://{fd}", "django.core.wsgi:get_wsgi_application()"],
    "uvicorn": [
        "uvicorn",
        "--workers=4",
        "--no-access-log",
        "--fd={fd}",
        "--factory",
        "django.core.asgi:get_asgi_application",
    ],
}

pytestmark = [pytest.mark.processes, pytest.mark.sockets, pytest.mark.slow]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the project."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "django_app"))


@contextmanager
def running(command: Sequence[str], project: Path, descriptor: int | None = None) -> Generator[IO[str]]:
    """Run a server in the project for a block, which gets what it prints; it has to end without a fault when told."""
    server = subprocess.Popen(  # noqa: S603  of this test alone
        [sys.executable, "-W", "ignore", "-u", *command],
        cwd=project,
        env={**os.environ, "PYTHONPATH": f"{SOURCES}:{project}", "DJANGO_SETTINGS_MODULE": "shop.settings"},
        pass_fds=() if descriptor is None else (descriptor,),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield server.stdout
    finally:
        server.send_signal(signal.SIGINT)
        _, log = server.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in log, log


def sign_up_and_shop(address: str, number: int) -> str:
    """Sign somebody up, use the session in every process that answers, sign out; return who it was."""
    with httpx2.Client(base_url=address, timeout=PATIENCE_S, headers={"st-auth-mode": "header"}) as client:
        signed_up = client.post("/auth/signup", json=form(f"user{number}@example.com"))
        user: str = signed_up.json()["user"]["id"]
        bearer = {"authorization": f"Bearer {signed_up.headers['st-access-token']}", "connection": "close"}
        for _ in range(12):
            assert client.get("/orders", headers=bearer).json() == {"user": user}
        changed = client.get("/colour", headers=bearer)
        assert (changed.status_code, "st-access-token" in changed.headers) == (200, True)
        assert client.post("/auth/signout", headers=bearer).json() == {"status": "OK"}
        return user


@pytest.mark.parametrize("server", SERVERS)
def test_four_processes(server: str, project: Path) -> None:
    """Sessions of many clients at the same time are each their own, in whichever process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = ["-m", *(each.format(fd=listener.fileno()) for each in SERVERS[server])]
        with running(command, project, listener.fileno()), ThreadPoolExecutor(8) as threads:
            users = list(threads.map(partial(sign_up_and_shop, address), range(16)))
        assert len(set(users)) == 16


def test_runserver(project: Path) -> None:
    """Django's own server for development serves it, with its threads and with its checks."""
    with running(["manage.py", "runserver", "--noreload", "0"], project) as printed:
        address = address_in(printed)
        with ThreadPoolExecutor(4) as threads:
            users = list(threads.map(partial(sign_up_and_shop, address), range(4)))
    assert len(set(users)) == 4


URLS = """
from django.contrib import admin
from django.urls import include

urlpatterns += [
    path("admin/", admin.site.urls),
    path("rest/", include("shop.orders_rest")),
    path("ninja/", include("shop.orders_ninja")),
]
"""


def test_a_new_project(tmp_path: Path) -> None:
    """What the how-to adds to a project that Django made works beside the admin, as its commands for the shell show."""
    manage(tmp_path, "-m", "django", "startproject", "shop", ".")
    for name in ("auth.py", "urls.py", "orders_rest.py", "orders_ninja.py"):
        shutil.copy(EXAMPLE / "shop" / name, tmp_path / "shop" / name)
    with (tmp_path / "shop" / "urls.py").open("a") as urls, (tmp_path / "shop" / "settings.py").open("a") as settings:
        urls.write(URLS)
        settings.write((EXAMPLE / "added_settings.txt").read_text() + "INSTALLED_APPS += ['rest_framework']\n")
    manage(tmp_path, "manage.py", "check", "--fail-level", "WARNING")
    manage(tmp_path, "manage.py", "migrate")
    manage(tmp_path, "manage.py", "createsuperuser", "--noinput", "--username", "root", "--email", "root@example.com")
    with running(["manage.py", "runserver", "--noreload", "0"], tmp_path) as printed:
        address = address_in(printed)
        assert_tried_as_the_page_says(address, tmp_path)
        ask_api_frameworks(address)
        enter_the_admin(address)
    assert "ada@example.com" in manage(tmp_path, "manage.py", "authweave", "user", "list")


def assert_tried_as_the_page_says(address: str, folder: Path) -> None:
    """Run what the page says for the shell."""
    command = ["sh", "-e", str(EXAMPLE / "try.sh"), address]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603  ours
    assert told.count('"status":"OK"') == 2, told
    assert '{"user": "' in told
    assert told.endswith('{"message":"unauthorised"}'), told


def ask_api_frameworks(address: str) -> None:
    """Ask the views of REST framework and Ninja, also by a method that Django's CSRF middleware would refuse."""
    with httpx2.Client(base_url=address, timeout=PATIENCE_S, headers={"st-auth-mode": "header"}) as client:
        signed_up = client.post("/auth/signup", json=form("eve@example.com"))
        bearer = {"authorization": f"Bearer {signed_up.headers['st-access-token']}"}
        for path in ("/rest/orders", "/ninja/orders"):
            assert client.get(path).status_code == 401
            assert client.get(path, headers=bearer).json() == {"user": signed_up.json()["user"]["id"]}
            assert client.post(path, headers=bearer).status_code == 405


def enter_the_admin(address: str) -> None:
    """Sign in there as Django's user, with a session of the library's beside it; that one alone is sent away."""
    with httpx2.Client(base_url=address, timeout=PATIENCE_S, headers={"st-auth-mode": "cookie"}) as client:
        user = client.post("/auth/signup", json=form("bob@example.com")).json()["user"]["id"]
        assert client.get("/admin/").status_code == 302
        client.get("/admin/login/")
        entries = {"username": "root", "password": "a password 1", "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        assert client.post("/admin/login/?next=/admin/", data=entries).status_code == 302
        assert "Site administration" in client.get("/admin/").text
        assert client.get("/orders").json() == {"user": user}


def form(email: str) -> dict[str, list[dict[str, str]]]:
    """Fill in the form of a sign-up."""
    return {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": "valid-pass-1"}]}


def address_in(printed: IO[str]) -> str:
    """Return the address that ``runserver`` prints once it listens."""
    return next(found[0] for line in printed if (found := re.search(r"http://127.0.0.1:[1-9]\d*", line)))


def manage(folder: Path, *arguments: str) -> str:
    """Run Python in a project, which has to succeed; return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "DJANGO_SUPERUSER_PASSWORD": "a password 1"}
    command = [sys.executable, *arguments]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
