"""``authweave admin``: the page for administrators, for any application, on this machine."""

from __future__ import annotations

import getpass
import importlib.util
from contextlib import closing, suppress
from typing import Annotated, Final

import typer
from rich.text import Text

from authweave import AuthweaveError
from authweave.types import install_command

from ._inspect import load_app
from ._output import fail, say

LOOPBACK: Final = "127.0.0.1"


def admin(
    target: Annotated[
        str,
        typer.Argument(
            metavar="MODULE:APP",
            envvar="AUTHWEAVE_APP",
            help="Where the application is. APP may be an authweave.App or a web application: then the one that "
            "init made is shown, as also without APP.",
        ),
    ],
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 is any that is free.")] = 0,
) -> None:
    """
    Serve the page for administrators on this machine alone, and print the link that opens it.

    The link is good for five minutes and once; the page's session, which is not the application's, for an hour. The
    application need not list the recipe. Ctrl-C ends it.
    """
    if any(importlib.util.find_spec(name) is None for name in ("jinja2", "uvicorn")):
        fail(f"authweave admin needs the extra 'admin', which is not installed: {install_command('admin')}")
    from authweave.recipe.admin import local_admin

    from ._admin_server import listen, make_server

    try:
        with closing(load_app(target)) as app, listen(LOOPBACK, port) as listener:
            origin = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
            page = local_admin(app, app.services, origin, f"command line ({user_name()})")
            say(
                Text.assemble("Open  ", (page.new_link(), "bold cyan")),
                "It is good for 5 minutes, and once. Whoever opens it can delete users: show it to nobody.",
                "Ctrl-C ends the page.",
            )
            with suppress(KeyboardInterrupt):  # the server has ended in good order, and says by this what ended it
                make_server(page).run(sockets=[listener])
    except (AuthweaveError, OSError) as error:
        fail(str(error))


def user_name() -> str:
    """Return who started the command, for the events that it leaves."""
    try:
        return getpass.getuser()
    except OSError:  # a process of an id that has no name
        return "unknown"
