"""What a frontend and a browser do when a user signs in at a provider of the table."""

from __future__ import annotations

import base64
import json
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import attrs
import httpx2

from authweave.types import JSON

from .imitation import DECISION
from .row import Row

WEBSITE: Final = "http://localhost:3000"
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


@attrs.frozen
class Browser:
    """
    A browser.

    Attributes:
        client: asks the application, and goes to providers.
    """

    client: httpx2.Client

    def ask(self, row: Row, client_type: str = "right") -> httpx2.Response:
        """Ask the application where to go."""
        query = {"redirectURIOnProviderDashboard": redirect_uri(row), "clientType": client_type}
        return self.client.get("/auth/authorisationurl", params={"thirdPartyId": row.id, **query})

    def begin(self, row: Row, client_type: str = "right") -> tuple[str, dict[str, JSON]]:
        """Ask the application where to go; return that, and what the frontend keeps."""
        answer = self.ask(row, client_type).json()
        assert answer["status"] == "OK", answer
        kept: dict[str, JSON] = {
            "redirectURIOnProviderDashboard": redirect_uri(row),
            "pkceCodeVerifier": answer["pkceCodeVerifier"],
        }
        return answer["urlWithQueryParams"], kept

    def go(self, url: str, decision: str = "agrees") -> dict[str, JSON]:
        """Go to a provider with the frontend's state; return with which query the user is sent back."""
        target = f"{WEBSITE}/auth/callback/apple"
        state = base64.b64encode(json.dumps({"state": "s", "frontendRedirectURI": target}).encode()).decode()
        answer = self.client.get(httpx2.URL(url).copy_merge_params({"state": state}), headers={DECISION: decision})
        if answer.status_code == 200:  # a form that posts itself, to the application's own page for that
            answer = self.client.post("/auth/callback/apple", content=answer.content, headers=FORM)
        assert answer.status_code in {302, 303}, answer.text
        returned: dict[str, JSON] = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
        assert returned["state"] == state
        return returned

    def come_back(
        self, row: Row, kept: dict[str, JSON], returned: dict[str, JSON], client_type: str = "right"
    ) -> httpx2.Response:
        """Tell the application what the user came back with."""
        info: dict[str, JSON] = {**kept, "redirectURIQueryParams": returned}
        content: JSON = {"thirdPartyId": row.id, "clientType": client_type, "redirectURIInfo": info}
        return self.client.post("/auth/signinup", json=content, headers={"st-auth-mode": "header"})

    def sign_in(self, row: Row, client_type: str = "right", decision: str = "agrees") -> httpx2.Response:
        """Sign in, from beginning to end."""
        url, kept = self.begin(row, client_type)
        return self.come_back(row, kept, self.go(url, decision), client_type)

    def send_tokens(self, row: Row, tokens: dict[str, JSON]) -> httpx2.Response:
        """Send what a phone got from the provider."""
        content: JSON = {"thirdPartyId": row.id, "clientType": "right", "oAuthTokens": tokens}
        return self.client.post("/auth/signinup", json=content, headers={"st-auth-mode": "header"})


def redirect_uri(row: Row) -> str:
    """Return where a provider sends users back to."""
    return f"{WEBSITE}/auth/callback/{row.id}"
