"""FastAPI: sessions as a dependency, which takes what Starlette's request has."""

from .starlette import get_session, verify_session

__all__ = ["get_session", "verify_session"]
