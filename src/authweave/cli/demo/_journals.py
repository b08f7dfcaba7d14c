"""What ran for a request: read from the journal of its user context, and shown by the page. Names only, no values."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs
from fastapi import HTTPException
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from authweave import App
from authweave.kernel import JournalEntry, Layer, current_context, journal_of

from .forms.as_a_call import DemoContext

HEADER: Final = "x-demo-journal"
KEPT: Final = 100


@attrs.frozen
class LayerView:
    """A layer of a chain, as the page shows it."""

    name: str
    style: str
    place: str
    file: str


@attrs.frozen
class KeyView:
    """What a layer did to a key of the user context: ``set``, ``change`` or ``delete``."""

    action: str
    key: str


@attrs.define
class CallView:
    """
    One call of a layer.

    Attributes:
        outcome: ``return`` or ``raise``; None while it runs.
        calls: those that it made, in order.
        not_reached: the layers below it that it did not call.
    """

    function: str
    layer: LayerView
    outcome: str | None = None
    keys: list[KeyView] = attrs.field(factory=list[KeyView])
    calls: list[CallView] = attrs.field(factory=list["CallView"])
    not_reached: list[LayerView] = attrs.field(factory=list[LayerView])


class Journals:
    """
    Keeps the journals of the last requests.

    Args:
        app: whose chains tell which layers a call did not reach.
        keep_last: how many journals are kept.
    """

    def __init__(self, app: App[DemoContext], keep_last: int = KEPT) -> None:
        self.keep_last = keep_last
        self.trees: OrderedDict[str, list[CallView]] = OrderedDict()
        self.below: dict[Layer, tuple[Layer, ...]] = {}
        for functions in app.explain().values():
            for function in functions:
                chain = (*function.layers, function.implementation)
                self.below.update({layer: chain[index + 1 :] for index, layer in enumerate(chain)})

    def layer(self, asgi_app: ASGIApp) -> ASGIApp:
        """
        Keep the journal of each request, and give its id in a header of the answer.

        It stands outside of authweave's middleware and looks when the answer starts: all that matters has run by then,
        and the context of the request is still the current one.
        """

        async def keep_journal(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_with_id(message: Message) -> None:
                entries = journal_of(current_context())
                if message["type"] == "http.response.start" and entries:
                    MutableHeaders(scope=message)[HEADER] = self.keep(entries)
                await send(message)

            await asgi_app(scope, receive, send_with_id)

        return keep_journal

    def keep(self, entries: Sequence[JournalEntry]) -> str:
        """Keep a journal, forget the oldest, and return the id of the new one."""
        journal_id = secrets.token_urlsafe(16)
        self.trees[journal_id] = call_tree(entries, self.below)
        while len(self.trees) > self.keep_last:
            self.trees.popitem(last=False)
        return journal_id

    async def show(self, journal_id: str) -> dict[str, object]:
        """Answer the page's question what ran."""
        if journal_id not in self.trees:
            raise HTTPException(404, f"There is no journal of this id: only the last {self.keep_last} are kept.")
        return {"calls": [attrs.asdict(call) for call in self.trees[journal_id]]}


def call_tree(entries: Sequence[JournalEntry], below: dict[Layer, tuple[Layer, ...]]) -> list[CallView]:
    """Return a journal as a tree of calls."""
    outermost: list[CallView] = []
    calls: dict[int, CallView] = {}
    for entry in entries:
        if entry.action == "call" and entry.layer is not None:
            call = calls[entry.call] = CallView(entry.layer.function, layer_view(entry.layer))
            call.not_reached = [layer_view(layer) for layer in below.get(entry.layer, ())]
            caller = calls.get(entry.parent)
            (outermost if caller is None else caller.calls).append(call)
            if caller is not None and caller.not_reached[:1] == [call.layer]:
                caller.not_reached = []
        elif entry.call in calls and entry.key is not None:
            calls[entry.call].keys.append(KeyView(entry.action, entry.key))
        elif entry.call in calls:
            calls[entry.call].outcome = entry.action
    return outermost


def layer_view(layer: Layer) -> LayerView:
    """Return a layer as the page shows it."""
    near = "/".join(Path(layer.file).parts[-2:])  # every recipe has a functions.py
    return LayerView(layer.name, layer.style, f"{near}:{layer.line}", layer.file)
