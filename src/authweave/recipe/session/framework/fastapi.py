"""FastAPI: sessions as a dependency, which takes what Starlette's request has."""

from .starlette import get_session, session_exception_handler, verify_session

__all__ = ["get_session", "session_exception_handler", "verify_session"]
