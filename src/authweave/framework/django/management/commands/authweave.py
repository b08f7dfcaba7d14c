"""``manage.py authweave``: the library's own commands, with Django's settings loaded."""

from __future__ import annotations

import os
import runpy
import sys
from argparse import REMAINDER
from typing import Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

TARGET = "AUTHWEAVE_APP"
"""The setting, and the variable that the commands read."""


class Command(BaseCommand):
    """
    Runs what ``python -m authweave`` runs: ``manage.py authweave doctor``.

    Commands that look after an application look after that of the settings (``AUTHWEAVE_APP``), unless the arguments
    name another one, or a database.
    """

    help = "Run a command of authweave: doctor, inspect, user, db, events."
    requires_system_checks: list[str] | tuple[str, ...] | Literal["__all__"] = ()

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        """Take whatever follows."""
        parser.add_argument("arguments", nargs=REMAINDER, help="as for the command authweave")

    @override
    def handle(self, *args: object, arguments: list[str], **options: object) -> None:
        """
        Run the command.

        Raises:
            django.core.management.CommandError: it failed; its own status is the exit status.
        """
        argv, variable = sys.argv, os.environ.get(TARGET)
        sys.argv = ["manage.py authweave", *arguments]
        target: str | None = getattr(settings, TARGET, None)
        if target is not None and not any(each.partition("=")[0] == "--storage" for each in arguments):
            os.environ[TARGET] = target
        try:
            runpy.run_module("authweave", run_name="__main__")
        except SystemExit as ended:
            if ended.code:
                if isinstance(ended.code, str):  # what Python would print
                    raise CommandError(ended.code.removeprefix("Error: ")) from ended
                name = " ".join(["authweave", *arguments[:1]])
                raise CommandError(f"{name} failed.", returncode=ended.code) from ended
        finally:
            sys.argv = argv
            os.environ.pop(TARGET, None)
            if variable is not None:
                os.environ[TARGET] = variable
