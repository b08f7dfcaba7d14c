"""Refreshes per second on PostgreSQL: several worker processes against one."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

from _session_app import INFO, new_session, refresh
from measure import verdict

from authweave import init
from authweave.recipe import session
from tests.postgresql import private_server

SECRET = "benchmark" * 4
BROWSERS = 32
AT_ONCE = 8
SECONDS = 2.0


def measure_workers(rounds: int, workers: int) -> None:
    """Print how many refreshes a second there are with one worker process, and with several."""
    with ExitStack() as stack:
        server = stack.enter_context(private_server(durable=True))
        url = server.new_store()
        processes = [stack.enter_context(worker(url)) for _ in range(workers)]
        for process in processes:
            said(process)
        rates: dict[int, list[float]] = {1: [], workers: []}
        for number in range(rounds + 1):
            for count, found in rates.items():
                rate = refreshes_a_second(processes[:count])
                if number:
                    found.append(rate)
    for count, found in rates.items():
        print(f"  {count} worker processes: {statistics.median(found):8.0f} refreshes a second")
    ratio = statistics.median(many / one for one, many in zip(*rates.values(), strict=True))
    print(verdict(f"refreshes a second with {workers} workers, against one", ratio, 1.6, at_least=True))


def worker(url: str) -> subprocess.Popen[str]:
    """Start a process that refreshes for a while whenever it is told to."""
    return subprocess.Popen(  # noqa: S603 (this program)
        [sys.executable, __file__, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    """Return the next line of a worker."""
    assert process.stdout is not None
    return process.stdout.readline()


def refreshes_a_second(processes: list[subprocess.Popen[str]]) -> float:
    """Let workers refresh at once; return how often they did in all."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return sum(float(said(process)) for process in processes)


async def work(url: str) -> None:
    """Refresh sessions of this process, some at once, for a while after each line that comes in."""
    app = init(INFO, [session.init()], storage=url, secret=SECRET, default=False)
    tokens = [
        (await new_session(app)).get_all_session_tokens_dangerously()["refreshToken"] or "" for _ in range(BROWSERS)
    ]
    ended = 0.0

    async def browse(first: int) -> int:
        done = 0
        while time.monotonic() < ended:
            for number in range(first, BROWSERS, AT_ONCE):
                tokens[number] = await refresh(app, tokens[number])
                done += 1
        return done

    print("ready", flush=True)
    while sys.stdin.readline():
        started = time.monotonic()
        ended = started + SECONDS
        done = sum(await asyncio.gather(*(browse(number) for number in range(AT_ONCE))))
        print(done / (time.monotonic() - started), flush=True)
    app.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
