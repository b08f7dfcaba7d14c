"""PostgreSQL stands still: it takes connections and bytes, and answers nothing (SIGSTOP, a frozen container)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TypeVar

import httpx2
import psycopg
import pytest

from authweave.storage import StorageError, StorageOptions, within
from tests.integration.http.serving import HEADERS, bearer
from tests.patience import PATIENCE_S, PATIENT
from tests.postgresql import PrivateServer, Server, pair, private_server
from tests.stores import open_whole

from .application import assert_ok, assert_unavailable, built, enter, refresh, served, sign_ups
from .test_postgresql import locked, waiting

R = TypeVar("R")

WAIT_S = 0.5


@pytest.fixture(scope="module")
def server(postgresql: Server) -> Iterator[PrivateServer]:
    """Return a server that may be stopped."""
    del postgresql  # left out where there is none
    with private_server() as ours:
        yield ours


def test_requests_are_answered_in_time(server: PrivateServer) -> None:
    """Whatever needs the store is a 503 after the time that is set, and the rest goes on; afterwards all is well."""
    url = server.new_store()
    with (
        served(built(url)) as patient,
        served(built(url, wait_s=WAIT_S)) as client,
        ThreadPoolExecutor(4) as crowd,
    ):
        enter(patient, "signup")
        held = until_ok(client)
        with server.frozen():
            for _ in range(2):  # with the connections that there were, and with new ones
                at_once = [
                    crowd.submit(enter, client, "signup", "eve@example.com"),
                    crowd.submit(enter, client, "signin"),
                    crowd.submit(refresh, client, held),
                    crowd.submit(client.post, "/auth/signout", headers={**HEADERS, **bearer(held)}),
                ]
                for each in at_once:
                    assert_unavailable(each.result(PATIENCE_S))
            assert client.get("/me", headers=bearer(held)).status_code == 200
            assert client.get("/auth/health/live").status_code == 200
        assert_ok(enter(patient, "signin"))
        assert refresh(patient, held).status_code == 200
        until_ok(client)


def test_those_under_way_are_too(server: PrivateServer) -> None:
    """A sign-up that the server has half done is a 503 and leaves nothing behind, and does not happen later."""
    url = server.new_store()
    with served(built(url)) as patient, served(built(url, wait_s=WAIT_S)) as client, ThreadPoolExecutor(1) as thread:
        enter(patient, "signup")
        with locked(url, "authweave_passwords"):
            under_way: Future[httpx2.Response] | None = None
            while waiting(url) == 0:
                if under_way is None or under_way.done():
                    under_way = thread.submit(enter, client, "signup", "eve@example.com")
            with server.frozen():
                assert under_way is not None
                assert_unavailable(under_way.result(PATIENCE_S))
            while waiting(url) > 0:
                pass
        with psycopg.connect(url) as other:
            assert other.execute("SELECT count(*) FROM authweave_users").fetchone() == (1,)
            assert other.execute("SELECT count(*) FROM authweave_login_methods").fetchone() == (1,)
        assert_ok(enter(patient, "signup", "eve@example.com"))
        until_ok(client)


def test_a_crowd_is_answered_in_time(server: PrivateServer) -> None:
    """More requests than there are threads and connections do not wait for one another."""
    url = server.new_store()
    with served(built(url, wait_s=WAIT_S, threads=2)) as client, ThreadPoolExecutor(16) as crowd:
        with server.frozen():
            for each in sign_ups(crowd, client, 32):
                assert_unavailable(each.result(PATIENCE_S))
        until_ok(client, "signup")


def test_so_are_callers_of_the_store(server: PrivateServer) -> None:
    """In Python a statement has the time of the options, a block has its own, and opening has that for connecting."""
    url = server.new_store()
    hasty = StorageOptions(statement_timeout_s=WAIT_S, connect_timeout_s=WAIT_S)
    with closing(in_time(lambda: open_whole(url, hasty))) as storage, closing(open_whole(url, PATIENT)) as patient:
        assert in_time(lambda: storage.tenant_exists("public"))
        assert patient.tenant_exists("public")
        with server.frozen():
            with pytest.raises(StorageError):
                storage.tenant_exists("public")
            with pytest.raises(StorageError), within(WAIT_S):
                patient.create_tenant("unanswered")
            with pytest.raises(StorageError):
                open_whole(url, hasty)
        assert in_time(lambda: storage.tenant_exists("public"))
        assert patient.create_tenant("answered")


def test_the_main_process_alone(server: PrivateServer) -> None:
    """Where only new connections hang, those that there are go on."""
    url = server.new_store()
    with closing(open_whole(url, PATIENT)) as storage:
        assert storage.tenant_exists("public")
        with server.frozen(only_main=True):
            assert storage.tenant_exists("public")
            assert storage.create_tenant("other")


def test_a_copy_that_the_server_waits_for(postgresql: Server) -> None:
    """A server that acknowledges nothing without its standby does not hold up the callers when that stands still."""
    del postgresql  # left out where there is none
    with (
        pair() as both,
        closing(open_whole(both.url_of(both.primary.new_store()), PATIENT)) as storage,
    ):
        assert storage.create_tenant("one")
        with both.standby.frozen(), within(WAIT_S), pytest.raises(StorageError, match="is not known"):
            storage.create_tenant("two")
        assert storage.create_tenant("three")


def in_time(ask: Callable[[], R]) -> R:
    """Ask the store until it answers in the short time that there is."""
    while True:
        with suppress(StorageError):
            return ask()


def until_ok(client: httpx2.Client, path: str = "signin") -> httpx2.Response:
    """Sign up or in until that is answered in the short time that there is."""
    while (answer := enter(client, path)).status_code == 503:
        assert_unavailable(answer)
    assert_ok(answer)
    return answer
