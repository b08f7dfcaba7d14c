"""Forms of pages: what browsers send without a script (URL Standard, "application/x-www-form-urlencoded")."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from authweave.types import BadInputError, BaseRequest, BodyTooLargeError

MAX_FORM_BYTES: Final = 16 * 1024
"""Of a form without files: names, an id, a token."""

MAX_FORM_FIELDS: Final = 20


async def read_form(
    request: BaseRequest, *, max_bytes: int = MAX_FORM_BYTES, max_fields: int = MAX_FORM_FIELDS
) -> dict[str, str]:
    """
    Return the fields of a form, by name; of repeated ones the last. For routes with ``reads="form"``.

    Raises:
        authweave.types.BadInputError: it is no form, or has more fields.
        authweave.types.BodyTooLargeError: it is longer.

    .. versionadded:: 0.1.0
    """
    body = await request.body()
    if len(body) > max_bytes:
        raise BodyTooLargeError(max_bytes)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=max_fields))
    except ValueError:
        raise BadInputError("Please send the form as application/x-www-form-urlencoded") from None
