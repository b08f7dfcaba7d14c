"""The demo: an application with three overrides, a page, and a check of itself. Needs the ``demo`` extra."""

from ._app import demo_app
from ._check import Step, check_steps
from ._offer import Offer, offer_provider
from ._provider import LocalClient, NoLocalProviderError, run_local_provider, run_local_providers
from ._server import PREFERRED_PORT, listen, make_server, origin_of, serve_in_thread
from ._web import web_app

__all__ = [
    "PREFERRED_PORT",
    "LocalClient",
    "NoLocalProviderError",
    "Offer",
    "Step",
    "check_steps",
    "demo_app",
    "listen",
    "make_server",
    "offer_provider",
    "origin_of",
    "run_local_provider",
    "run_local_providers",
    "serve_in_thread",
    "web_app",
]
