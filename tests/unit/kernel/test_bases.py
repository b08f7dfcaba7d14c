import pytest

from authweave.kernel import CompositionError, compose, override
from tests.unit.kernel.greeter import AppContext, Greeter, GreeterInterface, Shout, untyped


@override(GreeterInterface.shout)
def loud(original: Shout, name: str, user_context: AppContext) -> str:
    """Shout louder."""
    return f"{original(name, user_context)}!"


def test_a_function_assigned_to_an_implementation_is_a_fault() -> None:
    """The chain starts from the class's function, so the object's own would never be called."""

    def quietly(name: str, user_context: AppContext) -> str:
        return name

    base = Greeter()
    base.shout = quietly
    with pytest.raises(CompositionError, match=r"Greeter\.shout was assigned to the object itself"):
        compose(base)


def test_compose_wants_an_instance_and_a_list() -> None:
    """A class, and an override that stands alone, are told what to write instead."""
    with pytest.raises(TypeError, match=r"Greeter is a class: hand over an instance, compose\(Greeter\(\)"):
        untyped(compose)(Greeter)
    with pytest.raises(TypeError, match="stands alone: hand over a list"):
        untyped(compose)(Greeter(), loud)


def test_a_wrong_call_is_told_under_the_functions_own_name() -> None:
    """With and without overrides."""
    for app in (compose(Greeter()), compose(Greeter(), [loud])):
        with pytest.raises(TypeError, match=r"^Greeter\.shout\(\) got an unexpected keyword argument 'nmae'"):
            untyped(app.shout)(nmae="ada")
