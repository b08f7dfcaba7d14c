"""An API that says what its frontends asked of it, in the order in which they did."""

from __future__ import annotations

import asyncio
import json
from typing import Final, cast

import attrs
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from authweave.types import JSON
from tests.patience import PATIENCE_S

BASE_PATH: Final = "/auth"
REFRESH: Final = f"POST {BASE_PATH}/session/refresh"
LINKING: Final = "shouldTryLinkingWithSessionUser"
ASKED_AGAIN: Final = (f"PUT {BASE_PATH}/mfa/info", f"GET {BASE_PATH}/user/email/verify")
"""What pages keep for a second or for ten: whether they ask again depends on how fast the machine is."""


@attrs.define(eq=False)
class Call:
    """
    A request, and what was answered.

    Attributes:
        asked: method and path.
        recipe_id: what the header ``rid`` says.
        by_script: whether a page asked, and nobody who opened one.
        status: of the answer, 0 as long as there is none.
        front_token: what the answer says to the frontend, ``remove`` say.
    """

    asked: str
    recipe_id: str
    by_script: bool
    body: bytes = b""
    status: int = 0
    front_token: str = ""

    @property
    def line(self) -> str:
        """The call as tests write it: recipe, method, path, fields of the body, and what is not usual of the answer."""
        words = [self.recipe_id or "-", self.asked.replace(BASE_PATH, "", 1), *self.fields()]
        if self.status != 200:
            words.append(str(self.status))
        if self.front_token:
            words.append("remove" if self.front_token == "remove" else "front-token")
        return " ".join(words)

    def fields(self) -> list[str]:
        """Return the names that the body has, in the order of the alphabet, and whether accounts are to be linked."""
        if not self.body:
            return []
        body = cast("dict[str, JSON]", json.loads(self.body))  # frontends send objects
        linking = {True: "linking", False: "not-linking"}
        return sorted(linking[bool(value)] if name == LINKING else name for name, value in body.items()) or ["{}"]


@attrs.define(eq=False)
class Watched:
    """
    An application, and what it was asked.

    Attributes:
        calls: all but those that ask for leave (``OPTIONS``).
        seen: how many of `lines` were taken.
        held: how many requests have to be refused before a refresh is answered.
    """

    app: ASGIApp
    calls: list[Call] = attrs.field(factory=list[Call])
    seen: int = 0
    held: int = 0
    refused: int = 0
    enough: asyncio.Event = attrs.field(factory=asyncio.Event)

    @property
    def answered(self) -> list[str]:
        """Method, path and status of each call that was answered."""
        return [f"{each.asked} {each.status}" for each in self.calls if each.status]

    def count(self, start: str) -> int:
        """Return how many answers there were to what begins so."""
        return sum(each.startswith(start) for each in self.answered)

    def forget(self) -> None:
        """Forget all calls."""
        self.calls, self.seen = [], 0

    def lines(self) -> list[str]:
        """Return what pages have asked, and each of `ASKED_AGAIN` once where they asked nothing else in between."""
        kept: list[Call] = []
        for call in self.calls:
            is_again = bool(kept) and call.asked in ASKED_AGAIN and call.asked == kept[-1].asked
            if call.by_script and not is_again:
                kept.append(call)
        return [each.line for each in kept]

    def has_answered(self, number: int) -> bool:
        """Return whether pages have asked so many lines since they were taken last, and nobody waits for an answer."""
        return len(self.lines()) - self.seen >= number and all(each.status for each in self.calls)

    def take(self) -> list[str]:
        """Return the lines since they were taken last."""
        lines = self.lines()
        before, self.seen = self.seen, len(lines)
        return lines[before:]

    def hold(self, refused: int) -> None:
        """Have the next refreshes wait until so many requests were refused, so that they need one at the same time."""
        self.held, self.refused, self.enough = refused, 0, asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, and note it and its answer."""
        if scope["type"] != "http" or scope["method"] == "OPTIONS":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        by_script = headers.get("sec-fetch-dest") == "empty"
        call = Call(f"{scope['method']} {scope['path']}", headers.get("rid", ""), by_script)
        self.calls.append(call)
        call.body = await whole_body(receive)  # an API that needs none does not look at it
        unread = [call.body]

        async def reading() -> Message:
            return {"type": "http.request", "body": unread.pop()} if unread else await receive()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                call.front_token = Headers(raw=message["headers"]).get("front-token", "")
                call.status = message["status"]
                self.refused += call.status == 401
                if self.refused >= self.held:
                    self.enough.set()
            await send(message)

        if call.asked == REFRESH and self.held:
            async with asyncio.timeout(PATIENCE_S):
                await self.enough.wait()
        await self.app(scope, reading, noting)


async def whole_body(receive: Receive) -> bytes:
    """Read a request's body; if the client leaves, what there was of it."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body
