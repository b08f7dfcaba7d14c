"""Moving a source over changes what names modules and not one other byte, and doing it twice is doing it once."""

from __future__ import annotations

import ast
import codecs
import re
import warnings
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authweave.moved import move_source
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

ROOT: Final = Path(__file__).parents[2]
PROGRAMS: Final = sorted(path for folder in ("moved", "seeds") for path in (ROOT / "examples" / folder).rglob("*.py"))
HERE_OR_NOT: Final = st.sampled_from(
    [
        "recipe.session.interfaces",
        "recipe.emailpassword",
        "recipe.multitenancy.asyncio",
        "recipe.totp",
        "recipe",
        "types",
        "typos",
    ]
)
GAPS: Final = st.sampled_from([" ", "  ", "\t", " \\\n "])
COMMENTS: Final = st.sampled_from(["", "  # é", "#supertokens_python"])
ALIASES: Final = st.sampled_from(
    [
        "User",
        "session",
        "totp",
        "create_tenant",
        "delete_third_party_config as d",
        "delete_third_party_config",
        "create_or_update_third_party_config",
        "SessionContainer as S",
    ]
)


@st.composite
def from_imports(draw: st.DrawFn) -> str:
    """Draw a `from ... import`, laid out in some way."""
    names = draw(st.lists(ALIASES, min_size=1, max_size=4))
    head = f"from{draw(GAPS)}supertokens_python.{draw(HERE_OR_NOT)}{draw(GAPS)}import{draw(GAPS)}"
    if draw(st.booleans()):
        return head + f",{draw(GAPS)}".join(names) + draw(COMMENTS)
    between = st.sampled_from([", ", ",", ",\n    ", ",  # why\n", "\n  ,  # é\n\n"])
    end = draw(st.sampled_from(["", ",", ",  # last\n", "\n"]))
    return head + "(" + "".join(name + draw(between) for name in names[:-1]) + names[-1] + end + ")" + draw(COMMENTS)


LINES: Final = st.one_of(
    from_imports(),
    st.builds("import supertokens_python.{}{}".format, HERE_OR_NOT, st.sampled_from(["", " as x", "  # é", ", os"])),
    st.sampled_from(
        [
            "import supertokens_python",
            "x = 'é supertokens_python'",
            "x = ['supertokens_python.types.User', u\"supertokens_python\"]",
            "f(supertokens_python . types, supertokens_python.recipe.session.init(a = 1))",
            "def f(a: 'supertokens_python.types.User'): return a  # supertokens_python.types",
            "'''supertokens_python\nsupertokens_python.types'''",
            "x = 1;\ty = 2 ;",
            "from supertokens_python.types import *",
            "if x: pass; from supertokens_python.recipe import session, totp; y = 2",
            "",
            "\f",
            "    # indented",
        ]
    ),
)
BLOCKS: Final = st.sampled_from(
    ["{}", "if x:\n\t{}", "def f():\n  {}\n  return x", "try: {}\nfinally: pass", "class A:\n    {}"]
)


def laid_out(lines: list[tuple[str, str]], end: str, mark: bool, last: str) -> bytes:
    """Return a program of lines in blocks, with line ends of some kind."""
    text = "".join(
        (line if "\n" in line or not line.strip() or line.lstrip().startswith("#") else block.format(line)) + "\n"
        for line, block in lines
    )
    return (b"\xef\xbb\xbf" if mark else b"") + (text + last).replace("\n", end).encode()


SOURCES: Final = st.builds(
    laid_out,
    st.lists(st.tuples(LINES, BLOCKS), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["", "x = 1", "\f\n", "  \t", "\n\n"]),
)

END: Final = re.compile(rb"\r\n|\r|\n")


def is_python(source: bytes) -> bool:
    """Return whether Python can read a source."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except (SyntaxError, ValueError):
            return False
    return True


def bound(source: bytes) -> list[str]:
    """Return the names that imports bind, wherever they stand: the root of a plain import counts as one."""
    return sorted(
        (alias.asname or alias.name.partition(".")[0]).replace("authweave", "supertokens_python")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def comments(source: bytes) -> list[bytes]:
    """Return the comments of a source, sorted: one may stand elsewhere now, and none may be lost."""
    return sorted(re.findall(rb"#[^\r\n]*", source))


def other_lines(source: bytes) -> list[bytes]:
    """Return the lines that no import statement has a part in, with names as they were, but for comments."""
    imports = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return [
        line.replace(b"authweave", b"supertokens_python")
        for number, line in enumerate(END.split(source.removeprefix(codecs.BOM_UTF8)), 1)
        if number not in imports and not line.lstrip().startswith(b"#")
    ]


@given(SOURCES)
@example(b"from supertokens_python.recipe import (session,  # a\n  totp, # b\n)\n")
@SETTINGS
def test_generated_sources(source: bytes) -> None:
    """The same names are bound, doing it twice is doing it once, and the rest stays byte for byte."""
    first = move_source(source)
    if not is_python(source):
        assert first.after == source
        return
    assert is_python(first.after), first.after
    assert bound(first.after) == bound(source)
    assert comments(first.after) == comments(source)
    assert other_lines(first.after) == other_lines(source)
    assert set(END.findall(first.after)) <= set(END.findall(source))
    again = move_source(first.after)
    assert again.after == first.after
    assert len(again.left) == len(first.left)


@given(st.binary(max_size=200), st.integers(0, 30))
@SETTINGS
def test_any_bytes(noise: bytes, position: int) -> None:
    """Whatever a file holds, nothing is raised, and what is not Python stays as it is."""
    source = b"import supertokens_python\nx = 1  # a comment\n"
    source = source[:position] + noise + source[position:]
    result = move_source(source)
    assert result.after == source or is_python(source)
    assert move_source(result.after).after == result.after


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_programs(program: Path, end: bytes) -> None:
    """In programs in the documents' manner only the package's name changes, and that of a module which is elsewhere."""
    source = program.read_bytes().replace(b"\n", end)
    after = move_source(source).after
    assert move_source(after).after == after
    expected = source.replace(b"authweave", b"supertokens_python")
    expected = expected.replace(b"recipe.jwt.interfaces", b"recipe.session.interfaces")
    assert after.replace(b"authweave", b"supertokens_python") == expected
