"""What the demo tells its page of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, cast

import httpx2


class Call(TypedDict):
    """A call, as the page is told of it."""

    function: str
    layer: dict[str, str]
    outcome: str
    keys: list[dict[str, str]]
    calls: list[Call]
    not_reached: list[dict[str, str]]


def journal(client: httpx2.Client, response: httpx2.Response) -> list[Call]:
    """Return what the demo tells of a request."""
    answer = client.get(f"/demo/journal/{response.headers['x-demo-journal']}")
    return cast("list[Call]", answer.json()["calls"])  # as the demo answers


def lines(calls: list[Call], depth: int = 0) -> Iterator[str]:
    """Return a tree of calls as lines: names, what was done to keys, and who was not reached."""
    for call in calls:
        keys = "".join(f" +{each['key']}" for each in call["keys"])
        yield f"{'  ' * depth}{call['layer']['name']}{keys}"
        yield from lines(call["calls"], depth + 1)
        yield from (f"{'  ' * (depth + 1)}not {layer['name']}" for layer in call["not_reached"])
