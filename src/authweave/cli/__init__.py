"""The command line: ``authweave db``, ``demo``, ``doctor`` and others."""

from ._start import main

__all__ = ["main"]
