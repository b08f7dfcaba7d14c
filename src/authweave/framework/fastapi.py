"""FastAPI: the middleware, and sessions as a dependency. Its requests are Starlette's."""

from .starlette import get_middleware, get_session, verify_session

__all__ = ["get_middleware", "get_session", "verify_session"]
