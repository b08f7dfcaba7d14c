"""People who sign in at the providers of ``_third_party_servers.py``, as their browsers and a frontend do."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

from _serving import Connection
from _third_party_servers import PROVIDER_IDS, code_for

REDIRECT_URI = "http://127.0.0.1:3000/auth/callback"


def nonce_of(url: str) -> str:
    """Return the nonce in the URL to which somebody is sent."""
    return dict(parse_qsl(urlsplit(url).query))["nonce"]


async def begun(
    connection: Connection, user: str, *, provider_id: str = PROVIDER_IDS[0], address: bool = True
) -> bytes:
    """Begin to sign in; return what the frontend sends once the provider has sent the browser back."""
    query = urlencode({"thirdPartyId": provider_id, "redirectURIOnProviderDashboard": REDIRECT_URI})
    _, answer = await connection.answer("GET", f"/auth/authorisationurl?{query}")
    redirect = json.loads(answer)
    code = code_for(nonce_of(redirect["urlWithQueryParams"]), user, address=address)
    info = {
        "redirectURIOnProviderDashboard": REDIRECT_URI,
        "redirectURIQueryParams": {"code": code, "state": "s"},
        "pkceCodeVerifier": redirect["pkceCodeVerifier"],
    }
    return json.dumps({"thirdPartyId": provider_id, "redirectURIInfo": info}).encode()


async def finish(connection: Connection, body: bytes) -> None:
    """End a sign-in."""
    status, answer = await connection.answer("POST", "/auth/signinup", body, headers="st-auth-mode: header\r\n")
    if status != 200 or json.loads(answer)["status"] != "OK":
        message = f"a sign-in was answered with {status}: {answer[:200]!r}"
        raise RuntimeError(message)
