"""The path by which moved applications know `BaseResponse`."""

from authweave.types import BaseResponse

__all__ = ["BaseResponse"]
