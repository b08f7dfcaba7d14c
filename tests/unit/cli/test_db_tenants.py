"""``authweave db tenants``, and what tenants may be called."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authweave import InputAppInfo, init
from authweave.cli._main import commands
from authweave.recipe import emailpassword, session, thirdparty
from authweave.serving.api import init as server_api
from authweave.storage import route_segments, tenant_fault
from authweave.storage.sql import open_storage


def run(url: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(commands, ["db", "tenants", url])


def test_tenants_from_before_are_named_and_keep_working(tmp_path: Path) -> None:
    """Each is named with what is wrong; making it once more, as an application may at each start, says it is there."""
    path = tmp_path / "auth.db"
    open_storage(f"sqlite:///{path}").close()
    before = ["a/b", "a_b", "T1", "t1", "signin", "\xc9", ""]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO authweave_tenants VALUES (?)", [(each,) for each in [*before, "fine"]])
    result = run(f"sqlite:///{path}")
    assert result.exit_code == 0, result.output
    assert {line.partition(": a tenant's id ")[0] for line in result.output.splitlines()[:-1]} == set(map(repr, before))
    assert "7 of 9 tenants" in result.output
    with closing(open_storage(f"sqlite:///{path}")) as store:
        assert [store.tenant_exists(each) for each in before] == [True] * len(before)
        assert [store.create_tenant(each) for each in before] == [False] * len(before)
        assert [store.find_tenant(each) for each in before] == before


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///nowhere/auth.db", "mysql://x"])
def test_no_such_database(url: str) -> None:
    """It says so, and makes none."""
    assert run(url).exit_code == 1


def test_no_tenant_is_called_as_a_route_begins() -> None:
    """The first segments of all routes of all recipes are refused, in any case."""
    app = init(
        InputAppInfo("Tenants", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), thirdparty.init(), session.init(), server_api(keys=["k" * 32])],
        storage="sqlite://",
        default=False,
    )
    segments = {route.path.split("/")[1] for route in app.endpoints.routes.routes}
    reserved = route_segments(app.services.storage.parts)
    app.close()
    assert "signinup" in segments
    for segment in segments:
        assert tenant_fault(segment, reserved)
        assert tenant_fault(segment.upper(), reserved)
    assert not tenant_fault("acme", reserved)
