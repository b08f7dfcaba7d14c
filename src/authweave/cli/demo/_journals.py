"""What ran for a request: read from the journal of its user context, and told to the page. Names only, no values."""

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
class ToldLayer:
    """A layer of a chain, as the page shows it."""

    name: str
    style: str
    place: str
    file: str


@attrs.frozen
class ToldKey:
    """What a layer did to a key of the user context: ``set``, ``change`` or ``delete``."""

    action: str
    key: str


@attrs.define
class ToldCall:
    """
    One call of a layer.

    Attributes:
        outcome: ``return`` or ``raise``; None while it runs.
        calls: those that it made, in order.
        not_reached: the layers below it that it did not call.
    """

    function: str
    layer: ToldLayer
    outcome: str | None = None
    keys: list[ToldKey] = attrs.field(factory=list[ToldKey])
    calls: list[ToldCall] = attrs.field(factory=list["ToldCall"])
    not_reached: list[ToldLayer] = attrs.field(factory=list[ToldLayer])


class Journals:
    """
    Keeps the journals of the last requests.

    Args:
        app: whose chains tell which layers a call did not reach.
        kept: how many journals are kept.
    """

    def __init__(self, app: App[DemoContext], kept: int = KEPT) -> None:
        self.kept = kept
        self.told: OrderedDict[str, list[ToldCall]] = OrderedDict()
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
        self.told[journal_id] = told_calls(entries, self.below)
        while len(self.told) > self.kept:
            self.told.popitem(last=False)
        return journal_id

    async def show(self, journal_id: str) -> dict[str, object]:
        """Answer the page's question what ran."""
        if journal_id not in self.told:
            raise HTTPException(404, f"There is no journal of this id: only the last {self.kept} are kept.")
        return {"calls": [attrs.asdict(call) for call in self.told[journal_id]]}


def told_calls(entries: Sequence[JournalEntry], below: dict[Layer, tuple[Layer, ...]]) -> list[ToldCall]:
    """Return a journal as a tree of calls."""
    outermost: list[ToldCall] = []
    calls: dict[int, ToldCall] = {}
    for entry in entries:
        if entry.action == "call" and entry.layer is not None:
            call = calls[entry.call] = ToldCall(entry.layer.function, told_layer(entry.layer))
            call.not_reached = [told_layer(layer) for layer in below.get(entry.layer, ())]
            caller = calls.get(entry.parent)
            (outermost if caller is None else caller.calls).append(call)
            if caller is not None and caller.not_reached[:1] == [call.layer]:
                caller.not_reached = []
        elif entry.call in calls and entry.key is not None:
            calls[entry.call].keys.append(ToldKey(entry.action, entry.key))
        elif entry.call in calls:
            calls[entry.call].outcome = entry.action
    return outermost


def told_layer(layer: Layer) -> ToldLayer:
    """Return a layer as the page shows it."""
    near = "/".join(Path(layer.file).parts[-2:])  # every recipe has a functions.py
    return ToldLayer(layer.name, layer.style, f"{near}:{layer.line}", layer.file)
