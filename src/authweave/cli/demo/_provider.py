"""A local OpenID provider for the demo to sign in with: the npm package ``oidc-provider``, in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, cast

import attrs

from authweave import AuthweaveError
from authweave.types import JSON

PACKAGE: Final = "oidc-provider"
PROGRAM: Final = Path(__file__).with_name("openid_provider.mjs")
START_S: Final = 30
END_S: Final = 5


class NoLocalProviderError(AuthweaveError):
    """The local provider cannot be started here."""

    code = "no_local_provider"


@attrs.frozen
class LocalClient:
    """
    A client that the local provider knows.

    Attributes:
        redirect_uris: where the provider may send its users back.
        more: what it is registered with beside; a method of its own for the token endpoint, say.
    """

    client_id: str
    client_secret: str | None = attrs.field(repr=False)
    redirect_uris: Sequence[str]
    more: Mapping[str, JSON] = attrs.field(factory=dict[str, JSON])


@attrs.frozen
class LocalProviders:
    """Providers that share a process."""

    _packages: Path
    _process: subprocess.Popen[str]

    def start(
        self, clients: Sequence[LocalClient], *, port: int = 0, features: Mapping[str, JSON] | None = None
    ) -> str:
        """
        Start one, and return its issuer.

        Args:
            clients: who may send users to it.
            port: where to listen; 0, or one that is taken: any free one.
            features: what the package has switched off, or does otherwise, by default.

        Raises:
            NoLocalProviderError: it does not start. Then none does any more.
        """
        stdin, stdout = cast("tuple[IO[str], IO[str]]", (self._process.stdin, self._process.stdout))  # pipes
        settings = {"port": port, "clients": metadata_of(clients), "features": features or {}}
        with suppress(BrokenPipeError):  # it has ended already
            stdin.write(json.dumps({"packages": str(self._packages.absolute()), **settings}))
        return start_program(stdin, stdout, self._process.kill)


@contextmanager
def run_local_provider(packages: Path, clients: Sequence[LocalClient], *, port: int = 0) -> Generator[str]:
    """
    Run a provider for a block, on loopback; give its issuer.

    It forgets everything when it ends, and takes another signing key at each start.

    Args:
        packages: a folder in which ``npm install oidc-provider`` has been run.
        clients: who may send users to it.
        port: where to listen; 0, or one that is taken: any free one.

    Raises:
        NoLocalProviderError: Node or the package is not there, or the provider does not start.
    """
    with run_local_providers(packages) as providers:
        yield providers.start(clients, port=port)


@contextmanager
def run_local_providers(packages: Path) -> Generator[LocalProviders]:
    """
    Run a process for a block that providers can be started in. Otherwise as `run_local_provider`.

    Raises:
        NoLocalProviderError: Node or the package is not there.
    """
    command, pipe = [find_node(packages), str(PROGRAM)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603  our own
        try:
            yield LocalProviders(packages, process)
        finally:
            end_program(process)


def find_node(packages: Path) -> str:
    """
    Return where Node is.

    Raises:
        NoLocalProviderError: it is nowhere, or the package is not in the folder.
    """
    node = shutil.which("node")
    if node is None:
        raise NoLocalProviderError("Node is not on the PATH.")
    if not (packages / "node_modules" / PACKAGE).is_dir():
        raise NoLocalProviderError(
            f"The npm package {PACKAGE} is not installed in {packages.absolute()}: run npm install {PACKAGE} there, "
            "or name the folder in which it is, --provider FOLDER."
        )
    return node


def metadata_of(clients: Sequence[LocalClient]) -> list[dict[str, object]]:
    """Return clients as OpenID Connect registers them."""
    return [
        {
            "client_id": client.client_id,
            **({} if client.client_secret is None else {"client_secret": client.client_secret}),
            "redirect_uris": client.redirect_uris,
            "token_endpoint_auth_method": "client_secret_post",
            **client.more,
        }
        for client in clients
    ]


def start_program(stdin: IO[str], stdout: IO[str], give_up: Callable[[], None]) -> str:
    """Send the program its input, and return the issuer that it answers with."""
    too_long = threading.Timer(START_S, give_up)
    too_long.start()
    try:
        with suppress(BrokenPipeError):  # it has ended already
            print(file=stdin, flush=True)
        answer = cast("dict[str, str]", json.loads(stdout.readline() or "{}"))  # the program's own
    finally:
        too_long.cancel()
    if "issuer" not in answer:
        raise NoLocalProviderError(f"Node could not run {PACKAGE}: {answer.get('fault', 'it ended without a word')}.")
    return answer["issuer"]


def end_program(process: subprocess.Popen[str]) -> None:
    """End the program. It ends by itself when its input does, also where nobody comes to this."""
    with suppress(BrokenPipeError):
        cast("IO[str]", process.stdin).close()  # a pipe
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
