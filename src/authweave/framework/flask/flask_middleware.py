"""The path by which moved applications know `Middleware`."""

from authweave.framework.flask import Middleware

__all__ = ["Middleware"]
