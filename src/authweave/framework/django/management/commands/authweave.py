"""``manage.py authweave``: the library's own commands, with Django's settings loaded."""

from __future__ import annotations

import runpy
import sys
from argparse import REMAINDER

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override


class Command(BaseCommand):
    """Runs what ``python -m authweave`` runs: ``manage.py authweave doctor``."""

    help = "Run a command of authweave: doctor, inspect, user, db, events."
    requires_system_checks = ()

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
        before, sys.argv = sys.argv, ["manage.py authweave", *arguments]
        try:
            runpy.run_module("authweave", run_name="__main__")
        except SystemExit as ended:
            if ended.code:
                status = ended.code if isinstance(ended.code, int) else 1
                raise CommandError(f"authweave {' '.join(arguments[:1])} failed.", returncode=status) from ended
        finally:
            sys.argv = before
