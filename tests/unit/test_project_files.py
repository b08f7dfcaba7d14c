"""What is said in more than one place of the project's own files agrees: Pythons, releases, placeholders."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypedDict, cast

import pytest

ROOT: Final = Path(__file__).parents[2]
NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
REQUIREMENT: Final = re.compile(rf"({NAME.pattern})(?:\[\w+\])?>=([\w.]+)")
PIN: Final = re.compile(rf"({NAME.pattern})==([\w.]+)")
VERSION: Final = r"\d+\.\d+"

# The parts of pyproject.toml that are read here.
Project = TypedDict(
    "Project",
    {
        "name": str,
        "requires-python": str,
        "classifiers": list[str],
        "dependencies": list[str],
        "optional-dependencies": dict[str, list[str]],
    },
)
Whole = TypedDict("Whole", {"project": Project, "dependency-groups": dict[str, list[str]]})


def pyproject() -> Whole:
    """Read the project's metadata."""
    return cast("Whole", tomllib.loads(text_of("pyproject.toml")))  # tomllib's values are Any


def text_of(path: str) -> str:
    """Read one of the project's files."""
    return (ROOT / path).read_text(encoding="utf-8")


def lower_bounds() -> Iterator[tuple[str, str]]:
    """Return what the library, its extras and its tests need, and from which release on."""
    whole = pyproject()
    project = whole["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    for requirement in (*project["dependencies"], *extras, *whole["dependency-groups"]["tests"]):
        if requirement.startswith(f"{project['name']}["):
            continue  # the extra of all extras
        found = REQUIREMENT.fullmatch(requirement)
        assert found is not None, (
            f"{requirement}: write NAME>=RELEASE, which tests/lowest.txt can hold as NAME==RELEASE"
        )
        yield found[1], found[2]


def test_the_lowest_releases_are_those_that_are_allowed() -> None:
    """What `nox -s lowest` installs is the lower bound of each requirement; what else it holds is no requirement."""
    wanted, _, along = text_of("tests/lowest.txt").partition("\n\n")
    bounds = set(lower_bounds())
    assert set(PIN.findall(wanted)) == bounds
    assert {name for name, _ in PIN.findall(along)}.isdisjoint(name for name, _ in bounds)


def test_each_requirement_has_one_lower_bound() -> None:
    """A library that several extras need is allowed from the same release on in each."""
    names = [name for name, _ in set(lower_bounds())]
    assert sorted(names) == sorted(set(names))


def imported() -> Iterator[str]:
    """Return the packages that the library and its tests import, programs that only checkers read aside."""
    paths = [ROOT / "conftest.py", *(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    for path in paths:
        if {"wrong", "unmoved", "node_modules"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (each.name.partition(".")[0] for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def test_all_that_is_foreign_is_looked_at_for_types() -> None:
    """`nox -s stubtest` names each package that the library and its tests import and that is of neither."""
    own = {"authweave", "apikeys", "organisations", *(each.name for each in ROOT.iterdir() if each.is_dir())}
    known = own | sys.stdlib_module_names | {"_typeshed", "annotationlib"}  # Python's own, of stubs and of 3.14
    named = text_of("noxfile.py").partition('FOREIGN = """')[2].partition('"""')[0].split()
    assert {each.partition(".")[0] for each in named} == set(imported()) - known


def test_the_same_pythons_everywhere() -> None:
    """The workflow runs on the Pythons that the metadata names, and on the newest, on which the kernel is tested."""
    project = pyproject()["project"]
    named = re.findall(rf"Python :: ({VERSION})$", "\n".join(project["classifiers"]), re.MULTILINE)
    newest = re.findall(rf'^PYTHON_IN_NODE = "({VERSION})"', text_of("noxfile.py"), re.MULTILINE)
    (matrix,) = re.findall(r"^ +python: \[(.*)\]$", text_of(".github/workflows/check.yml"), re.MULTILINE)
    assert re.findall(VERSION, matrix) == [*dict.fromkeys((*named, *newest))]
    assert project["requires-python"] == f">={named[0]}"


def test_the_pythons_of_the_documents() -> None:
    """README and CONTRIBUTING ask for the oldest Python that the metadata allows."""
    oldest = pyproject()["project"]["requires-python"].removeprefix(">=")
    for path in ("README.md", "CONTRIBUTING.md"):
        assert f"You need Python {oldest} or newer" in text_of(path)


def test_what_a_publisher_fills_in_is_listed() -> None:
    """Each file with a placeholder is named in CONTRIBUTING, and a release with one is refused."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in ROOT.iterdir() if path.suffix in {".md", ".toml"}}
    unfilled = {name for name, text in texts.items() if "PUBLISHER" in text} - {"CONTRIBUTING.md"}
    listed = texts["CONTRIBUTING.md"].partition("## Publishing")[2]
    assert unfilled <= set(re.findall(r"`([\w.]+)`", listed))
    (refused,) = re.findall(r"! grep --line-number PUBLISHER ([\w. ]+)", text_of(".github/workflows/release.yml"))
    assert unfilled <= set(refused.split())


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").iterdir()), ids=lambda path: path.name)
def test_each_job_names_its_permissions(path: Path) -> None:
    """By default it has none."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^permissions:.*", text, re.MULTILINE) == ["permissions: {}"]
    jobs = re.split(r"^  (?=\w[\w-]*:$)", text.partition("\njobs:\n")[2], flags=re.MULTILINE)[1:]
    assert jobs
    assert [job for job in jobs if "\n    permissions:\n" not in job] == []
