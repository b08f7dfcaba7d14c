"""
Refreshes a second over HTTP: several worker processes against one, on PostgreSQL and on SQLite.

Each server is uvicorn with FastAPI and so many workers, and has a database of its own; the servers take turns. Browsers
refresh without a pause, each with the token that it was given last, over a connection that stays open; connections are
spread evenly over the workers, as a proxy in front of them would. PostgreSQL is a server of our own, which writes to
the disk as it does by default, and so does SQLite.

Database and browsers run on the processors of the workers. How much of them each took is printed: with one worker the
others have a processor of their own, with several they have not. What several could reach is printed too: it follows
from the CPU of a refresh, and so does not depend on what else the machine does.

Run ``python benchmarks/workers.py``; ``--rounds`` (9), ``--seconds`` (2, a round), ``--workers`` (4), ``--browsers``
(32), ``--databases`` (PostgreSQL SQLite) and ``--folder``, where the SQLite files go, can be given. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

import attrs
from _browsers import Browser, refreshes_a_second
from _rows import cores
from _serving import cpu_s, idle_s, ready, serving
from measure import figure, verdict, with_versions

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

from tests.postgresql import PrivateServer, private_server

BAR: Final = 1.5
SCRIPT: Final = "_workers_server.py"
POSTGRESQL: Final = "PostgreSQL"
SQLITE: Final = "SQLite"


@attrs.frozen
class Round:
    """
    What one round of a server showed.

    Attributes:
        rate: refreshes a second.
        workers: CPU of the workers for a refresh, in microseconds.
        database: the same of the database's own processes.
        browsers: the same of the browsers, which is this process.
        idle: how long processors had nothing to do, for each refresh.
    """

    rate: float
    workers: float
    database: float
    browsers: float
    idle: float

    @property
    def others(self) -> float:
        """What other programs took for each refresh."""
        return cores() * 1e6 / self.rate - self.workers - self.database - self.browsers - self.idle

    @property
    def share(self) -> float:
        """What part of the CPU the browsers took, in per cent."""
        return 100 * self.browsers / (self.workers + self.database + self.browsers)

    @property
    def rate_by_cpu(self) -> float:
        """What all processors could do in a second, if nobody else had them and nothing waited."""
        return cores() * 1e6 / (self.workers + self.database + self.browsers)

    @property
    def alone_by_cpu(self) -> float:
        """What one worker could do likewise, with a processor of its own."""
        return 1e6 / self.workers


@attrs.define
class Served:
    """A server under load: its browsers, and the processes whose time counts."""

    browsers: list[Browser]
    workers: list[int]
    database: PrivateServer | None
    rounds: list[Round] = attrs.field(factory=list[Round])

    def cpu(self) -> tuple[float, float, float, float]:
        """Return the CPU time so far: of the workers, of the database, of this process, and of nobody."""
        database = self.database.processes() if self.database else []
        return sum(map(cpu_s, self.workers)), sum(map(cpu_s, database)), time.process_time(), idle_s()

    def run(self, seconds: float) -> Round:
        """Let the browsers refresh for so long."""
        before = self.cpu()
        rate = refreshes_a_second(self.browsers, seconds)
        took = zip(self.cpu(), before, strict=True)
        return Round(rate, *((now - then) * 1e6 / (rate * seconds) for now, then in took))


def signed_in(port: int, workers: int, browsers: int) -> tuple[list[Browser], list[int]]:
    """Connect until each worker has as many browsers, and sign each in. Returns the ids of the workers too."""
    held: Counter[int] = Counter()
    found: list[Browser] = []
    while len(found) < browsers:
        connection = HTTPConnection("127.0.0.1", port)
        pid: int = answer_of(connection, "GET", "/pid")
        if held[pid] == browsers // workers:
            connection.close()
            continue
        held[pid] += 1
        token: str = answer_of(connection, "POST", "/sign-in")
        found.append(Browser(connection.sock, token.encode()))
    return found, list(held)


def answer_of(connection: HTTPConnection, method: str, path: str) -> Any:  # noqa: ANN401  what JSON holds
    """Return what is answered to a request."""
    connection.request(method, path)
    return json.loads(connection.getresponse().read())


@contextmanager
def served(url: str, workers: int, browsers: int, database: PrivateServer | None) -> Generator[Served]:
    """Serve for a block, with so many workers and browsers."""
    with serving(SCRIPT, "workers", str(workers), url) as port:
        asyncio.run(ready(port, "/pid"))
        yield Served(*signed_in(port, workers, browsers), database)


def measure(kind: str, folder: Path, given: argparse.Namespace) -> None:
    """Let a server with one worker and one with several take turns, and print what they did."""
    with ExitStack() as stack:
        database = stack.enter_context(private_server(durable=True)) if kind == POSTGRESQL else None
        both: list[Served] = []
        for workers in (1, given.workers):
            url = database.new_store() if database else f"sqlite:///{folder / f'{workers}.db'}"
            both.append(stack.enter_context(served(url, workers, given.browsers, database)))
        for number in range(given.rounds + 1):
            for server in both:
                found = server.run(given.seconds)
                if number:
                    server.rounds.append(found)
    for server in both:
        show(kind, server)
    ratios = [many.rate / one.rate for one, many in zip(both[0].rounds, both[1].rounds, strict=True)]
    name = f"refreshes a second over HTTP, {given.workers} workers against one: {kind}"
    if kind == POSTGRESQL:
        print(verdict(name, statistics.median(ratios), BAR, at_least=True, spread=ratios))
    else:
        print(figure(name, statistics.median(ratios), unit="x", spread=ratios))
    by_cpu = [many.rate_by_cpu / one.alone_by_cpu for one, many in zip(both[0].rounds, both[1].rounds, strict=True)]
    print(figure(f"the same by CPU alone: {kind}", statistics.median(by_cpu), unit="x", spread=by_cpu))


def show(kind: str, server: Served) -> None:
    """Print what a server did."""
    rates = [each.rate for each in server.rounds]
    count = len(server.workers)
    workers = f"{count} workers" if count > 1 else "1 worker"
    print(figure(f"refreshes over HTTP, {kind}, {workers}", statistics.median(rates), unit="/s", spread=rates))
    names = ("workers", "database", "browsers", "others", "idle")
    took = {name: statistics.median(getattr(each, name) for each in server.rounds) for name in names}
    share = statistics.median(each.share for each in server.rounds)
    print(f"{'':4}(CPU of a refresh in us: {', '.join(f'{name} {us:.0f}' for name, us in took.items())})")
    print(f"{'':4}(the browsers took {share:.1f} % of what all of them took)")


def main() -> None:
    """Measure, and set the figure against its bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--browsers", type=int, default=32)
    parser.add_argument("--databases", nargs="+", choices=[POSTGRESQL, SQLITE], default=[POSTGRESQL, SQLITE])
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    print(with_versions(f"{given.rounds} rounds of {given.seconds:g} s with {given.browsers} browsers, in turns"))
    for kind in given.databases:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            measure(kind, Path(folder), given)


if __name__ == "__main__":
    main()
