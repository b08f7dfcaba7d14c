"""The certified OpenID provider of ``tests/node``, and a person who uses its pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

NODE: Final = Path(__file__).parents[1] / "node"
ACTION: Final = re.compile(r'<form[^>]* action="([^"]+)"')
STEPS: Final = 10


@contextmanager
def certified_provider(*redirect_uris: str) -> Generator[str]:
    """Run the provider for a block, for clients ``web`` and ``ios``; yields its issuer."""
    node = shutil.which("node")
    assert node is not None
    assert (NODE / "node_modules" / "oidc-provider").is_dir(), "run: npm ci --prefix tests/node"
    command = [node, "openid_provider.mjs", *redirect_uris]
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, cwd=NODE, stdin=pipe, stdout=pipe, stderr=quiet, text=True) as process:  # noqa: S603  our own
        assert process.stdout is not None
        try:
            issuer = process.stdout.readline().strip()
            assert issuer.startswith("http://127.0.0.1:"), "the provider did not start: see what Node says"
            yield issuer
        finally:
            process.terminate()


def agreed(url: str, name: str, redirect_uri: str) -> dict[str, str]:
    """
    Sign in and consent on the provider's pages, as a browser does.

    Returns:
        The query parameters with which the provider sends the browser back.
    """
    with httpx.Client() as browser:
        answer = browser.get(url)
        for _ in range(STEPS):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["location"])
                if target.startswith(redirect_uri):
                    return dict(parse_qsl(urlsplit(target).query))
                answer = browser.get(target)
                continue
            action = ACTION.search(answer.text)
            assert action is not None, f"{answer.status_code} {answer.text[:500]}"
            prompt = "login" if 'name="login"' in answer.text else "consent"
            form = {"prompt": prompt, "login": name, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), action.group(1)), data=form)
    raise AssertionError(f"the provider did not come to an end in {STEPS} steps")
