import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from operator import methodcaller

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from authweave import App, InputAppInfo, UserContext, init
from authweave.framework.asgi import Middleware
from authweave.kernel import CompositionError, Override, compose, override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.storage.memory import MemoryStorage
from authweave.testing import Overriding, pytest_plugin, recording
from tests.unit.kernel.greeter import AppContext, GreeterInterface, Shout, implementation, untyped

pytest_plugins = ["pytester"]


def named(name: str) -> Override[GreeterInterface]:
    """Make an override that adds its name to the result."""

    @override(GreeterInterface.shout)
    def shout(original: Shout, name: str, user_context: AppContext) -> str:
        return f"{added}({original(name, user_context)})"

    added = name
    return shout


@pytest.fixture
def greeter() -> Iterator[GreeterInterface]:
    """Give a composed object, and look afterwards whether it is as it was."""
    composed = compose(implementation())
    yield composed
    assert composed.shout("ada", {}) == "ADA"


@pytest.fixture
def auth() -> Iterator[App]:
    """Give an application in memory."""
    made = init(
        InputAppInfo("Test", "http://testserver", website_domain="http://testserver"),
        [emailpassword.init(), session.init()],
        storage=MemoryStorage(),
        secret=bytes(32),
        default=False,
    )
    yield made
    made.close()


@pytest.fixture
def shouting(greeter: GreeterInterface, overriding: Overriding) -> GreeterInterface:
    """Override in a fixture, which is not async."""
    overriding(greeter, named("fixture"))
    return greeter


def test_a_test_that_runs_a_loop(greeter: GreeterInterface, overriding: Overriding) -> None:
    """Overrides hold before, in and after the loop, and in tasks and threads that it starts."""

    async def main() -> list[str]:
        return [
            await greeter.greet("ada", "hello", {}),
            await asyncio.create_task(greeter.greet("ada", "hello", {})),
            await asyncio.to_thread(greeter.shout, "ada", {}),
        ]

    overriding(greeter, named("first"), named("second"))
    overriding(greeter, named("later"))
    expected = "later(first(second(ADA)))"
    assert asyncio.run(main()) == [f"hello, {expected}", f"hello, {expected}", expected]
    assert greeter.shout("ada", {}) == expected


def test_overriding_inside_of_a_loop(greeter: GreeterInterface, overriding: Overriding) -> None:
    """It lasts until the end of the test, for what its task starts; the fixture ends it from outside of the task."""

    async def main() -> str:
        overriding(greeter, named("inside"))
        return await asyncio.create_task(greeter.greet("ada", "hello", {}))

    assert asyncio.run(main()) == "hello, inside(ADA)"


@pytest.mark.anyio
async def test_an_async_test(greeter: GreeterInterface, overriding: Overriding) -> None:
    """A test that anyio runs, on asyncio and on trio."""
    overriding(greeter, named("test"))
    assert await greeter.greet("ada", "hello", {}) == "hello, test(ADA)"


@pytest.mark.anyio
async def test_an_async_test_whose_fixture_overrides(shouting: GreeterInterface) -> None:
    """What a fixture overrides holds in the test."""
    assert await shouting.greet("ada", "hello", {}) == "hello, fixture(ADA)"


@pytest.mark.parametrize("early", [True, False])
def test_a_client_with_a_thread_of_its_own(auth: App, overriding: Overriding, *, early: bool) -> None:
    """Starlette's TestClient runs the application elsewhere, before or after the test overrides something."""
    seen = recording(RecipeInterface[UserContext].sign_up)
    form = [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "correct horse 1"}]
    if not early:
        overriding(auth, seen.override)
    sign_up = methodcaller("post", "/auth/signup", json={"formFields": form})  # the client's types are not known
    with TestClient(Middleware(Starlette(), auth)) as client:
        if early:
            overriding(auth, seen.override)
        answer = sign_up(client)
    assert answer.json()["status"] == "OK"
    assert [call.arguments["email"] for call in seen.calls] == ["ada@example.com"]


