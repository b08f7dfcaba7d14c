"""
Requests that no frontend sends, over raw sockets, at four servers.

``AUTHWEAVE_FUZZ`` says how many each of them gets (``nox -s fuzz`` does so), ``AUTHWEAVE_SEED`` from where chance
begins.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import attrs
import pytest

from tests.chance import SEED
from tests.integration.thirdparty.openid_server import OpenIDServer, openid_server

from .answers import Answer, answers_in, ask
from .served import RAISED, auth_app
from .servers import SERVERS, Running, running
from .spoiling import Numbered, Written
from .wishes import OF_APPLICATION, OF_ROUTES, Known

COUNT: Final = int(os.environ.get("AUTHWEAVE_FUZZ", "600"))
MISSED: Final = 2 if COUNT < 10_000 else 0
"""How many routes chance may leave out of a short run."""

CLIENTS: Final = 6

BEFORE_ROUTES: Final = (404, 405, 413, 415, 429)
"""Statuses of requests that no route has looked into."""

REACHED: Final = 0.6
"""How many of the requests a route looks into, at least: the others find out little."""


@attrs.define(eq=False)
class Tally:
    """
    What came of the requests.

    Attributes:
        statuses: how often each status came, by the route that was meant.
        unanswered: how many requests got no answer: the server closed the connection.
        reached: how many a route answered, as far as their status tells.
        faults: what went wrong, with the request's number.
    """

    statuses: Counter[tuple[str, int]] = attrs.field(factory=Counter[tuple[str, int]])
    unanswered: int = 0
    reached: int = 0
    faults: list[str] = attrs.field(factory=list[str])

    def note(self, number: int, request: Written, answers: list[Answer], known: Known) -> None:
        """Note what came of a request."""
        self.unanswered += not answers
        if not answers and request.is_usual:
            self.add_fault(number, request, "no answer")
        self.reached += any(each.is_of_application and each.status not in BEFORE_ROUTES for each in answers)
        for answer in answers:
            self.statuses[request.title, answer.status] += 1
            if fault := answer.fault():
                self.add_fault(number, request, f"{fault}: {answer.body[:500]!r}")
            elif answer.is_of_application and answer.is_whole and answer.body:
                known.learn(answer.headers, answer.content)

    def add_fault(self, number: int, request: Written, what: str) -> None:
        """Note that something is wrong."""
        raw = request.raw if len(request.raw) < 3000 else request.raw[:2500] + b" ... " + request.raw[-500:]
        self.faults.append(f"{number}: {what}, to {raw!r}")

    def text(self) -> str:
        """Return it as a table."""
        titles = sorted({title for title, _ in self.statuses})
        lines = [
            f"  {title:<40} "
            + ", ".join(f"{status}: {count}" for (of, status), count in sorted(self.statuses.items()) if of == title)
            for title in titles
        ]
        share = f"  answered by a route: {self.reached / COUNT:.1%}"
        return "\n".join([*lines, share, f"  closed without an answer: {self.unanswered}"])


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIDServer]:
    """Serve an OpenID provider."""
    with openid_server() as made:
        yield made


def fuzz(server: Running, known: Known) -> Tally:
    """Ask the server so often."""
    requests, tally = Numbered(SEED, known), Tally()

    def one(number: int) -> None:
        request = requests[number]
        try:
            answers = ask(server.port, request)
        except TimeoutError as error:
            tally.add_fault(number, request, f"neither an answer nor an end ({error})")
            return
        tally.note(number, request, answers, known)

    with ThreadPoolExecutor(CLIENTS) as clients:
        for done in clients.map(one, range(COUNT)):
            del done
    return tally


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVERS)
def test_no_request_breaks_anything(tmp_path: Path, provider: OpenIDServer, name: str) -> None:
    """No 5xx, no hang, no answer of a wrong content type, and no exception of the application."""
    with running(name, tmp_path, provider.issuer) as server:
        tally = fuzz(server, Known(provider))
        log = server.log.read_text(encoding="utf-8", errors="replace")
    print(f"{COUNT} requests at {name}, AUTHWEAVE_SEED={SEED}\n{tally.text()}")  # noqa: T201  shown by nox -s fuzz
    assert not tally.faults, "\n".join([f"{len(tally.faults)} faults", *tally.faults[:10]])
    assert RAISED not in log, log[: log.index(RAISED)][-5000:]
    assert tally.reached >= REACHED * COUNT, "the fuzz is shallow"
    answered = {title for title, status in tally.statuses if status in {200, 303}}
    missed = {*OF_ROUTES, *OF_APPLICATION} - answered
    assert len(missed) <= MISSED, f"these routes were never reached: {sorted(missed)}"


def test_every_route_is_asked(provider: OpenIDServer) -> None:
    """The fuzz knows each route that an application with every recipe serves."""
    auth = auth_app("sqlite://", provider.issuer)
    try:
        assert {route.title for route in auth.endpoints.routes.routes} == set(OF_ROUTES)
    finally:
        auth.close()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(500, {}, b"", True), "status 500"),
        (
            Answer(503, {"x-answered-by": ["application"], "content-type": ["application/json"]}, b"{}", True),
            "status 503",
        ),
        (
            Answer(200, {"x-answered-by": ["application"], "content-type": ["text/html"]}, b"", True),
            "content type ['text/html']",
        ),
        (Answer(200, {"x-answered-by": ["application"]}, b"{}", True), "content type []"),
        (
            Answer(200, {"x-answered-by": ["application"], "content-type": ["application/json"]}, b"{", True),
            "it is not JSON",
        ),
        (Answer(200, {"x-answered-by": ["application"], "content-type": ["application/json"]}, b"{}", True), ""),
        (Answer(400, {"content-type": ["text/plain"]}, b"Invalid HTTP request received.", True), ""),
    ],
)
def test_what_is_a_fault(answer: Answer, fault: str) -> None:
    """The fuzz sees what it looks for."""
    assert answer.fault() == fault


def test_an_answer_to_head_ends_with_its_head() -> None:
    """Though it says how long a body would be: some servers do not close the connection, and nothing more comes."""
    head = b"HTTP/1.1 404 \r\ncontent-length: 22\r\n\r\n"
    assert [each.is_whole for each in answers_in(head, is_head=True)] == [True]
    assert [each.is_whole for each in answers_in(head)] == [False]
