"""Whatever comes over the network, or does not: the policy decides, the error says what happened, nothing is logged."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from pathlib import Path
from typing import Final, Literal

import pytest

from authweave.app import App
from authweave.kernel import UserContext
from authweave.recipe.session.calls import RevokeSession
from authweave.recipe.session.setup import SessionRecipe
from authweave.webhooks import Webhook, WebhookError
from tests.certificates import loopback_certificate
from tests.integration.http.serving import serving
from tests.integration.webhooks.conftest import NewApp
from tests.integration.webhooks.raw import (
    LINE,
    Conduct,
    asked,
    bomb,
    conducting,
    drips,
    hangs_up,
    never,
    plain,
    resets,
    says,
)
from tests.integration.webhooks.receiver import SECRET, Receiver
from tests.patience import PATIENCE_S

REVOKE: Final = "session.revoke_session"
LONG: Final = 60.0
SHORT: Final = 0.2


def revoke(auth: App, handle: str = "none") -> bool:
    """Call the function that the webhook is around."""
    return auth.run_blocking(auth.recipe(SessionRecipe).functions.revoke_session(handle, UserContext()))


def refused(auth: App) -> WebhookError:
    """Return what a call ends in."""
    with pytest.raises(WebhookError) as caught:
        revoke(auth)
    return caught.value


JSON_HEAD: Final = LINE + b"content-type: application/json\r\ncontent-length: 2\r\n"
EDGES: Final[dict[str, tuple[Conduct, float, str, str]]] = {
    "hangs up": (hangs_up, LONG, "unreachable", "broke off"),
    "resets": (resets, LONG, "unreachable", "ReadError"),
    "never": (never, SHORT, "timed_out", "within 0.2 s"),
    "drips": (drips, SHORT, "timed_out", "within 0.2 s"),
    "no HTTP": (says(b"220 mail.example.com ESMTP\r\n\r\n"), LONG, "unreachable", "no answer in HTTP"),
    "HTTP/2": (says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"), LONG, "unreachable", "no answer in HTTP"),
    "too short": (says(LINE + b"content-length: 9\r\n\r\n{}"), LONG, "unreachable", "no answer in HTTP"),
    "two lengths": (says(LINE + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}"), LONG, "unreachable", "HTTP"),
    "bad chunk": (says(LINE + b"transfer-encoding: chunked\r\n\r\nzz\r\n"), LONG, "unreachable", "no answer in HTTP"),
    "long head": (says(LINE, *[b"x-filling: " + b"x" * 8_000 + b"\r\n"] * 99), LONG, "unreachable", "HTTP"),
    "long name": (says(LINE + b"x" * 900_000), LONG, "unreachable", "HTTP"),
    "gzip bomb": (bomb, LONG, "bad_answer", "compressed"),
    "a page": (
        says(LINE + b"content-type: text/html\r\ncontent-length: 2\r\n\r\n{}"),
        LONG,
        "bad_answer",
        "content-type",
    ),
    "redirect": (says(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n"), LONG, "bad_status", "redirect"),
    "no content": (says(b"HTTP/1.1 204 No Content\r\n\r\n"), LONG, "bad_status", "204"),
    "endless": (says(LINE + b"\r\n", *[b" " * 65_536] * 160), LONG, "answer_too_long", "65536 bytes"),
    "strange signature": (
        says(JSON_HEAD + b"webhook-signature: v1,\xff v1,\r\n\r\n{}"),
        LONG,
        "bad_signature",
        "signed",
    ),
    "many signatures": (
        says(JSON_HEAD + b"webhook-signature: " + b"v1,x " * 9_000 + b"\r\n\r\n{}"),
        LONG,
        "bad_signature",
        "",
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_what_a_program_may_do(name: str, new_app: NewApp, caplog: pytest.LogCaptureFixture) -> None:
    """Each is refused, or not noticed by the caller, as the policy says; whatever it was, the log has one line."""
    conduct, timeout_s, failure, said = EDGES[name]
    with conducting(conduct) as port:
        url = f"http://127.0.0.1:{port}/path-of-mine"
        error = refused(new_app(Webhook(REVOKE, url, SECRET, timeout_s=timeout_s)))
        assert (error.failure, error.function) == (failure, REVOKE)
        assert said in str(error)
        assert error.__cause__ is None
        caplog.clear()
        with caplog.at_level(logging.DEBUG):
            assert revoke(new_app(Webhook(REVOKE, url, SECRET, on_failure="go_on", timeout_s=timeout_s))) is False
    (line,) = [each for each in caplog.records if each.name == "authweave.webhooks"]
    assert line.__dict__["failure"] == failure
    assert "path-of-mine" not in line.getMessage()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "https://webhooks.invalid/", f"https://{'a' * 63}.{'b' * 63}.invalid/"]
)
def test_nobody_to_talk_to(url: str, new_app: NewApp) -> None:
    """No connection, and no such name."""
    assert refused(new_app(Webhook(REVOKE, url, SECRET, timeout_s=LONG))).failure == "unreachable"
    assert revoke(new_app(Webhook(REVOKE, url, SECRET, on_failure="go_on", timeout_s=LONG))) is False


def test_no_tls_where_it_should_be(new_app: NewApp) -> None:
    """A server that speaks http is not asked over http."""

    def conduct(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with conducting(conduct) as port:
        url = f"https://127.0.0.1:{port}/"
        assert refused(new_app(Webhook(REVOKE, url, SECRET, timeout_s=LONG))).failure == "unreachable"
        assert revoke(new_app(Webhook(REVOKE, url, SECRET, on_failure="go_on", timeout_s=LONG))) is False


def test_tls(tmp_path: Path, new_app: NewApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose certificate nobody vouches for is told nothing; whose certificate is known is asked."""
    receiver, certificate = Receiver(), loopback_certificate(tmp_path)
    with serving(receiver, certificate) as url:
        assert refused(new_app(Webhook(REVOKE, url, SECRET, timeout_s=LONG))).failure == "unreachable"
        assert revoke(new_app(Webhook(REVOKE, url, SECRET, on_failure="go_on", timeout_s=LONG))) is False
        assert receiver.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        receiver.answers(f"{REVOKE}.before", {"result": True})
        auth = new_app(Webhook(REVOKE, url, SECRET, timeout_s=LONG))
        assert [revoke(auth), revoke(auth)] == [True, True]
        auth.close()  # a server waits for whoever has a connection over TLS


