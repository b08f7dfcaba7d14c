"""Blocks of a user context around the ``yield`` of a FastAPI dependency."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient

from authweave.kernel import UserContext, current_context, forked_context, root_context, use_context

BLOCKS: list[Callable[[], AbstractContextManager[UserContext]]] = [
    lambda: use_context(UserContext()),
    root_context,
    forked_context,
]


def client_of(block: Callable[[], AbstractContextManager[UserContext]], found: list[bool]) -> httpx2.Client:
    """Return a client of an application with dependencies that open a block, and routes that look for it."""
    app = FastAPI()

    def in_threads() -> Iterator[UserContext]:
        with block() as opened:
            yield opened

    async def in_the_task() -> AsyncIterator[UserContext]:
        with block() as opened:
            yield opened

    @app.get("/threads")
    async def threads(opened: Annotated[object, Depends(in_threads)]) -> None:
        found.append(current_context() is opened)

    @app.get("/refused")
    async def refused(opened: Annotated[object, Depends(in_threads)]) -> None:
        raise HTTPException(418)

    @app.get("/task")
    async def task(opened: Annotated[object, Depends(in_the_task)]) -> None:
        found.append(current_context() is opened)

    @app.get("/task/thread")
    def thread(opened: Annotated[object, Depends(in_the_task)]) -> None:
        found.append(current_context() is opened)

    return TestClient(app)


@pytest.mark.parametrize("block", BLOCKS)
def test_in_a_def_dependency_it_is_an_error(block: Callable[[], AbstractContextManager[UserContext]]) -> None:
    """FastAPI runs the two halves in contexts of their own, and the route in a third: the error says what to write."""
    found: list[bool] = []
    client = client_of(block, found)
    with pytest.raises(RuntimeError, match="write the dependency as async def"):
        client.get("/threads")
    assert found == [False]


@pytest.mark.parametrize("block", BLOCKS)
def test_it_stands_in_for_no_other_error(block: Callable[[], AbstractContextManager[UserContext]]) -> None:
    """What a route raises is answered as ever."""
    assert client_of(block, []).get("/refused").status_code == 418


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("path", ["/task", "/task/thread"])
def test_in_an_async_dependency_it_holds(block: Callable[[], AbstractContextManager[UserContext]], path: str) -> None:
    """The route sees the context that the dependency opened, on the loop and in a thread."""
    found: list[bool] = []
    assert client_of(block, found).get(path).status_code == 200
    assert found == [True]
