"""Run the examples of pages and docstrings; ``nox -s docs`` collects them."""

from doctest import ELLIPSIS

from sybil import Sybil
from sybil.parsers import myst, rest

markdown = Sybil(
    parsers=[
        myst.DocTestDirectiveParser(optionflags=ELLIPSIS),
        myst.PythonCodeBlockParser(doctest_optionflags=ELLIPSIS),
        myst.SkipParser(),
    ],
    patterns=["*.md"],
)
docstrings = Sybil(
    parsers=[rest.DocTestParser(optionflags=ELLIPSIS), rest.PythonCodeBlockParser(), rest.SkipParser()],
    path="src",
    patterns=["*.py"],
)

pytest_collect_file = (markdown + docstrings).pytest()
