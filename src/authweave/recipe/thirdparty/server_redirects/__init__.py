"""Signing in without a frontend: the server sends the browser to the provider, and takes it back."""

from .settings import ServerRedirects

__all__ = ["ServerRedirects"]
