"""``authweave inspect``: who overrides what."""

from __future__ import annotations

import difflib
import importlib
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.text import Text
from rich.tree import Tree

from authweave import App, AuthweaveError, default_app
from authweave.kernel import ExplainedFunction, Layer

from ._output import fail, say

Explained: TypeAlias = Mapping[str, tuple[ExplainedFunction, ...]]

# "main.py:auth", "shop/main:auth"; a colon after one letter is that of a drive
PATH: Final = re.compile(r"(?P<file>(?:[A-Za-z]:)?(?:[^:]*\.py|[^:]*[/\\][^:]*))(?::(?P<name>[^:]*))?")
MAX_WIDTH: Final = 10_000
STYLES: Final = {
    "wrapper": "bold yellow",
    "before": "bold blue",
    "after": "bold blue",
    "seed": "bold magenta",
    "implementation": "cyan",
}


def inspect_app(
    target: Annotated[
        str,
        typer.Argument(
            metavar="MODULE:APP",
            envvar="AUTHWEAVE_APP",
            help="Where the application is. APP may be an authweave.App or a web application: then the one that "
            "init made is shown, as also without APP.",
        ),
    ],
    *,
    show_all: Annotated[bool, typer.Option("--all", help="Show the functions without overrides too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, of all functions, instead of a tree.")] = False,
) -> None:
    """Show the chain of each function that has overrides: names, files and lines, the outermost first."""
    explained = load_app(target).explain()
    if as_json:
        sys.stdout.write(json.dumps(as_values(explained), indent=2) + "\n")
        return
    shown = explained if show_all else functions_with_overrides(explained)
    print_tree(as_tree(target, shown))
    if hidden := count_functions(explained) - count_functions(shown):
        say("", f"{hidden} functions without overrides are left out; --all shows them.")


def load_app(target: str) -> App:
    """
    Import a module and return its application.

    What the module itself raises is not touched: its traceback tells more than we could.
    """
    if path := PATH.fullmatch(target):
        fail(suggest_module(target, Path(path["file"]), path["name"] or "app"))
    module_name, _, attribute = target.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise  # the module is there, and imports one that is not
        module_name, _, attribute = target.partition(":")[0].rpartition(".")
        if hasattr(sys.modules.get(module_name), attribute):
            fail(f"{module_name!r} is a module, and {attribute!r} a name in it: write {module_name}:{attribute}.")
        fail(f"There is no module {error.name!r} here: run authweave from the directory that holds it.")
    except ValueError:
        fail(f"{target!r} names no module: write module:app, such as main:app.")
    if attribute and not hasattr(module, attribute):
        near = difflib.get_close_matches(attribute, vars(module), n=1)
        whole = f"look for the name that init's result has there, or say {module_name} alone."
        hint = f"did you mean {module_name}:{near[0]}?" if near else whole
        fail(f"The module {module_name!r} has no {attribute!r}; {hint}")
    named = getattr(module, attribute) if attribute else None
    if isinstance(named, App):
        return named  # pyright: ignore[reportUnknownVariableType]  # its context's type is not known at run time
    try:
        return default_app()
    except AuthweaveError:
        what = f"{target!r} is a {type(named).__name__}" if attribute else f"{target!r} made no authweave.App"
        fail(f"{what}, and importing {module_name!r} did not call authweave.init: name the module that does.")


def suggest_module(target: str, file: Path, name: str) -> str:
    """Say what to write in place of the path of a file."""
    here, path = Path.cwd(), file.absolute().resolve()
    if not path.is_relative_to(here):
        return f"{target!r} is a path: run this in {path.parent}, and name the module: {path.stem}:{name}."
    module = ".".join(path.relative_to(here).with_suffix("").parts)
    return f"{target!r} is a path: name the module, as Python imports it: authweave inspect {module}:{name}"


def functions_with_overrides(explained: Explained) -> Explained:
    """Return the functions that have overrides."""
    chosen = {part: tuple(each for each in functions if each.layers) for part, functions in explained.items()}
    return {part: functions for part, functions in chosen.items() if functions}


def count_functions(explained: Explained) -> int:
    """Count functions."""
    return sum(len(functions) for functions in explained.values())


def as_values(explained: Explained) -> dict[str, list[dict[str, object]]]:
    """Return chains as plain values, for JSON."""
    return {
        part: [
            {
                "function": function.name,
                "chain": [
                    {
                        "name": layer.name,
                        "style": layer.style,
                        "proved": layer.proved,
                        "file": layer.file,
                        "line": layer.line,
                    }
                    for layer in (*function.layers, function.implementation)
                ],
            }
            for function in functions
        ]
        for part, functions in explained.items()
    }


def as_tree(title: str, explained: Explained) -> Tree:
    """Return chains as a tree: under each function its layers, each inside of the one above."""
    tree = Tree(Text(title, "bold"), guide_style="dim")
    for part, functions in explained.items():
        branch = tree.add(Text(part, "bold"))
        for function in functions:
            inner = branch.add(Text(function.name, "" if function.layers else "dim"))
            for layer in (*function.layers, function.implementation):
                inner = inner.add(as_line(layer))
    return tree


def print_tree(tree: Tree) -> None:
    """Print a tree as wide as it is: a line that is too long for a terminal wraps, and none loses its end."""
    console = Console()
    wide = console.options.update(width=MAX_WIDTH)
    console.width = max(console.width, Measurement.get(console, wide, tree).maximum)
    console.print(tree)


def as_line(layer: Layer) -> Text:
    """Return one layer in a line."""
    place = f"{shorten_path(layer.file)}:{layer.line}"
    return Text.assemble(
        (layer.name, STYLES.get(layer.style, "bold green")), "  ", (layer.manner, "italic"), "  ", (place, "dim")
    )


def shorten_path(file: str) -> str:
    """Return a path from the working directory where the file is below it."""
    path, here = Path(file).resolve(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file
