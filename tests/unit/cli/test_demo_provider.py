"""The provider that the demo offers, where Node and oidc-provider are there."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx2
import pytest
import uvicorn
from typer.testing import CliRunner, Result

from authweave.cli._main import commands
from authweave.cli.demo import LocalClient, NoLocalProviderError, offer_provider, run_local_provider
from tests.patience import PATIENCE_S

NODE = Path(__file__).parents[2] / "node"


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo end as soon as it serves."""

    def pressed_ctrl_c(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", pressed_ctrl_c)


def demo(data: Path, *arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(commands, ["demo", "--port=0", f"--data={data}", *arguments])


@pytest.mark.usefixtures("_at_once")
def test_without_node_the_demo_runs_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python is all that the demo needs; that it offers no provider is told, with the reason."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    result = demo(tmp_path / "demo.db")
    assert result.exit_code == 0, result.output
    assert "No provider is offered. Node is not on the PATH." in result.stdout


def test_a_provider_that_was_asked_for_has_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a folder is named and there is no provider, that is an error, not a demo without one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    result = demo(tmp_path / "demo.db", f"--provider={NODE}")
    assert result.exit_code == 1
    assert "Node is not on the PATH." in result.stderr
    assert not (tmp_path / "demo.db").exists()


@pytest.mark.node
def test_without_the_package_the_reason_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Node is there and the package is not, the reason names the command and the option."""
    monkeypatch.chdir(tmp_path)
    with offer_provider("http://127.0.0.1:3567", None) as offer:
        assert offer.providers == ()
        assert offer.why_not == offer.message
        assert f"oidc-provider is not installed in {tmp_path}: run npm install oidc-provider there" in offer.why_not
        assert "--provider FOLDER" in offer.why_not


@pytest.mark.node
def test_the_working_directory_may_have_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that has the package, the demo offers the provider without being asked."""
    monkeypatch.chdir(NODE)
    with offer_provider("http://127.0.0.1:65535", None) as offer:
        (provider,) = offer.providers
        assert provider.oidc_discovery_endpoint is not None
        assert provider.oidc_discovery_endpoint in offer.message
        assert offer.why_not == ""
        assert provider.clients[0].client_secret
        assert provider.clients[0].client_secret not in repr(offer)


@pytest.mark.node
def test_a_package_that_does_not_run(tmp_path: Path) -> None:
    """A package that cannot be loaded is told in a line."""
    (tmp_path / "node_modules" / "oidc-provider").mkdir(parents=True)
    with (
        pytest.raises(NoLocalProviderError, match=r"Node could not run oidc-provider: Cannot find module [^\n]*$"),
        run_local_provider(tmp_path, []),
    ):
        pass


@pytest.mark.node
def test_the_port_and_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider takes the port that it is given, or another where that is taken, and is gone after its block."""
    monkeypatch.setattr("authweave.cli.demo._provider.START_S", PATIENCE_S)
    client = LocalClient("web", "web-secret", ["http://127.0.0.1:3567/callback"])
    assert "web-secret" not in repr(client)
    with run_local_provider(NODE, [client]) as issuer:
        port = int(issuer.rpartition(":")[2])
        with run_local_provider(NODE, [client], port=port) as other:
            assert other != issuer
            assert httpx2.get(f"{other}/jwks", trust_env=False, timeout=PATIENCE_S).status_code == 200
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(f"{other}/jwks", trust_env=False, timeout=PATIENCE_S)
    with run_local_provider(NODE, [client], port=port) as again:
        assert again == issuer