def test_parallel_threads(greeter: GreeterInterface, overriding: Overriding) -> None:
    """Each thread sees what it overrides itself, though all share the fixture."""
    barrier = threading.Barrier(4)
    found: list[str] = []

    def target(number: int) -> None:
        overriding(greeter, named(f"thread {number}"))
        barrier.wait()
        found.append(greeter.shout("ada", {}))
        barrier.wait()

    threads = [threading.Thread(target=target, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"thread {number}(ADA)" for number in range(4)]
    assert greeter.shout("ada", {}) == "ADA"


def test_what_cannot_be_overridden(greeter: GreeterInterface, overriding: Overriding) -> None:
    """Overrides that do not fit, and targets that nobody composed, are told at once; nothing is changed."""
    with pytest.raises(CompositionError):
        overriding(greeter, recording(RecipeInterface[UserContext].sign_up).override)
    with pytest.raises(TypeError, match="str is neither an App nor composed"):
        untyped(overriding)("greeter", named("one"))
    with pytest.raises(TypeError, match="Greeter was not composed"):
        overriding(implementation(), named("one"))
    assert greeter.shout("ada", {}) == "ADA"


PROJECT = """
import pytest
from authweave.kernel import compose
from tests.unit.kernel.greeter import implementation
from tests.unit.testing.test_pytest_plugin import named

greeter = compose(implementation())

@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"

@pytest.fixture(scope="module", autouse=True)
async def one_loop_for_all(anyio_backend):
    yield

@pytest.mark.anyio
@pytest.mark.parametrize("name", ["one", "two"])
async def test_async(overriding, name):
    overriding(greeter, named(name))
    assert greeter.shout("ada", {}) == f"{name}(ADA)"

@pytest.mark.parametrize("name", ["three", "four"])
def test_sync(overriding, name):
    assert greeter.shout("ada", {}) == "ADA"
    overriding(greeter, named(name))
    assert greeter.shout("ada", {}) == f"{name}(ADA)"
    assert name == "three"

def test_last():
    assert greeter.shout("ada", {}) == "ADA"
"""


def test_each_test_has_a_scope_of_its_own(pytester: pytest.Pytester) -> None:
    """Nothing is left to the next test, be it that tests share a loop or that one fails."""
    pytester.makepyfile(PROJECT)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio")
    result.assert_outcomes(passed=4, failed=1)


def test_the_fixture_is_found_and_explained(pytester: pytest.Pytester) -> None:
    """The plugin is found without being named; it adds one fixture, and no options or hooks."""
    result = pytester.runpytest_inprocess("--fixtures", "-p", "no:asyncio")
    result.stdout.fnmatch_lines(["overriding -- *", "    Override functions of an application*"])
    assert [name for name in vars(pytest_plugin) if name.startswith("pytest_")] == []


START = """
import sys
import pytest
before = set(sys.modules)
import authweave.testing.pytest_plugin
loaded = {name for name in set(sys.modules) - before}
print(*sorted(name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names))
"""


def test_starting_pytest_loads_no_more_than_the_fixture() -> None:
    """Projects that have authweave installed pay next to nothing for the plugin."""
    command = [sys.executable, "-c", START]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own interpreter
    assert run.stdout.split() == ["authweave", "authweave.testing", "authweave.testing.pytest_plugin"]


KERNEL_ALONE = """
import sys
from authweave.kernel import compose
from authweave.testing import recording, scope_for_test
from tests.unit.kernel.greeter import GreeterInterface, implementation
greeter = compose(implementation())
seen = recording(GreeterInterface.shout)
with scope_for_test() as overriding:
    overriding(greeter, seen.override)
    greeter.shout("ada", {})
assert len(seen.calls) == 1
print(*sorted(name for name in sys.modules if name.startswith("authweave.")))
"""


def test_who_uses_the_kernel_alone_loads_no_application() -> None:
    """Recordings and scopes need the kernel and nothing else; nor is Hypothesis loaded."""
    command = [sys.executable, "-c", KERNEL_ALONE]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own interpreter
    rooms = {name.split(".")[1] for name in run.stdout.split()}
    assert rooms == {"kernel", "testing"}


def test_public_names_are_listed_and_others_refused() -> None:
    """What is loaded when first used is listed all the same."""
    import authweave.testing as room

    assert dir(room) == room.__all__
    assert all(getattr(room, name) for name in room.__all__)
    with pytest.raises(AttributeError, match="no attribute 'recordnig'"):
        untyped(getattr)(room, "recordnig")
