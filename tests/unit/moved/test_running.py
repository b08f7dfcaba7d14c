"""``authweave moved run``: a program runs as it is, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

NOTICE: Final = "This is for trying, never for production"
CHILD: Final = "starts another Python"


def run(folder: Path, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program by the command."""
    (folder / "app.py").write_text(dedent(source))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONWARNINGS": "error"}
    environment.pop("AUTHWEAVE_STORAGE", None)
    return subprocess.run(  # noqa: S603  the command, and programs of this file
        [sys.executable, "-m", "authweave", "moved", "run", *(arguments or ("app.py",))],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_names_are_ours(tmp_path: Path) -> None:
    """Whatever imports them, and in whatever way; a patch of one is one of ours, and is taken back."""
    result = run(
        tmp_path,
        """
        import sys
        import supertokens_python
        import supertokens_python.recipe.session.asyncio as sessions
        from supertokens_python import init, types
        from supertokens_python.recipe import session
        from supertokens_python.recipe.openid.asyncio import get_jwks as moved
        from supertokens_python.recipe.session.interfaces import *
        from supertokens_python.types import User
        from unittest.mock import patch
        import authweave, authweave.recipe.session.asyncio

        assert User is types.User is authweave.types.User is supertokens_python.types.User
        assert init is authweave.init is supertokens_python.init
        assert session.init is authweave.recipe.session.init
        assert SessionContainer is authweave.recipe.session.interfaces.SessionContainer
        assert moved is authweave.recipe.session.asyncio.get_jwks
        assert "session" in dir(supertokens_python.recipe) and "saml" not in dir(supertokens_python.recipe)
        before = sessions.get_session_information
        with patch("supertokens_python.recipe.session.asyncio.get_session_information", 5):
            assert authweave.recipe.session.asyncio.get_session_information == 5
        assert sessions.get_session_information is before is authweave.recipe.session.asyncio.get_session_information
        assert __name__ == "__main__"
        print(sys.argv, sys.path[0])
        """,
        "app.py",
        "--port",
        "1",
    )
    assert (result.returncode, result.stdout) == (0, f"['{tmp_path / 'app.py'}', '--port', '1'] {tmp_path}\n"), (
        result.stderr
    )
    assert NOTICE in result.stderr
    assert CHILD not in result.stderr


NOT_HERE: Final = [
    ("from supertokens_python.types import Usr", "authweave.types has no Usr. The nearest is User."),
    ("from supertokens_python.recipe import saml", "SAML is still to come"),
    ("import supertokens_python.recipe.saml.asyncio", "SAML is still to come"),
    ("import supertokens_python.querier", "There is no core to ask. See row M1 of docs/"),
    ("import supertokens_python.types.User", "authweave.types.User is not a module."),
    ("supertokens_python.types.Usr", "authweave.types has no Usr. The nearest is User."),
    ("supertokens_python.__version__", "has no attribute '__version__'"),
    ("del supertokens_python.types.Usr", "Usr"),
]


def test_names_that_are_not_here(tmp_path: Path) -> None:
    """Imports raise ImportError, uses AttributeError; the error says which is nearest, and the row."""
    result = run(
        tmp_path,
        f"""
        import supertokens_python, supertokens_python.types
        for line in {[line for line, _ in NOT_HERE]}:
            try:
                exec(line)
            except ImportError if "import" in line else AttributeError as error:
                print(error)
        """,
    )
    lines = result.stdout.splitlines()
    assert len(lines) == len(NOT_HERE), result.stderr
    assert [says for line, (_, says) in zip(lines, NOT_HERE, strict=True) if says not in line] == []


def test_a_database_stands_in_for_a_core(tmp_path: Path) -> None:
    """`--storage` is where the data goes, whatever core the program names."""
    result = run(
        tmp_path,
        """
        from supertokens_python import InputAppInfo, SupertokensConfig, init
        from supertokens_python.recipe import emailpassword, session
        from supertokens_python.recipe.emailpassword.syncio import sign_up

        init(
            app_info=InputAppInfo(
                app_name="Example", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
            ),
            supertokens_config=SupertokensConfig("https://try.supertokens.com", api_key="none"),
            framework="fastapi",
            recipe_list=[emailpassword.init(), session.init()],
            mode="asgi",
        )
        print(sign_up("public", "ada@example.com", "correct horse 1").__class__.__name__)
        """,
        "--storage",
        "sqlite:///tried.db",
        "app.py",
    )
    assert result.stdout == "SignUpOkResult\n", result.stderr
    assert (tmp_path / "tried.db").exists()


STARTS: Final = [
    ("import subprocess; subprocess.run([sys.executable, '-c', ''])", True),
    ("import os; os.execv(sys.executable, [sys.executable, '-c', ''])", True),
    ("import multiprocessing.popen_spawn_posix", True),  # what starts a process in this way loads
    (
        "import subprocess, multiprocessing as m; subprocess.run(['true']); "  # noqa: ISC004  one program
        "p = m.get_context('fork').Process(target=f); p.start(); p.join()",
        False,
    ),
]


@pytest.mark.parametrize(("start", "is_told"), STARTS)
def test_processes_that_do_not_know_are_told_of(tmp_path: Path, start: str, is_told: bool) -> None:
    """A reloader's or a worker's would not find the package; one that is forked does."""
    result = run(tmp_path, f"import sys\ndef f():\n    from supertokens_python.types import User\n{start}\n")
    assert result.returncode == 0, result.stderr
    assert (CHILD in result.stderr) == is_told


def test_a_module(tmp_path: Path) -> None:
    """`-m` runs one as Python does, found from the working directory."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__main__.py").write_text("import app, sys; print(sys.argv[1:], app.User.__name__)")
    result = run(tmp_path, "from supertokens_python.types import User", "-m", "package", "-m", "x")
    assert result.stdout == "['-m', 'x'] User\n", result.stderr


def test_an_application_of_django(tmp_path: Path) -> None:
    """The package may stand among the applications, as SuperTokens has it: Django's own migrations run beside it."""
    result = run(
        tmp_path,
        """
        import sys
        import django.conf, django.core.management

        django.conf.settings.configure(
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            INSTALLED_APPS=["django.contrib.contenttypes", "supertokens_python"],
            MIDDLEWARE=["supertokens_python.framework.django.django_middleware.middleware"],
        )
        django.core.management.execute_from_command_line(sys.argv)
        """,
        "app.py",
        "migrate",
    )
    assert "Applying contenttypes.0001_initial... OK" in result.stdout, result.stderr


def test_how_a_program_ends_is_how_the_command_ends(tmp_path: Path) -> None:
    """Its status is that of the command."""
    assert run(tmp_path, "raise SystemExit(7)").returncode == 7


def test_a_fault_is_shown_as_python_shows_it(tmp_path: Path) -> None:
    """From the program's own first line on, with the whole path of its file."""
    result = run(tmp_path, "import os\nos.chdir('/')\nassert os.path.exists(__file__)\nraise ValueError(5)")
    assert result.returncode == 1
    shown = result.stderr.partition("Traceback (most recent call last):\n")[2]
    assert shown.startswith(f'  File "{tmp_path / "app.py"}", line 4, in <module>\n')
    assert shown.endswith("ValueError: 5\n")


def test_a_module_of_a_package_that_imports_it(tmp_path: Path) -> None:
    """The package is imported before the module, and finds the names too; what it lacks is told as its own fault."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("from supertokens_python.types import User")
    (tmp_path / "package" / "work.py").write_text("print(__package__)")
    assert run(tmp_path, "", "-m", "package.work").stdout == "package\n"
    assert "There is no module package.play." in run(tmp_path, "", "-m", "package.play").stderr
    (tmp_path / "package" / "__init__.py").write_text("import absent")
    assert "No module named 'absent'" in run(tmp_path, "", "-m", "package.work").stderr


def test_django_finds_no_migrations(tmp_path: Path) -> None:
    """An application that is installed may have none; Django reads the error's name."""
    result = run(
        tmp_path,
        """
        from importlib import import_module
        try:
            import_module("supertokens_python.migrations")
        except ModuleNotFoundError as error:
            print(error.name)
        """,
    )
    assert result.stdout == "supertokens_python.migrations\n", result.stderr
