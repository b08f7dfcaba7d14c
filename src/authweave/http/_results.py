"""Results of APIs as answers."""

from __future__ import annotations

from typing import Never

from authweave.kernel import ResultError
from authweave.types import Response


def general_error(message: str) -> Response:
    """Return the answer that shows a person a message."""
    return Response.from_json({"status": "GENERAL_ERROR", "message": message})


def unexpected(result: Never, function: str) -> ResultError:
    """
    Return the error that ends a match which is exhaustive to the type checkers.

    An override may return something else all the same. It names the function, and says what names the override.
    """
    returned: object = result
    what = "None" if returned is None else f"a {type(returned).__name__}"
    return ResultError(
        f"{function} gave {what}, which is none of its results: an override forgot to return, or returned the wrong "
        "thing. init(debug=True) names the override."
    )
