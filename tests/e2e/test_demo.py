from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import httpx2

from tests.e2e.demo_process import started_demo
from tests.patience import PATIENCE_S

FORM = {
    "formFields": [
        {"id": "email", "value": "ada@example.com"},
        {"id": "password", "value": "analytical1"},
    ]
}


def send_form(origin: str, path: str) -> httpx2.Response:
    """Sign up or in, with tokens in headers."""
    return httpx2.post(
        f"{origin}/auth{path}", json=FORM, headers={"st-auth-mode": "header"}, trust_env=False, timeout=PATIENCE_S
    )


def test_ctrl_c_ends_it_and_the_next_start_knows_the_users(tmp_path: Path) -> None:
    """Ctrl-C ends the demo with status 0 and no traceback; started again with the same data, a user can sign in."""
    data = tmp_path / "kept.db"
    with started_demo(data, "--port=0") as demo:
        assert str(data) in demo.greeting
        assert send_form(demo.origin, "/signup").json()["status"] == "OK"
        status, out, err = demo.interrupt()
    assert (status, err) == (0, "")
    assert f"Its data stays in {data}" in out
    with started_demo(data, "--port=0") as demo:
        signed_in = send_form(demo.origin, "/signin")
    assert signed_in.json()["status"] == "OK"
    assert signed_in.headers["st-access-token"]


def test_ctrl_c_does_not_wait_for_an_open_connection(tmp_path: Path) -> None:
    """A browser that keeps its connection open does not keep the demo from ending in good order."""
    with (
        started_demo(tmp_path / "demo.db", "--port=0") as demo,
        httpx2.Client(trust_env=False, timeout=PATIENCE_S) as client,
    ):
        assert client.get(demo.origin).status_code == 200
        status, _, err = demo.interrupt()
    assert (status, err) == (0, "")


def test_takes_a_free_port_where_the_default_is_taken(tmp_path: Path) -> None:
    """Where port 3567 is taken, the demo says so and serves on another one."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # somebody else has it: as good
            stack.enter_context(socket.create_server(("127.0.0.1", 3567)))
        demo = stack.enter_context(started_demo(tmp_path / "demo.db"))
        assert "Port 3567 is taken" in demo.greeting
        assert not demo.origin.endswith(":3567")
        assert httpx2.get(demo.origin, trust_env=False, timeout=PATIENCE_S).status_code == 200
