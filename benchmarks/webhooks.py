"""
What a webhook adds to a call, beside an override in Python that does the same: p50 over the loopback, in one run.

They take turns, call by call, so that what else the machine does meets all of them, in rounds: the figure is the median
of the rounds' p50. The webhook's program is a process of its own, which checks and signs as the wire format says; the
function is ``session.revoke_session`` of a session that there is not, on the store in memory. Both overrides set one
key of the user context and return a result. Beside them goes a bare exchange of as many bytes with the same program,
which no client can beat, and the CPU time of this process: on a busy machine most of the rest is waiting for a turn.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial

from measure import verdict

from authweave import InputAppInfo, init
from authweave.kernel import UserContext
from authweave.recipe import session
from authweave.recipe.session.calls import RevokeSession
from authweave.recipe.session.setup import SessionRecipe
from authweave.storage.memory import MemoryStorage
from authweave.webhooks import Webhook

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
ROUNDS = 9
CALLS = 200
WARM_UP = 100
BAR_MS = 2.0


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection, each signed."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))

    def signed(*parts: bytes) -> bytes:
        return b"v1," + base64.b64encode(hmac.digest(key, b".".join(parts), hashlib.sha256))

    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[1:-2]
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (each.partition(b":") for each in head)
            }
            body = await reader.readexactly(int(headers[b"content-length"]))
            webhook_id, at = headers[b"webhook-id"], headers[b"webhook-timestamp"]
            if not hmac.compare_digest(headers[b"webhook-signature"], signed(webhook_id, at, body)):
                writer.write(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")
                continue
            json.loads(body)
            content = b'{"user_context":{"seen":true},"result":true}'
            signature = signed(webhook_id, at, body, content)
            lines = (b"HTTP/1.1 200 OK", b"content-length: %d" % len(content), b"webhook-signature: " + signature)
            writer.write(b"\r\n".join((*lines, b"", content)))
    except asyncio.IncompleteReadError:
        writer.close()


async def receive() -> None:
    """Be the webhook's program."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@RevokeSession.override
async def in_python(call: RevokeSession) -> bool:
    """Do what the webhook does."""
    call.user_context["seen"] = True  # type: ignore[typeddict-unknown-key]  # as the webhook's answer sets it
    return True


async def bare_exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    """Send bytes and read an answer, and do nothing else: no client can be quicker."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))


def bare_request() -> bytes:
    """Return a signed request of the size of the webhook's."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    body = json.dumps({"type": "session.revoke_session.before", "data": "x" * 250}).encode()
    signature = b"v1," + base64.b64encode(hmac.digest(key, b"msg_1.1." + body, hashlib.sha256))
    lines = (b"POST / HTTP/1.1", b"webhook-id: msg_1", b"webhook-timestamp: 1", b"webhook-signature: " + signature)
    return b"\r\n".join((*lines, b"content-length: %d" % len(body), b"", body))


@dataclass
class Taken:
    """What the calls of one kind took, in seconds: by the clock, round by round, and of this process's CPU."""

    rounds: list[list[float]] = field(default_factory=list[list[float]])
    cpu: list[float] = field(default_factory=list[float])

    def p50_ms(self) -> list[float]:
        """Return the median of each round."""
        return [statistics.median(each) * 1000 for each in self.rounds]

    def line(self) -> str:
        """Return the figures as text."""
        p50, every = self.p50_ms(), [each for of_round in self.rounds for each in of_round]
        p99, cpu = statistics.quantiles(every, n=100)[98] * 1000, statistics.mean(self.cpu) * 1000
        return (
            f"p50 {statistics.median(p50):6.3f} ms ({min(p50):.3f} to {max(p50):.3f})   p99 {p99:6.3f} ms   "
            f"CPU {cpu:.3f} ms"
        )


async def measure(port: int) -> tuple[Taken, Taken, Taken]:
    """Measure calls with an override in Python and with a webhook, and bare exchanges."""
    info = InputAppInfo(app_name="Bench", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
    hook = Webhook("session.revoke_session", f"http://127.0.0.1:{port}/", SECRET, timeout_s=60)
    apps = [
        init(info, [session.init()], storage=MemoryStorage(), secret=bytes(32), overrides=[each], default=False)
        for each in (in_python, hook)
    ]
    functions = [app.recipe(SessionRecipe).functions for app in apps]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = bare_request()

    async def revoke(index: int) -> None:
        context = UserContext()
        result = await functions[index].revoke_session("none", context)
        assert result is True
        assert context.get("seen") is True

    kinds = [partial(revoke, 0), partial(revoke, 1), partial(bare_exchange, reader, writer, request)]
    taken = (Taken(), Taken(), Taken())
    for number in range(WARM_UP + ROUNDS * CALLS):
        for kind, of_kind in zip(kinds, taken, strict=True):
            cpu, started = time.process_time(), time.perf_counter()
            await kind()
            ended, cpu_ended = time.perf_counter(), time.process_time()
            if number < WARM_UP:
                continue
            if (number - WARM_UP) % CALLS == 0:
                of_kind.rounds.append([])
            of_kind.rounds[-1].append(ended - started)
            of_kind.cpu.append(cpu_ended - cpu)
    writer.close()
    for app in apps:
        app.close()
    return taken


def main() -> int:
    """Measure, and print the figures; 1 where the bar is missed."""
    with subprocess.Popen([sys.executable, __file__, "receive"], stdout=subprocess.PIPE, text=True) as receiver:  # noqa: S603  this file
        try:
            assert receiver.stdout is not None
            python, webhook, bare = asyncio.run(measure(int(receiver.stdout.readline())))
        finally:
            receiver.kill()
    added = [one - other for one, other in zip(webhook.p50_ms(), python.p50_ms(), strict=True)]
    print(f"{ROUNDS} rounds of {CALLS} calls of each kind, in turns")
    print(f"override in Python   {python.line()}")
    print(f"override by webhook  {webhook.line()}")
    print(f"bare exchange        {bare.line()}  (asyncio streams, no HTTP client)")
    print(verdict("what a webhook adds to a call, p50", statistics.median(added), BAR_MS, unit="ms", spread=added))
    return 0 if statistics.median(added) <= BAR_MS else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["receive"]:
        asyncio.run(receive())
    sys.exit(main())
