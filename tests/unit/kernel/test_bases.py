import pytest

from authweave.kernel import CompositionError, compose
from tests.unit.kernel.greeter import AppContext, Greeter


def test_a_function_assigned_to_an_implementation_is_a_fault() -> None:
    """The chain starts from the class's function, so the object's own would never be called."""

    def quietly(name: str, user_context: AppContext) -> str:
        return name

    base = Greeter()
    base.shout = quietly
    with pytest.raises(CompositionError, match=r"Greeter\.shout was assigned to the object itself"):
        compose(base)
