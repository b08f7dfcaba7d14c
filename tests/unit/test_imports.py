"""Import circles between modules: an import in a function or under ``TYPE_CHECKING`` is one too."""

import sys
from pathlib import Path

import grimp
import pytest


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Return the groups of modules each of which reaches all others of its group by imports."""
    reached = {module: graph.find_upstream_modules(module) for module in graph.modules}
    groups = {
        frozenset({module, *(other for other in reached[module] if module in reached[other])}) for module in reached
    }
    return sorted(sorted(group) for group in groups if len(group) > 1)


def arrows(graph: grimp.ImportGraph, circle: list[str]) -> list[str]:
    """Return the imports that make a circle, each with its line."""
    found = [
        detail
        for importer in circle
        for imported in graph.find_modules_directly_imported_by(importer) & set(circle)
        for detail in graph.get_import_details(importer=importer, imported=imported)
    ]
    return sorted(f"{each['importer']}:{each['line_number']}: {each['line_contents']}" for each in found)


def test_no_circle() -> None:
    """No module of the package imports itself by way of others."""
    graph = grimp.build_graph("authweave", cache_dir=None)
    found = ["\n".join(arrows(graph, circle)) for circle in circles(graph)]
    assert not found, "import circles:\n\n" + "\n\n".join(found)


def test_every_kind_of_import_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check sees what runs late, or never."""
    package = tmp_path / "circular_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text("from . import b\n")
    (package / "b.py").write_text("def f():\n    from .c import x\n")
    (package / "c.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .a import b\n")
    (package / "outside.py").write_text("from . import a, b, c\n")
    monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])
    graph = grimp.build_graph(package.name, cache_dir=None)
    (circle,) = circles(graph)
    assert circle == ["circular_package.a", "circular_package.b", "circular_package.c"]
    assert len(arrows(graph, circle)) == 3
