from __future__ import annotations

from typing import cast

from authweave.framework import BaseRequest, get_request_from_user_context
from authweave.kernel import UserContext, root_context


def test_request_is_found() -> None:
    """The request is read from a context that is handed over, or from the current one."""
    request = BaseRequest("get", "/")
    user_context: UserContext = {"_default": {"request": request}}
    assert get_request_from_user_context(user_context) is request
    with root_context(user_context):
        assert get_request_from_user_context() is request
        assert get_request_from_user_context({}) is None


def test_no_request() -> None:
    """Without a request, and with anything else in its place, there is None."""
    assert get_request_from_user_context() is None
    assert get_request_from_user_context({"_default": {}}) is None
    assert get_request_from_user_context({"_default": {"request": "GET /"}}) is None
    broken = cast("UserContext", {"_default": 5})  # an application may write anything at run time
    assert get_request_from_user_context(broken) is None
