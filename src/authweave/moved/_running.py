"""Running an application as it is, to try it."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Final

from ._hook import install_hook

NOTICE: Final = (
    "authweave moved run: `import supertokens_python` finds authweave, in this process alone. This is for trying, "
    "never for production: move the source over by `authweave moved write`."
)
CHILD: Final = (
    "authweave moved run: the application starts another Python, in which `supertokens_python` is not found, or is the "
    "real one. Run it in one process and without a reloader: --noreload, no --reload, no --debug, --workers 1."
)
STARTS: Final = frozenset({"subprocess.Popen", "os.posix_spawn", "os.exec", "os.spawn"})
SPAWNING: Final = frozenset(
    {
        "multiprocessing.popen_forkserver",
        "multiprocessing.popen_spawn_posix",
        "multiprocessing.popen_spawn_win32",
    }
)
"""Loaded when the first process is started; one that is forked knows what this one knows."""

OUTSIDE: Final = frozenset({__file__, runpy.run_path.__code__.co_filename, find_spec.__code__.co_filename})
INTERRUPTED: Final = 130
"""The status of a command that was ended by Ctrl-C."""


class NoProgramError(Exception):
    """There is no such file or module."""


class Children:
    """Hears what is audited, and says once that a process knows nothing of the hook."""

    def __init__(self) -> None:
        """Start to listen."""
        self._said = False

    def __call__(self, event: str, details: tuple[object, ...]) -> None:
        """Look at an event."""
        if not self._said and is_another_python(event, details):
            self._said = True
            tell(CHILD)


def is_another_python(event: str, details: tuple[object, ...]) -> bool:
    """Return whether an event is the start of another Python."""
    if event == "import":
        return details[0] in SPAWNING
    if event not in STARTS:
        return False
    # The mode comes first in `os.spawn`.
    started = next((each for each in details if isinstance(each, str | bytes | Path)), "")
    name = started.decode(errors="replace") if isinstance(started, bytes) else str(started)
    return name == sys.executable or Path(name).name.startswith("python")


def tell(message: str) -> None:
    """Say something on standard error, apart from what the program says."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201  a command


def run(program: Sequence[str], *, is_module: bool, storage: str | None) -> None:
    """
    Run a program in the place of this one, as ``python FILE`` and ``python -m MODULE`` do.

    Args:
        program: a file, or a module, and its arguments.
        is_module: it is a module.
        storage: the URL of a database, which takes the place of the core that the program names.

    Raises:
        NoProgramError: there is no such file or module.
    """
    target = program[0]
    if not is_module and not Path(target).exists():
        message = f"There is no {target}."
        raise NoProgramError(message)
    # As Python has it: the folder of a file, and for a module the one that the command was started in.
    sys.path.insert(0, str(Path.cwd() if is_module else Path(target).resolve().parent))
    install_hook(storage)
    sys.argv = list(program)
    try:
        if is_module and not is_found(target):
            message = f"There is no module {target}."
            raise NoProgramError(message)  # noqa: TRY301  what is looked for may fail as the program does
        tell(NOTICE)
        sys.addaudithook(Children())
        if is_module:
            runpy.run_module(target, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(str(Path(target).absolute()), run_name="__main__")
    except (SystemExit, NoProgramError):
        raise
    except BaseException as error:  # noqa: BLE001  whatever ends the program is shown as Python shows it
        shown = error.with_traceback(of_program(error.__traceback__))
        sys.excepthook(type(shown), shown, shown.__traceback__)
        raise SystemExit(INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1) from None


def of_program(traceback: TracebackType | None) -> TracebackType | None:
    """Return a traceback from the program's own first line on, as Python shows it."""
    while traceback is not None and traceback.tb_frame.f_code.co_filename in OUTSIDE:
        traceback = traceback.tb_next
    return traceback


def is_found(module: str) -> bool:
    """Return whether there is a module of a name."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError as error:
        if error.name is not None and f"{module}.".startswith(f"{error.name}."):
            return False
        raise  # a package that it is in imports what is not there
    except ValueError:
        return False
