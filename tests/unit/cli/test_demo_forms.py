"""The example in the forms that the demo's page shows: each does the same."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import httpx2
import pytest
from fastapi import FastAPI

from authweave import App, InputAppInfo, init
from authweave.cli.demo.forms import as_in_node
from authweave.cli.demo.forms.as_a_call import DemoContext, no_session_after_sign_up, note_sign_up
from authweave.cli.demo.forms.as_in_python import override_emailpassword_apis, override_session_functions
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session

INFO = InputAppInfo("Forms", "http://localhost:8000", website_domain="http://localhost:8000")
FORM = {"formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "analytical1"}]}


def as_a_call() -> App[DemoContext]:
    """Build an application with the first form, which the demo runs."""
    recipes = [emailpassword.init(), session.init()]
    overrides = [note_sign_up, no_session_after_sign_up]
    return init(INFO, recipes, storage="sqlite://", overrides=overrides, context=DemoContext, default=False)


def as_in_python() -> App[DemoContext]:
    """Build an application with the second form."""
    recipes = [
        emailpassword.init(override=emailpassword.InputOverrideConfig(apis=override_emailpassword_apis)),
        session.init(override=session.InputOverrideConfig(functions=override_session_functions)),
    ]
    return init(INFO, recipes, storage="sqlite://", context=DemoContext, default=False)


def in_node() -> App[DemoContext]:
    """Build an application with the third form."""
    recipes = [emailpassword.init(), session.init()]
    overrides = [as_in_node.sign_up, no_session_after_sign_up]
    return init(INFO, recipes, storage="sqlite://", overrides=overrides, context=DemoContext, default=False)


@pytest.mark.parametrize("build", [as_a_call, as_in_python, in_node])
def test_a_sign_up_leaves_no_session_and_a_sign_in_gives_one(build: Callable[[], App[DemoContext]]) -> None:
    """In each form the first request leaves no session, and the second gives one."""
    auth = build()
    web = FastAPI()
    web.add_middleware(get_middleware(), app=auth)

    async def answers() -> list[tuple[str, bool]]:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(web), base_url="http://localhost:8000") as client:
            both = [await client.post(f"/auth/{path}", json=FORM) for path in ("signup", "signin")]
        return [(each.json()["status"], "st-access-token" in each.headers) for each in both]

    assert anyio.run(answers) == [("OK", False), ("OK", True)]
    auth.close()
