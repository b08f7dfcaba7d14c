"""
A server of its own, for applications in other languages: ``authweave serve`` (docs/how-to/serve.md).

A configuration becomes an application, which is served over HTTP; an API with a key is for programs of yours.
"""

import os
from pathlib import Path

from ._config import ServeConfig
from ._errors import WorkerError
from ._reading import Fault, ServeConfigurationError, read_config

__all__ = ["Fault", "ServeConfig", "ServeConfigurationError", "WorkerError", "check", "read_config", "run"]


def run(file: Path | None) -> None:
    """
    Serve what a configuration describes until SIGTERM or SIGINT; then let what runs end, and return.

    Args:
        file: the TOML file; None reads the environment alone.

    Raises:
        authweave.AuthweaveError: the application cannot be built; `ServeConfigurationError` has all that is wrong
            with the configuration.
        OSError: a file cannot be read or written.
    """
    from ._server import run as run_server

    run_server(file)


def check(file: Path | None) -> None:
    """
    Read a configuration, and try what it describes with a store in memory: no file and no connection is opened.

    Raises:
        ServeConfigurationError: with everything that is wrong.
        authweave.AuthweaveError: what is wrong shows only when the recipes are put together.
    """
    from ._building import Building

    config, reading = read_config(file, os.environ)
    Building(config, reading).check()
