"""The command line: ``authweave db``, ``demo`` and ``inspect``."""

from ._start import main

__all__ = ["main"]
