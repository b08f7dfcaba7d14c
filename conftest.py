"""Run the examples of pages and docstrings; ``nox -s docs`` collects them."""

import contextlib
import sys
from collections.abc import Iterator
from doctest import ELLIPSIS

import pytest
from sybil import Sybil
from sybil.parsers import myst, rest


@pytest.fixture(scope="module")
def working_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give each page a directory of its own, where its database goes, and close the application that it leaves."""
    with contextlib.chdir(tmp_path_factory.mktemp("page")):
        yield
        if "authweave.app" in sys.modules:
            close_default_app()


def close_default_app() -> None:
    """Close the application that ``init`` made the default, if it did."""
    from authweave.app import default_app, set_default_app  # noqa: PLC0415  the kernel's pages never load it
    from authweave.types import ConfigurationError  # noqa: PLC0415  as above

    with contextlib.suppress(ConfigurationError):
        default_app().close()
    set_default_app(None)


def as_program(namespace: dict[str, object]) -> None:
    """Name the module that a page's examples are in: Flask and Litestar look it up."""
    namespace["__name__"] = "__main__"


markdown = Sybil(
    parsers=[
        myst.DocTestDirectiveParser(optionflags=ELLIPSIS),
        myst.PythonCodeBlockParser(doctest_optionflags=ELLIPSIS),
        myst.SkipParser(),
    ],
    patterns=["*.md"],
    fixtures=["working_directory"],
    setup=as_program,
)
docstrings = Sybil(
    parsers=[rest.DocTestParser(optionflags=ELLIPSIS), rest.PythonCodeBlockParser(), rest.SkipParser()],
    path="src",
    patterns=["*.py"],
)

pytest_collect_file = (markdown + docstrings).pytest()
