"""A block of overrides in a task of trio's."""

import trio

from authweave.kernel import compose, override, overriding
from tests.unit.kernel.greeter import AppContext, GreeterInterface, Shout, implementation


@override(GreeterInterface.shout)
def in_trio(original: Shout, name: str, user_context: AppContext) -> str:
    """Say that it ran."""
    return f"trio({original(name, user_context)})"


def test_a_block_in_a_task_of_trio_holds_for_that_task() -> None:
    """As in one of asyncio's: its siblings, and tasks that it starts, take no part."""
    app = compose(implementation())
    found: dict[str, str] = {}

    def note(name: str) -> None:
        found[name] = app.shout("ada", {})

    async def note_later(name: str) -> None:
        note(name)

    async def opens(opened: trio.Event, looked: trio.Event) -> None:
        with overriding(app, [in_trio]):
            note("itself")
            async with trio.open_nursery() as nursery:
                nursery.start_soon(note_later, "child")
            opened.set()
            await looked.wait()

    async def main() -> None:
        opened, looked = trio.Event(), trio.Event()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(opens, opened, looked)
            await opened.wait()
            note("sibling")
            looked.set()

    trio.run(main)
    assert found == {"itself": "trio(ADA)", "child": "ADA", "sibling": "ADA"}
