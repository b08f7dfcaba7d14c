"""The path by which moved applications know `get_middleware`."""

from authweave.framework.starlette import get_middleware

__all__ = ["get_middleware"]