def test_an_answer_in_order_of_an_old_server(new_app: NewApp) -> None:
    """HTTP/1.0 will do, also twice."""
    with conducting(plain) as port:
        auth = new_app(Webhook(REVOKE, f"http://127.0.0.1:{port}/", SECRET, timeout_s=LONG))
        assert [revoke(auth), revoke(auth)] == [False, False]


@pytest.mark.parametrize(("host", "family"), [("localhost", socket.AF_INET6), ("[::1]", socket.AF_INET6)])
def test_ipv6(host: str, family: socket.AddressFamily, new_app: NewApp) -> None:
    """``localhost`` is both loopback addresses."""
    with conducting(plain, family) as port:
        assert revoke(new_app(Webhook(REVOKE, f"http://{host}:{port}/", SECRET, timeout_s=LONG))) is False


def test_localhost_is_no_question_for_a_name_server(new_app: NewApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever could answer it would be sent plain http."""
    asked: list[str | bytes | None] = []
    resolve = socket.getaddrinfo

    def note(host: str | bytes | None, *arguments: int, **more: int) -> object:
        asked.append(host)
        return resolve(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    with conducting(plain) as port:
        assert revoke(new_app(Webhook(REVOKE, f"http://localhost:{port}/", SECRET, timeout_s=LONG))) is False
    assert asked
    assert not {"localhost", b"localhost"}.intersection(asked)


def test_a_kept_connection_that_was_closed(new_app: NewApp) -> None:
    """The program ends connections after each answer without a word of it: nobody notices, and ids stay apart."""
    ids: list[str] = []

    def conduct(connection: socket.socket, _: threading.Event) -> None:
        request = asked(connection)
        ids.append(request.id)
        signature = request.answer({}).headers["webhook-signature"].encode()
        connection.sendall(LINE + b"content-length: 2\r\nwebhook-signature: " + signature + b"\r\n\r\n{}")

    with conducting(conduct) as port:
        auth = new_app(Webhook(REVOKE, f"http://127.0.0.1:{port}/", SECRET, timeout_s=LONG))
        assert [revoke(auth) for _ in range(20)] == [False] * 20
    assert len(set(ids)) == 20


def test_sent_again_with_the_same_id(new_app: NewApp) -> None:
    """What is sent once more, because a connection broke, is known by its id."""
    ids: list[str] = []

    def conduct(connection: socket.socket, done: threading.Event) -> None:
        ids.append(asked(connection).id)

    with conducting(conduct) as port:
        refused(new_app(Webhook(REVOKE, f"http://127.0.0.1:{port}/", SECRET, timeout_s=LONG)))
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize("on_failure", ["refuse", "go_on"])
def test_cancelled_while_it_waits(on_failure: Literal["refuse", "go_on"], new_app: NewApp) -> None:
    """A caller who gives up is no failure of the webhook: the call ends, and the function does not run."""
    came = threading.Event()

    def conduct(connection: socket.socket, done: threading.Event) -> None:
        asked(connection)
        came.set()
        done.wait(PATIENCE_S)

    async def main(auth: App) -> None:
        call = asyncio.create_task(auth.recipe(SessionRecipe).functions.revoke_session("none", UserContext()))
        await asyncio.to_thread(came.wait, PATIENCE_S)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    with conducting(conduct) as port:
        hook = Webhook(REVOKE, f"http://127.0.0.1:{port}/", SECRET, on_failure=on_failure, timeout_s=LONG)
        ran: list[str] = []

        @RevokeSession.override
        async def inner(call: RevokeSession) -> bool:
            ran.append(call.session_handle)
            return await call.original()

        asyncio.run(main(new_app(hook, inner)))
        assert ran == []


def test_many_at_once(receiver: Receiver, new_app: NewApp) -> None:
    """Each call gets the answer to its own request."""
    event = f"{REVOKE}.before"
    receiver.behaviours[event] = lambda request: request.answer(
        {"result": request.event["data"]["parameters"]["session_handle"].endswith("odd")}
    )
    auth = new_app(Webhook(REVOKE, receiver.url, SECRET, timeout_s=LONG))
    functions = auth.recipe(SessionRecipe).functions

    async def main() -> list[bool]:
        calls = [functions.revoke_session(f"{n}{'odd' if n % 2 else 'even'}", UserContext()) for n in range(60)]
        return await asyncio.gather(*calls)

    assert asyncio.run(main()) == [bool(n % 2) for n in range(60)]
