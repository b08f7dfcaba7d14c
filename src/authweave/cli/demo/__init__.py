"""The demo: an application with two overrides, a page, and a check of itself. Needs the ``demo`` extra."""

from ._app import demo_app
from ._check import Step, checked_steps
from ._server import PREFERRED_PORT, listen, origin_of, running, server_of
from ._web import web_app

__all__ = [
    "PREFERRED_PORT",
    "Step",
    "checked_steps",
    "demo_app",
    "listen",
    "origin_of",
    "running",
    "server_of",
    "web_app",
]
