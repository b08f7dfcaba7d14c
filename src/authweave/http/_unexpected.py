"""What the type checkers rule out and an override may do all the same: return something else."""

from __future__ import annotations

from typing import Never

from authweave.kernel import ResultError


def unexpected(result: Never, function: str) -> ResultError:
    """
    Return the error that ends a match which is exhaustive to the type checkers.

    It names the function, and says what names the override.
    """
    given: object = result
    what = "None" if given is None else f"a {type(given).__name__}"
    message = (
        f"{function} gave {what}, which is none of its results: an override forgot to return, or returned the wrong "
        "thing. init(debug=True) names the override."
    )
    return ResultError(message)
