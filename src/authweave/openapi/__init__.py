"""The OpenAPI 3.1 document of an application's routes, made of what they say of themselves (docs/how-to/openapi.md)."""

from ._document import document
from ._merging import Asking, DocumentsCollideError, merged

__all__ = ["Asking", "DocumentsCollideError", "document", "merged"]
