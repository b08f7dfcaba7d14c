"""See `authweave.framework.fastapi`."""

from authweave.framework.fastapi import verify_session

__all__ = ["verify_session"]
