"""``authweave.errors`` has every error that can be raised; its picture shows each once, below what it is a kind of."""

import pkgutil
import re
from importlib import import_module
from typing import Final

import authweave
from authweave import errors
from authweave.errors import AuthweaveError
from tests.django_site import set_up

ELSEWHERE: Final = ("authweave.cli", "authweave.serving", "authweave.__main__", "authweave.kernel.__main__")
"""Commands, whose errors end them."""

LINE: Final = re.compile(r"^ {4}((?:[│ ]   )*)[├└]── (\w+Error)\b", re.MULTILINE)


def raised() -> dict[str, str]:
    """Return the errors of all modules, each with what it is a kind of."""
    set_up()  # REST framework and ninja read Django's settings as soon as they are imported
    for module in pkgutil.walk_packages(authweave.__path__, "authweave."):
        if not module.name.startswith(ELSEWHERE) and "migrations" not in module.name:
            import_module(module.name)
    found: dict[str, str] = {}
    left: list[type[AuthweaveError]] = [AuthweaveError]
    while left:
        for kind in left.pop().__subclasses__():
            if kind.__module__.startswith("authweave.") and not kind.__module__.startswith(ELSEWHERE):
                found[kind.__name__] = next(
                    base.__name__ for base in kind.__bases__ if issubclass(base, AuthweaveError)
                )
                left.append(kind)
    return found


def test_every_error_is_there() -> None:
    """Those that can be imported from there are those that there are."""
    assert set(errors.__all__) == {*raised(), "AuthweaveError"}
    assert all(hasattr(errors, name) for name in errors.__all__)


def test_the_picture_shows_each_once() -> None:
    """The docstring has every error, once, below what it is a kind of."""
    shown: list[tuple[str, str]] = []
    above = ["AuthweaveError"]
    for indentation, name in LINE.findall(errors.__doc__ or ""):
        above[1 + len(indentation) // 4 :] = [name]
        shown.append((name, above[-2]))
    assert len(shown) == len(dict(shown))
    assert dict(shown) == raised()
