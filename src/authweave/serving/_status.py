"""The page that says what runs (``/status``): without secrets, and yet for those alone who run it."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable
from html import escape
from importlib.metadata import version
from importlib.resources import files
from string import Template
from typing import Final
from urllib.parse import urlsplit

import attrs

from authweave.app import App
from authweave.types import JSONObject, Response
from authweave.types._hosts import is_loopback

from ._config import ServeConfig
from ._requests import Scope
from .api.keys import Keys

PATH: Final = "/status"
FORWARDED: Final = (b"forwarded", b"via", b"x-forwarded", b"x-real-ip")
"""How the names begin of what a proxy adds. One on this machine makes everybody's connection come from it."""

HEADERS: Final = (
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
)


@attrs.frozen
class Status:
    """
    What runs.

    Attributes:
        app: the application that is served.
        config: what it was made of.
        keys: those of the API.
        begun_s: when the process began, by the monotonic clock.
    """

    app: App
    config: ServeConfig = attrs.field(repr=False)
    keys: Keys
    begun_s: float = attrs.field(factory=time.monotonic)

    def admits(self, scope: Scope) -> bool:
        """Return whether a request has a key, or was sent on this machine, to it by its own name, past no proxy."""
        headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        if self.keys.admits([value.decode("latin-1") for name, value in headers if name == b"authorization"]):
            return True
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        client = scope.get("client")
        return (
            self.is_direct
            and client is not None
            and is_loopback(str(client[0]))
            and len(hosts) == 1
            and is_loopback(host_in(f"//{hosts[0]}"))  # a page whose name was rebound has another
            and not any(name.startswith(FORWARDED) for name, _ in headers)
        )

    @property
    def is_direct(self) -> bool:
        """
        Whether a connection of this machine is known to be of somebody here, not of a proxy that serves everybody.

        A proxy need not add a header: nginx does not unless it is told to.
        """
        return self.config.server.trusted_proxies == () or is_loopback(host_in(self.app.app_info.api_domain))

    def as_json(self) -> JSONObject:
        """Return what runs."""
        config = self.config
        return {
            "name": config.app.name,
            "version": version("authweave"),
            "python": platform.python_version(),
            "storage": urlsplit(config.storage.url).scheme.partition("+")[0],
            "workers": config.server.workers,
            "uptimeS": round(time.monotonic() - self.begun_s),
            "recipes": list(self.app.loaded),
            "webhooks": [each.function for each in config.webhooks],
            "routes": [
                f"{each.method.upper()} {self.app.app_info.api_base_path}{each.path}"
                for each in self.app.endpoints.routes.routes
            ],
        }

    def answer(self, *, as_json: bool) -> Response:
        """Return the page, or the same as JSON for a client that asks for that."""
        told = self.as_json()
        if as_json:
            return Response.from_json(told, headers=HEADERS)
        routes = self.app.endpoints.routes.routes
        base = self.app.app_info.api_base_path
        values = {name: escape(str(value)) for name, value in told.items()}
        values["uptime"] = values.pop("uptimeS")
        values["recipes"] = listed(self.app.loaded)
        values["webhooks"] = listed(each.function for each in self.config.webhooks)
        values["routes"] = "\n".join(
            f"<li><code>{escape(f'{each.method.upper()} {base}{each.path}')}</code> {escape(each.summary)}</li>"
            for each in routes
        )
        page = Template(files("authweave.serving").joinpath("status.html").read_text("utf-8"))
        return Response.from_text(page.substitute(values), "text/html", headers=HEADERS)


def listed(names: Iterable[str]) -> str:
    """Return names as text of a page."""
    return escape(", ".join(names)) or "none"


def host_in(url: str) -> str:
    """Return the host of an address; empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
