"""``authweave tenant``: what the commands do to tenants, what they print, and how they end."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from typer.testing import CliRunner, Result

from authweave.cli._main import commands
from authweave.cli._user_app import NOT_FOUND
from authweave.types import JSON

SECRET = "the client's secret"
PROVIDER: dict[str, JSON] = {
    "thirdPartyId": "corp",
    "clients": [{"clientId": "id", "clientSecret": SECRET}],
    "authorizationEndpoint": "https://provider.invalid/a",
    "tokenEndpoint": "https://provider.invalid/t",
    "userInfoEndpoint": "https://provider.invalid/u",
}
APPLICATION = """
    from authweave import InputAppInfo, init
    from authweave.recipe import emailpassword, multitenancy, session, thirdparty

    auth = init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), thirdparty.init(), multitenancy.init(), session.init()],
        storage={url!r},
        secret="0123456789abcdef0123456789abcdef",
        default=False,
    )
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make a database with the tables of all recipes once; return its file's content."""
    file = tmp_path_factory.mktemp("empty") / "auth.db"
    assert CliRunner().invoke(commands, ["db", "upgrade", f"sqlite:///{file}"]).exit_code == 0
    return file.read_bytes()


@pytest.fixture
def url(tmp_path: Path, empty: bytes) -> str:
    """Return the URL of a new database in a file."""
    file = tmp_path / "auth.db"
    file.write_bytes(empty)
    return f"sqlite:///{file}"


def run(url: str, *arguments: str, stdin: str = "") -> Result:
    """Run a command on a database, whose standard input is no terminal."""
    return CliRunner().invoke(commands, ["tenant", *arguments, "--storage", url], input=stdin)


def shown(result: Result) -> list[JSON]:
    """Return what a command with ``--json`` printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def values(
    tenant_id: str, first: list[JSON] | None = None, required: list[JSON] | None = None, *providers: JSON
) -> dict[str, JSON]:
    """Return a tenant as ``--json`` prints it."""
    return {
        "id": tenant_id,
        "first_factors": first,
        "required_secondary_factors": required,
        "providers": list(providers),
    }


def test_tenants(url: str) -> None:
    """Are made, changed, listed, shown and deleted; what is not said stays as it is."""
    assert shown(run(url, "create", "Acme", "--first-factors", "emailpassword, thirdparty", "--json")) == [
        values("acme", ["emailpassword", "thirdparty"])
    ]
    changes = ("create", "ACME", "--required-secondary-factors", "totp", "--json")
    assert shown(run(url, *changes)) == [values("acme", ["emailpassword", "thirdparty"], ["totp"])]
    lists: dict[str, list[JSON] | None] = {"none": [], "any": None}
    for written, first in lists.items():
        changed = shown(run(url, "create", "acme", "--first-factors", written, "--json"))
        assert changed == [values("acme", first, ["totp"])]
    assert run(url, "create", "public", "--first-factors", "none").exit_code == 0
    assert shown(run(url, "list", "--json")) == [values("acme", None, ["totp"]), values("public", [])]
    assert shown(run(url, "show", "ACME", "--json")) == [values("acme", None, ["totp"])]
    listed = run(url, "list").stdout.splitlines()
    assert [line.split()[:2] for line in listed] == [["ID", "FIRST"], ["acme", "any"], ["public", "none"]]
    asked = run(url, "delete", "acme")
    assert (asked.exit_code, "say --yes to delete acme (0 users)" in asked.stderr) == (1, True)
    assert run(url, "delete", "Acme", "--yes").stdout == "Deleted acme.\n"
    assert shown(run(url, "list", "--json")) == [values("public", [])]


def test_a_misspelt_factor(url: str) -> None:
    """Is kept, for it may be a factor of the application's own, and warned of; known ones are not."""
    made = run(url, "create", "acme", "--first-factors", "emailpassword,thirdpary", "--json")
    assert shown(made) == [values("acme", ["emailpassword", "thirdpary"])]
    assert made.stderr.startswith("Warning: thirdpary: nobody signs in so")
    for written in ("emailpassword,otp-email", "none", "any"):
        assert not run(url, "create", "acme", "--first-factors", written).stderr
    assert not run(url, "create", "acme").stderr


def test_what_there_is_not(url: str) -> None:
    """Ends with a status of its own, and a wrong id with a sentence that says what is wrong."""
    for arguments in (("show", "acme"), ("delete", "acme", "--yes"), ("provider", "acme")):
        missing = run(url, *arguments)
        assert (missing.exit_code, missing.stderr) == (NOT_FOUND, "Error: There is no tenant acme.\n")
    missing = run(url, "provider", "public", "--delete", "corp")
    assert (missing.exit_code, "no provider corp of its own" in missing.stderr) == (NOT_FOUND, True)
    for tenant_id, said in (("a_b", "letters"), ("signin", "'signin'"), ("Users", "'users'"), ("x" * 101, "100")):
        refused = run(url, "create", tenant_id)
        assert (refused.exit_code, said in refused.stderr) == (1, True), refused.stderr
    refused = run(url, "delete", "public", "--yes")
    assert (refused.exit_code, "public" in refused.stderr) == (1, True)
    assert shown(run(url, "list", "--json")) == [values("public")]


@pytest.fixture
def application(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write an application with a secret of its own; return where it is."""
    (tmp_path / "tenant_app.py").write_text(dedent(APPLICATION.format(url=url)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "tenant_app", raising=False)
    return "tenant_app:auth"


def test_providers(url: str, tmp_path: Path, application: str) -> None:
    """Are kept from a file or standard input, with the application's secret; nothing of them is printed but ids."""
    assert run(url, "create", "acme").exit_code == 0
    file = tmp_path / "corp.json"
    file.write_text(json.dumps(PROVIDER), encoding="utf-8")
    alone = run(url, "provider", "acme", "--set", str(file))
    assert (alone.exit_code, "say --app" in alone.stderr) == (1, True)
    in_app = ("provider", "acme", "--app", application)
    kept = run(url, *in_app, "--set", str(file), "--json")
    assert shown(kept) == [values("acme", None, None, "corp")]
    other = json.dumps({**PROVIDER, "thirdPartyId": "other"})
    sys.modules.pop("tenant_app", None)
    assert shown(run(url, *in_app, "--set", "-", "--json", stdin=other)) == [
        values("acme", None, None, "corp", "other")
    ]
    table = run(url, "show", "acme")
    assert "corp, other" in table.stdout
    assert SECRET not in kept.output + table.output
    assert shown(run(url, "provider", "acme", "--delete", "corp", "--json")) == [values("acme", None, None, "other")]
    sys.modules.pop("tenant_app", None)
    assert shown(run(url, *in_app, "--delete", "other", "--json")) == [values("acme")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "holds no JSON"),
        (b"[]", "holds no JSON object"),
        (b"\xff", "cannot be read"),
        (json.dumps({"clients": [{"clientId": SECRET}]}).encode(), "thirdPartyId"),
        (json.dumps({**PROVIDER, "clients": SECRET}).encode(), "clients"),
    ],
)
def test_a_file_that_says_nothing(url: str, tmp_path: Path, application: str, content: bytes, said: str) -> None:
    """Is refused, and nothing of it is in the message."""
    file = tmp_path / "corp.json"
    file.write_bytes(content)
    refused = run(url, "provider", "public", "--set", str(file), "--app", application)
    assert (refused.exit_code, said in refused.stderr) == (1, True), refused.stderr
    assert SECRET not in refused.output
