import asyncio
import threading
from collections.abc import Generator
from contextlib import suppress
from contextvars import copy_context
from types import MappingProxyType

import pytest
from typing_extensions import ReadOnly, is_typeddict

from authweave.kernel import (
    UserContext,
    carry_context,
    compose,
    current_context,
    forked_context,
    override,
    root_context,
    use_context,
)
from tests.unit.kernel.greeter import AppContext, GreeterInterface, Shout, implementation, untyped

WRONG: tuple[object, ...] = ("context", 3, MappingProxyType[str, object]({}), object(), [("a", 1)])


@pytest.mark.parametrize("wrong", WRONG)
def test_a_context_is_a_dict(wrong: object) -> None:
    """Anything but a dict is refused where it is handed over, and the message says what to hand over instead."""
    app = compose(implementation())
    message = f"user_context must be a dict .* not {type(wrong).__name__}: hand over the user_context that your"
    with pytest.raises(TypeError, match=message):
        untyped(app.shout)("ada", wrong)
    with pytest.raises(TypeError, match=message):
        asyncio.run(untyped(app.greet)("ada", "hi", wrong))
    with pytest.raises(TypeError, match=message), untyped(use_context)(wrong):
        pass
    assert current_context() == {}


def test_an_override_that_hands_over_something_else_is_told_too() -> None:
    """The layer below is not reached by a context that is none."""

    @override(GreeterInterface.shout)
    def careless(original: Shout, name: str, user_context: AppContext) -> str:
        return str(untyped(original)(name, "no context"))

    with pytest.raises(TypeError, match="not str"):
        untyped(compose(implementation(), [careless]).shout)("ada")


def test_a_typed_view_is_the_same_object() -> None:
    """A view of another type is the context itself."""
    with root_context(AppContext(mark="here")) as root:
        view = current_context(AppContext)
        assert view is root
        assert view.get("mark") == "here"


def test_use_context_restores_after_an_exception() -> None:
    """The former context is current again, also after blocks inside blocks."""
    first, second = UserContext(), UserContext()
    with use_context(first):
        with suppress(KeyError), use_context(second):
            assert current_context() is second
            raise KeyError
        assert current_context() is first
    assert current_context() == {}


def test_one_block_at_a_time() -> None:
    """A block that has not ended cannot begin again, and leaves no context behind; one that has ended can."""
    first = UserContext()
    block = use_context(first)
    with block:
        with pytest.raises(RuntimeError, match=r"call use_context\(...\) anew"), block:
            pass
        assert current_context() is first
    assert current_context() is not first
    with block:
        assert current_context() is first
    assert current_context() is not first


def test_a_fork_takes_the_keys_along_and_gives_none_back() -> None:
    """What is written in a fork stays there; the values are shared."""
    with root_context(AppContext(mark="outer")) as outer:
        with forked_context() as copy:
            assert dict(copy) == {"mark": "outer"}
            view = current_context(AppContext)
            view["other"] = "inner"
        assert dict(outer) == {"mark": "outer"}


def test_carrying_nothing_carries_that_nothing_was_current() -> None:
    """A function bound outside of any root call runs outside of any, wherever it is called."""
    carried = carry_context(current_context)
    with root_context(AppContext(mark="mine")) as root:
        assert carried() == {}
        assert current_context() is root


@pytest.mark.threads
def test_carrying_restores_the_context_of_the_thread() -> None:
    """A thread that runs a carried function has its own context again afterwards, also after an exception."""
    found: list[UserContext] = []

    def fails() -> None:
        found.append(current_context())
        raise KeyError

    def target() -> None:
        with root_context() as own:
            with pytest.raises(KeyError):
                carried()
            assert current_context() is own
            found.append(own)

    with root_context() as root:
        carried = carry_context(fails)
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
    assert found[0] is root
    assert len(found) == 2


def test_a_generator_that_ends_elsewhere_changes_nothing_there() -> None:
    """A block in a generator that is closed in another Context leaves the context of that one alone."""
    with root_context():
        generator = generate()
        copy_context().run(next, generator)
    with root_context() as here:
        generator.close()
        assert current_context() is here


def generate() -> Generator[UserContext]:
    """Open a block around a yield."""
    with use_context(UserContext()) as opened:
        yield opened


def test_a_block_that_ends_elsewhere_is_told() -> None:
    """It held for nobody; the context where it ends is left alone."""
    generator = generate()
    copy_context().run(next, generator)
    with root_context() as here:
        with pytest.raises(RuntimeError, match="keep yield out of the block"):
            next(generator)
        assert current_context() is here


def test_a_block_that_fails_elsewhere_fails_as_it_did() -> None:
    """The exception arrives unchanged, and a note tells of the block."""
    generator = generate()
    copy_context().run(next, generator)
    with pytest.raises(KeyError) as caught:
        generator.throw(KeyError("mine"))
    assert caught.value.args == ("mine",)
    (note,) = caught.value.__notes__
    assert "than it began in" in note


def test_two_applications_hand_one_context_on() -> None:
    """A context that is handed from one application to another stays the same object, implicitly and explicitly."""
    seen: list[AppContext] = []

    @override(GreeterInterface.shout)
    def looks(original: Shout, name: str, user_context: AppContext) -> str:
        seen.append(user_context)
        user_context["other"] = name
        return original(name, user_context)

    second = compose(implementation(), [looks])

    @override(GreeterInterface.shout)
    def asks(original: Shout, name: str, user_context: AppContext) -> str:
        second.shout(name, user_context)
        untyped(second.shout)(name)
        return original(name, user_context)

    first = compose(implementation(), [asks])
    mine = AppContext()
    first.shout("ada", mine)
    assert [context is mine for context in seen] == [True, True]
    assert mine == {"other": "ada"}


def test_a_closed_context_and_keys_that_are_only_read() -> None:
    """They can be declared on every Python, and are dicts as any other."""

    class Reads(UserContext, total=False):
        campaign: ReadOnly[str]

    class Closed(Reads, total=False, closed=True):
        other: int

    with use_context(Closed(campaign="spring", other=3)) as context:
        assert current_context(Reads).get("campaign") == "spring"
        assert isinstance(context, dict)
    assert is_typeddict(Closed)
    assert vars(Closed)["__closed__"] is True
