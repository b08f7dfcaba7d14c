"""The path by which moved applications know `BaseRequest`."""

from authweave.types import BaseRequest

__all__ = ["BaseRequest"]
