"""See `authweave.framework.starlette`."""

from authweave.framework.starlette import get_session

__all__ = ["get_session"]
