"""The command line: ``authweave db``, ``demo`` and ``inspect``."""

from ._main import main

__all__ = ["main"]
