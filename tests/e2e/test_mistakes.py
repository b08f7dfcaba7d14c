"""What the server says of mistakes in overrides: variants of the programs, run over real HTTP."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.e2e.programs import SEEDS, Program, Running, running
from tests.integration.http.serving import HEADERS, form
from tests.patience import PATIENCE_S


def variant(of: str, line: str, instead: str, folder: Path) -> Program:
    """Write a program with one line changed."""
    source = (SEEDS / f"{of}.py").read_text("utf-8")
    assert source.count(line) == 1
    (folder / f"{of}_variant.py").write_text(source.replace(line, instead), "utf-8")
    return Program(of, f"{of}_variant:app", folder)


def post(served: Running, path: str) -> httpx2.Response:
    """Send the form, on a connection of its own: after a 500 the server hangs up."""
    return httpx2.post(served.url + path, json=form(), headers=HEADERS, timeout=PATIENCE_S)


@pytest.mark.parametrize("of", ["older", "current"])
def test_original_line_of_the_documents(tmp_path: Path, of: str) -> None:
    """Read by index, as both documents have it, the key is missing on every sign-in: a KeyError, and no session."""
    program = variant(of, 'user_context.get("isSignUp") is True', 'user_context["isSignUp"] is True', tmp_path)
    with running(program, tmp_path) as served:
        assert post(served, "/auth/signup").json()["status"] == "OK"
        for _ in range(2):
            signed_in = post(served, "/auth/signin")
            assert signed_in.status_code == 500
            assert "st-access-token" not in signed_in.headers
    log = served.log.read_text("utf-8")
    assert log.count("KeyError: 'isSignUp'") == 2
    assert f"{of}_variant.py" in log


def test_none_for_a_session(tmp_path: Path) -> None:
    """An override that returns None for a session is told of EmptySession, and the client is given nothing."""
    program = variant("node", "return session.EmptySession()", "return None", tmp_path)
    with running(program, tmp_path) as served:
        signed_up = post(served, "/auth/signup")
        assert signed_up.status_code == 500
        assert "st-access-token" not in signed_up.headers
        assert post(served, "/auth/signin").json()["status"] == "OK"
    log = served.log.read_text("utf-8")
    assert "create_new_session returned NoneType" in log
    assert "authweave.recipe.session.EmptySession()" in log


def test_misfitting_overrides(tmp_path: Path) -> None:
    """A program with two overrides that do not fit does not start, and one error names both faults, file and line."""
    source = (SEEDS / "current.py").read_text("utf-8")
    for line, instead in (
        (
            "        form_fields: List[FormField],\n        tenant_id",
            "        form_feilds: List[FormField],\n        tenant_id",
        ),
        ("original_implementation.create_new_session = ", "original_implementation.create_new_sesion = "),
    ):
        assert source.count(line) == 1
        source = source.replace(line, instead)
    (tmp_path / "misfitting.py").write_text(source, "utf-8")
    with running(Program("misfitting", "misfitting:app", tmp_path), tmp_path) as served:
        served.wait()
    log = served.log.read_text("utf-8")
    assert "CompositionError" in log
    assert "form_feilds" in log
    assert "create_new_sesion" in log
    assert log.count("misfitting.py:") >= 2
