"""The table of providers that people really have."""

from __future__ import annotations

from typing import Final

from .row import Row
from .rows_oauth import OAUTH_ROWS
from .rows_openid import OPENID_ROWS
from .rows_servers import SERVER_ROWS

ROWS: Final[tuple[Row, ...]] = (*OPENID_ROWS, *SERVER_ROWS, *OAUTH_ROWS)
