"""The example of the README stays as short as it is: what a user has to import, and what the overrides take."""

import ast
import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
CONFIGURATION = {"InputAppInfo", "emailpassword", "init", "session"}


def example() -> ast.Module:
    """Return the program that the README begins with."""
    found = re.search(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return ast.parse(found[1])


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
