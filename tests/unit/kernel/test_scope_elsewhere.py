from contextvars import Context

from authweave.kernel import Override, compose, override, overriding
from tests.unit.kernel.greeter import AppContext, GreeterInterface, Shout, implementation


def named(name: str) -> Override[GreeterInterface]:
    """Make an override that adds its name to the result."""

    @override(GreeterInterface.shout)
    def shout(original: Shout, name: str, user_context: AppContext) -> str:
        return f"{added}({original(name, user_context)})"

    added = name
    return shout


def test_a_block_that_ends_in_another_context_leaves_its_blocks_alone() -> None:
    """A fixture may end what a task began: the block is over in both, and one around it still holds."""
    app = compose(implementation())
    elsewhere = Context()
    block = overriding(app, [named("elsewhere")])
    with overriding(app, [named("here")]):
        elsewhere.run(block.__enter__)
        assert elsewhere.run(app.shout, "ada", AppContext()) == "elsewhere(ADA)"
        block.__exit__(None, None, None)
        assert app.shout("ada", {}) == "here(ADA)"
        assert elsewhere.run(app.shout, "ada", AppContext()) == "ADA"
        with overriding(app, [named("inner")]):
            assert app.shout("ada", {}) == "inner(here(ADA))"
    assert app.shout("ada", {}) == "ADA"


def test_blocks_that_end_in_another_order_than_they_began() -> None:
    """The one that is left holds until it ends itself."""
    app = compose(implementation())
    first, second = overriding(app, [named("first")]), overriding(app, [named("second")])
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert app.shout("ada", {}) == "second(ADA)"
    second.__exit__(None, None, None)
    assert app.shout("ada", {}) == "ADA"
