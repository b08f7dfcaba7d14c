"""Start-up, which notices what no checker can: each program is run up to its first request."""

import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from authweave import InputAppInfo, init
from authweave.hooks import AfterCommit, AnyHook, Hook
from authweave.kernel import CompositionError, Interface, Override, UserContext
from authweave.recipe import emailpassword, emailverification, session, thirdparty, usermetadata, userroles
from authweave.storage.memory import MemoryStorage
from tests.typing.programs import Objection, Program, Said, relative


def start_up(program: Program) -> Said:
    """
    Run a program, up to the point where it would serve its first request.

    Overrides of the library's recipes need not be handed to anything: an application is made of all that it has.
    """
    namespace: dict[str, object] = {"__name__": program.file.stem}
    try:
        exec(program.compiled(), namespace)  # noqa: S102  a file of this folder
        start(list(namespace.values()))
    except CompositionError as error:
        named = {fault.line for fault in error.faults if program.holds(fault.file, fault.line)}
        return {at(program, line): str(error) for line in named or {line_of(error, program.file)}}
    except Exception as error:  # noqa: BLE001  whatever it is, the program does not start
        return {at(program, line_of(error, program.file)): f"{type(error).__name__}: {error}"}
    return {}


def start(made: Sequence[object]) -> None:
    """Make an application of the overrides among some objects."""
    overrides = [cast("Override[Interface]", each) for each in made if isinstance(each, Override)]  # of any interface
    hooks = [
        cast("AnyHook[UserContext]", each) for each in made if isinstance(each, (Hook, AfterCommit))
    ]  # of any context
    init(
        InputAppInfo("Example", "api.example.com", website_domain="example.com"),
        [
            emailpassword.init(),
            emailverification.init(mode="OPTIONAL"),
            thirdparty.init(),
            session.init(),
            userroles.init(),
            usermetadata.init(),
        ],
        overrides=[each for each in overrides if each.interface.__module__.startswith("authweave.recipe.")],
        storage="sqlite://" if hooks else MemoryStorage(),
        hooks=hooks,
        secret=bytes(range(32)),
        default=False,
    )


def at(program: Program, line: int) -> Objection:
    """Name a line of a program that start-up objects to."""
    return Objection("init", relative(program.file), line)


def line_of(error: Exception, file: Path) -> int:
    """Return the line of a file, outside of its functions, that an error came through."""
    lines = [place.lineno for place in traceback.extract_tb(error.__traceback__) if place.filename == str(file)]
    return next((line for line in lines if line is not None), 0)
