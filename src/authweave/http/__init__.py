"""Routes, and answers in the shapes that the frontends expect. Plain values in and out; no framework here."""

from authweave.types import PUBLIC_TENANT

from ._cors import get_all_cors_headers
from ._errors import answer_error
from ._exchange import Exchange
from ._handle import handle
from ._routes import Match, match

__all__ = ["PUBLIC_TENANT", "Exchange", "Match", "answer_error", "get_all_cors_headers", "handle", "match"]
