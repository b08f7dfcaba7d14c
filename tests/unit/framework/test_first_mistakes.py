"""What people write first that does not work: each is told what to write."""

import subprocess
import sys
from collections.abc import Callable
from typing import cast

import pytest
from fastapi import Depends, FastAPI
from starlette.testclient import TestClient

from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe.session.framework import flask, litestar
from authweave.recipe.session.framework.django import asyncio, syncio
from authweave.types import ConfigurationError


def test_a_dependency_without_the_call() -> None:
    """``Depends(verify_session)`` is refused where the route is declared."""
    app = FastAPI()
    with pytest.raises(ConfigurationError) as refused:
        app.get("/me")(lambda session=Depends(verify_session): session)  # noqa: B008  as people write it
    assert str(refused.value) == "Depends(verify_session) lacks the call: write Depends(verify_session())."


@pytest.mark.parametrize(
    "make",
    [
        verify_session,
        litestar.verify_session,
        litestar.session_guard,
        flask.verify_session,
        syncio.verify_session,
        asyncio.verify_session,
    ],
)
def test_an_option_that_there_is_not(make: Callable[..., object]) -> None:
    """It is refused where the route is declared, with the names of those that there are."""
    with pytest.raises(TypeError) as refused:
        make(chek_database=True)
    assert str(refused.value) == (
        "A session cannot be asked for with 'chek_database': the options are anti_csrf_check, app, check_database, "
        "override_global_claim_validators, session_required, user_context."
    )


def test_a_middleware_without_the_call() -> None:
    """``add_middleware(get_middleware)`` is refused where the application starts."""
    app = FastAPI()
    add = cast("Callable[[object], None]", app.add_middleware)  # as a program that is not type-checked
    add(get_middleware)
    with pytest.raises(ConfigurationError) as refused, TestClient(app) as client:
        client.get("/")
    assert str(refused.value) == "get_middleware lacks the call: write app.add_middleware(get_middleware())."


@pytest.mark.parametrize("module", ["authweave.framework.fastapi", "authweave.recipe.session.framework.starlette"])
def test_without_the_extra(module: str) -> None:
    """An adapter whose framework is not installed names the extra, and the command that installs it."""
    program = f"import sys; sys.modules['starlette'] = sys.modules['starlette.requests'] = None; import {module}"
    done = subprocess.run(  # noqa: S603  a program of this test's own
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: authweave's adapter for Starlette and FastAPI needs starlette")
    assert last.endswith("which is not installed: python -m pip install '/path/to/the/clone[fastapi]'")
