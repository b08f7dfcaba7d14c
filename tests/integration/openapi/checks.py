"""What schemathesis checks of every answer, beside its own (https://schemathesis.readthedocs.io)."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# schemathesis leaves some of its generic types without arguments.

from __future__ import annotations

import itertools
from typing import Any, Final, TypeAlias, cast

import schemathesis
from schemathesis import APIOperation, Case, CheckContext, Response
from schemathesis.specs.openapi.checks import negative_data_rejection

from tests.integration.openapi.checked import OF_BROWSERS, OF_EVERY_ANSWER

BEHIND: Final = "x-behind"
"""Is on every answer of the application behind the middleware."""

NUMBERS: Final = itertools.count()

AnyCase: TypeAlias = "Case[APIOperation[Any, Any, Any, Any]]"  # Any: schemathesis has no names for these


def is_right(case: AnyCase) -> bool:
    """Return whether a request is none that is wrong on purpose: those are left as they are."""
    return case.meta is not None and not case.meta.generation.mode.is_negative


def body_of(case: AnyCase) -> dict[str, object] | None:
    """Return the body of a request that is an object, to be filled in."""
    return cast("dict[str, object]", case.body) if isinstance(case.body, dict) else None  # of what, isinstance leaves


@schemathesis.check
def wrong_data_is_refused(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    """Check as `negative_data_rejection` does, but know what else is a refusal: a ``status`` that is not ``OK``."""
    if response.status_code == 200 and "json" in response.headers.get("content-type", [""])[0]:
        content = cast("dict[str, object]", response.json())  # every answer of ours that is JSON is an object
        if content.get("status", "OK") != "OK":
            return None
    return negative_data_rejection(ctx, response, case)


@schemathesis.check
def other_methods_are_left_to_the_application(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    """Check that what the document does not name is answered by the application behind, and the rest by us."""
    paths = cast("dict[str, dict[str, object]]", case.operation.schema.raw_schema["paths"])  # OpenAPI says so
    is_ours = case.method.lower() in paths[case.path]
    if not is_ours and BEHIND not in response.headers:
        raise AssertionError(f"{case.method} {case.path} is not in the document, and did not reach the application.")
    if is_ours and BEHIND in response.headers and response.status_code != 404:
        raise AssertionError(f"{case.method} {case.path} is in the document, and the application answered.")
    return None


@schemathesis.check
def headers_are_in_the_document(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    """Check that an answer of ours has no header which the document does not name."""
    defined = case.operation.responses.find_by_status_code(response.status_code)
    if defined is None or BEHIND in response.headers:
        return None
    known = {name for name, _ in defined.headers.items()} if defined.headers else set[str]()
    if unknown := set(response.headers) - OF_EVERY_ANSWER - OF_BROWSERS - known:
        raise AssertionError(f"{case.method} {case.path} {response.status_code}: {sorted(unknown)} are not described.")
    return None
