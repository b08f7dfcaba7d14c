"""Overrides for a test, under the plugins and classes that run asynchronous tests: each in a process of its own."""

import pytest

pytest_plugins = ["pytester"]

COMMON = """
import threading
import pytest
from typing import Protocol
from authweave.kernel import Interface, compose, overridable, override, overriding as block
from authweave.testing import scope_for_test

class Greeting(Interface, Protocol):
    @overridable
    def shout(self, name, user_context): ...

class Greeter(Greeting):
    @overridable
    def shout(self, name, user_context):
        return name.upper()

def named(added):
    @override(Greeting.shout)
    def shout(original, name, user_context):
        return f"{added}({original(name, user_context)})"
    return shout

greeter = compose(Greeter())

def shout():
    return greeter.shout("ada", {})

def in_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(shout()))
    thread.start()
    thread.join()
    return found[0]

@pytest.fixture
def shouting(overriding):
    overriding(greeter, named("fixture"))
    return overriding
"""

TESTS = """
async def test_fixture(shouting):
    assert shout() == "fixture(ADA)"
    shouting(greeter, named("test"))
    assert shout() == in_thread() == "test(fixture(ADA))"

@pytest.fixture
async def later(loop_for_all, overriding):
    overriding(greeter, named("async"))

async def test_async_fixture(later):
    assert shout() == "async(ADA)"

@pytest.fixture
def in_block():
    with block(greeter, [named("block")]):
        yield

async def test_block_of_a_fixture(in_block):
    assert shout() == "block(ADA)"

async def test_nothing_is_left():
    assert shout() == "ADA"
"""

ANYIO = """
pytestmark = pytest.mark.anyio

@pytest.fixture(scope="session", params=BACKENDS)
def anyio_backend(request):
    return request.param

@pytest.fixture(scope="session", autouse=True)
async def loop_for_all(anyio_backend):
    yield
"""

ASYNCIO = """
pytestmark = pytest.mark.asyncio(loop_scope="session")

@pytest.fixture(scope="session", autouse=True)
async def loop_for_all():
    yield
"""

TRIO = """
@pytest.fixture(autouse=True)
async def loop_for_all():
    yield
"""

RUNNERS = {
    "anyio on asyncio": ((), ANYIO.replace("BACKENDS", "['asyncio']")),
    "anyio on trio": ((), ANYIO.replace("BACKENDS", "['trio']")),
    "pytest-asyncio": (("-p", "asyncio", "-o", "asyncio_mode=auto"), ASYNCIO),
    "pytest-trio": (("-p", "trio", "-o", "trio_mode=true"), TRIO),
}


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run the tests of a project in a process of its own, with no other plugins than those named."""
    plugins = ("-p", "anyio", "-p", "authweave", "-p", "no:cacheprovider")
    return pytester.runpytest_subprocess(*plugins, *options)


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_fixture_holds_in_asynchronous_tests(
    runner: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a test whose context is as old as a fixture of a wider scope; and nothing is left afterwards."""
    options, settings = RUNNERS[runner]
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(COMMON + settings + TESTS)
    run(pytester, *options).assert_outcomes(passed=4)


UNITTEST = """
import unittest

class Both:
    def test_first(self):
        assert shout() == in_thread() == "class(ADA)"
        self.overriding(greeter, named("test"))
        assert shout() == in_thread() == "test(class(ADA))"

class Plain(Both, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(scope_for_test())(greeter, named("class"))

    def setUp(self):
        self.overriding = self.enterContext(scope_for_test())

class Async(Both, unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(scope_for_test())(greeter, named("class"))

    def setUp(self):
        self.overriding = self.enterContext(scope_for_test())

    async def test_second(self):
        self.overriding(greeter, named("second"))
        assert shout() == in_thread() == "second(class(ADA))"

class InBlock(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(block(greeter, [named("block")]))

    async def test_block(self):
        assert shout() == "block(ADA)"
        assert in_thread() == "ADA"
"""

FIXTURE_OF_UNITTEST = """
class WithFixture(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def override(self, overriding):
        overriding(greeter, named("fixture"))

    async def test_fixture(self):
        assert shout() == in_thread() == "fixture(ADA)"
"""

LAST = """
class ZLast(unittest.TestCase):
    def test_nothing_is_left(self):
        assert shout() == "ADA"
"""


def test_the_classes_of_unittest(pytester: pytest.Pytester) -> None:
    """Scopes and blocks that a test or its class opens hold in its asynchronous methods, in unittest's own runner."""
    pytester.makepyfile(test_it=COMMON + UNITTEST + LAST)
    result = pytester.runpython_c("import unittest; unittest.main('test_it')")
    assert result.ret == 0
    result.stderr.fnmatch_lines(["Ran 5 tests*"])


def test_the_classes_of_unittest_under_pytest(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, and a fixture: the context of such a test is made before any fixture runs."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(COMMON + UNITTEST + FIXTURE_OF_UNITTEST + LAST)
    run(pytester).assert_outcomes(passed=6)
