"""The programs of the README stay as short as they are: the smallest application, and the example of overrides."""

import ast
import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
CONFIGURATION = {"InputAppInfo", "emailpassword", "init", "session"}


def programs() -> list[str]:
    """Return the programs of the README, in order."""
    return re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def example() -> ast.Module:
    """Return the example of overrides."""
    return ast.parse(programs()[1])


def test_the_first_program_takes_fifteen_lines_at_most() -> None:
    """With blank lines, that is all of an application: sign-up, sign-in, and a route for those who are signed in."""
    first = programs()[0]
    lines = first.splitlines()
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 120
    assert all(part in first for part in ("emailpassword.init()", "get_middleware()", "verify_session()", "FastAPI()"))


def test_the_overrides_import_six_names_at_most() -> None:
    """Everything imported counts, but `init` and what configures the application."""
    imported = [alias.name for node in example().body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert not [node for node in example().body if isinstance(node, ast.Import)]
    assert set(imported) > CONFIGURATION
    assert len(set(imported) - CONFIGURATION) <= 6


def test_the_overrides_take_eight_lines_at_most() -> None:
    """The two overrides are counted with their decorators; both are listed in ``overrides=``."""
    functions = {node.name: node for node in example().body if isinstance(node, ast.AsyncFunctionDef)}
    listed = [
        element.id
        for node in ast.walk(example())
        if isinstance(node, ast.keyword) and node.arg == "overrides" and isinstance(node.value, ast.List)
        for element in node.value.elts
        if isinstance(element, ast.Name)
    ]
    assert sorted(listed) == sorted(functions)
    assert len(functions) == 2
    lines = [(node.end_lineno or 0) - node.decorator_list[0].lineno + 1 for node in functions.values()]
    assert sum(lines) <= 8
