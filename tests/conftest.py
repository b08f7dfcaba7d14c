"""
What all tests share: Hypothesis profiles, and a PostgreSQL server.

``HYPOTHESIS_PROFILE=ci`` is long and always the same, ``dev`` is short. The server is one of our own, unless
``AUTHWEAVE_TEST_POSTGRESQL`` names one; tests that need it are marked ``postgresql`` by themselves.
"""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.proving import unwatched  # noqa: F401  # pyright: ignore[reportUnusedImport]  a fixture, which modules ask for by name
from tests.untraced import trace_what_is_needed

if TYPE_CHECKING:
    from tests.postgresql import Server

# No deadline: what is slow under coverage or on a busy machine is not wrong.
SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", max_examples=25, deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.register_profile(
    "ci", max_examples=200, deadline=None, suppress_health_check=SLOW_IS_FINE, derandomize=True, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

# Coverage measures the workers of `pytest -n`, and not the programs that tests start.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_START", None)


class ToldAtOnce:
    """Prints each failure when it happens: a run that is ended from outside has no summary."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print a failure."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and isinstance(terminal, pytest.TerminalReporter):
            terminal.write_line(f"\nFAILED {report.nodeid} ({report.when})\n{report.longreprtext}")
            terminal.flush()


def do_nothing(*_: object) -> None:
    """Hear a signal as if it were ignored."""


def pytest_configure(config: pytest.Config) -> None:
    """Tell failures at once on CI; and have the programs that tests start hear signals, as they do in a terminal."""
    for ignored in (signal.SIGINT, signal.SIGHUP):  # by a shell's background jobs and nohup, and all that they start
        if signal.getsignal(ignored) is signal.SIG_IGN:
            signal.signal(ignored, do_nothing)  # which programs do not inherit
    trace_what_is_needed(config)
    if os.environ.get("CI") == "true" and "PYTEST_XDIST_WORKER" not in os.environ:
        config.pluginmanager.register(ToldAtOnce(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need PostgreSQL."""
    for item in items:
        if "postgresql" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over what the tests are made of: it is 700,000 objects, and stays to the end."""
    gc.collect()
    if sys.platform != "emscripten":  # there Hypothesis asks the collector who holds its random numbers
        gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Leave the root logger's level as it was: modules of tests make applications."""
    with same_level():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Leave it as it was where a fixture outlives its test; those of one test are undone with it."""
    if fixturedef.scope == "function":
        return (yield)
    with same_level():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Leave it as it was after a test."""
    with same_level():
        return (yield)


@contextmanager
def same_level() -> Generator[None]:
    """Set the root logger's level back: frameworks change it, Litestar with every application that is made."""
    root = logging.getLogger()
    before = root.level
    try:
        yield
    finally:
        root.setLevel(before)


@pytest.fixture(scope="session", autouse=True)
def tables_from_copies() -> Iterator[None]:
    """Have new SQLite stores get their tables from a copy, where there are stores at all."""
    if find_spec("sqlalchemy") is None:  # the kernel's tests run without it
        yield
        return
    from tests.ready_tables import use_copies

    with pytest.MonkeyPatch.context() as patch:
        use_copies(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_trust() -> Iterator[None]:
    """Have clients share what they trust, where there are clients at all."""
    if find_spec("httpx2") is None:  # as above
        yield
        return
    from tests.one_trust import share_trust

    with pytest.MonkeyPatch.context() as patch:
        share_trust(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_defaults() -> Iterator[None]:
    """Have applications wait for their stores as long as tests do, where there are stores at all."""
    if find_spec("sqlalchemy") is None:  # as above
        yield
        return
    from tests.patient_defaults import be_patient

    with pytest.MonkeyPatch.context() as patch:
        be_patient(patch)
        yield


@pytest.fixture
def migrations_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have new stores run their migrations, as users' do: for what tests them."""
    from tests.ready_tables import run_migrations

    run_migrations(monkeypatch)


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[Server]":
    """Return a server, shared by all tests of a run: each makes databases of its own."""
    from tests.postgresql import HOW_TO_GET_ONE, programs, server  # the driver is an extra

    if programs() is None and "AUTHWEAVE_TEST_POSTGRESQL" not in os.environ:
        if os.environ.get("CI") == "true":
            pytest.fail(HOW_TO_GET_ONE)
        pytest.skip(HOW_TO_GET_ONE)
    with server() as found:
        yield found


@pytest.fixture
def new_postgresql_url(postgresql: "Server") -> Iterator[Callable[[], str]]:
    """Return what makes databases that have the tables and nothing in them, and returns their URLs."""
    made: list[str] = []

    def new() -> str:
        made.append(postgresql.new_store())
        return made[-1]

    yield new
    for url in made:
        postgresql.drop(url)


@pytest.fixture
def postgresql_url(new_postgresql_url: Callable[[], str]) -> str:
    """Return the URL of a database that has the tables and nothing in them."""
    return new_postgresql_url()
