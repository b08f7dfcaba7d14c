"""The command line: ``authweave demo`` and ``authweave inspect``."""

from ._main import main

__all__ = ["main"]
