"""The demo: an application with three overrides, a page, and a check of itself. Needs the ``demo`` extra."""

from ._app import demo_app
from ._check import Step, checked_steps
from ._offer import Offer, offered_provider
from ._provider import LocalClient, NoLocalProviderError, local_provider
from ._server import PREFERRED_PORT, listen, origin_of, running, server_of
from ._web import web_app

__all__ = [
    "PREFERRED_PORT",
    "LocalClient",
    "NoLocalProviderError",
    "Offer",
    "Step",
    "checked_steps",
    "demo_app",
    "listen",
    "local_provider",
    "offered_provider",
    "origin_of",
    "running",
    "server_of",
    "web_app",
]
