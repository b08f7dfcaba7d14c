"""The demo's local provider, which is a certified one, and a person who uses its pages."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2

from authweave.cli.demo import LocalClient, run_local_provider
from tests.patience import PATIENCE_S

NODE: Final = Path(__file__).parents[1] / "node"
ACTION: Final = re.compile(r'<form[^>]* action="([^"]+)"')
STEPS: Final = 10


@contextmanager
def certified_provider(*redirect_uris: str, port: int = 0) -> Generator[str]:
    """Run the provider for a block, for clients ``web`` and ``ios``; yields its issuer. Each start has other keys."""
    clients = [LocalClient(name, f"{name}-secret", redirect_uris) for name in ("web", "ios")]
    with run_local_provider(NODE, clients, port=port) as issuer:
        yield issuer


def agreed(url: str, name: str, redirect_uri: str) -> dict[str, str]:
    """
    Sign in and consent on the provider's pages, as a browser does.

    Returns:
        The query parameters with which the provider sends the browser back.
    """
    with httpx2.Client(timeout=PATIENCE_S) as browser:
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
