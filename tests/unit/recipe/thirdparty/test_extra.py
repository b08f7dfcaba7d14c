"""What the recipe needs beyond the library's own dependencies: an extra, and loaded only where it is used."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from authweave.recipe import thirdparty
from authweave.types import ConfigurationError

APPLICATION = """
import sys
from contextlib import closing
from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
from authweave.storage.memory import MemoryStorage

INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")

def application(*recipes):
    return init(INFO, [*recipes, session.init()], storage=MemoryStorage(), secret=b"s" * 32)
"""

WITHOUT = """
import sys
sys.modules["httpx2"] = None  # to Python it is not installed
"""

PASSWORDS_ALONE = """
import authweave.framework.fastapi
from authweave.recipe.emailpassword import syncio
with closing(application(emailpassword.init())):
    assert "ada@example.com" in syncio.sign_up("public", "ada@example.com", "a long password").user.emails
"""

A_PROVIDER = """
from authweave.recipe.thirdparty import syncio
github = ProviderInput(ProviderConfig("github", clients=[ProviderClientConfig("id", "secret")]))
entry = thirdparty.init(SignInAndUpFeature([github]))
assert "httpx2" not in sys.modules
with closing(application(entry)):
    assert syncio.get_provider("public", "github").config.client_id == "id"
assert "httpx2" in sys.modules
"""

LOADED = """
print(*sorted({name.partition(".")[0] for name, module in sys.modules.items() if module is not None}))
"""


def loaded_by(*parts: str) -> set[str]:
    """Run a program in a fresh process; return the packages that it loaded."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run(  # noqa: S603  this interpreter, a program written here
        [sys.executable, "-c", "".join([*parts, LOADED])],
        stdout=subprocess.PIPE,
        check=True,
        env=environment,
        text=True,
    )
    return set(run.stdout.split())


def test_without_it_init_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names what is missing, and the command that installs it, from a clone."""
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(ConfigurationError) as caught:
        thirdparty.init()
    message = "thirdparty.init needs httpx2, which is not installed: install the extra that has it, "
    assert str(caught.value) == message + "python -m pip install '/path/to/the/clone[thirdparty]'."


@pytest.mark.processes
def test_an_application_without_providers_does_without_it() -> None:
    """A server with passwords alone runs where the HTTP client is not installed."""
    assert "authweave" in loaded_by(WITHOUT, APPLICATION, PASSWORDS_ALONE)


@pytest.mark.processes
def test_it_is_loaded_when_the_application_is_built() -> None:
    """Neither importing the recipe nor its `init` loads the HTTP client, which brings no command line along."""
    loaded = loaded_by(APPLICATION, A_PROVIDER)
    assert "httpx2" in loaded
    assert loaded.isdisjoint({"click", "httpx", "pygments", "rich", "typer"})
