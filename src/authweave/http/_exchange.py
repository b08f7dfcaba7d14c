"""One request on its way through the routes."""

from __future__ import annotations

import attrs

from authweave.kernel import UserContext
from authweave.types import BaseRequest


@attrs.frozen
class Exchange:
    """
    A request that one of the library's routes answers.

    Attributes:
        request: the request; what is to be added to its answer is noted in its ``changes``.
        tenant_id: as in the path; ``public`` where it names none.
        user_context: that of the request.
        parameter: what stands in the path where the route has its parameter, percent-decoded; empty without one.
    """

    request: BaseRequest
    tenant_id: str
    user_context: UserContext = attrs.field(repr=False)
    parameter: str = ""
