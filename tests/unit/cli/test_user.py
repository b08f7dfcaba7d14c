"""``authweave user``: what the commands do to users, what they print, and how they end."""

from __future__ import annotations

import json
import os
import pty
import select
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent
from typing import cast

import pytest
from typer.testing import CliRunner, Result

from authweave import App, InputAppInfo, UserContext, init
from authweave.cli._main import commands
from authweave.cli._user_app import NOT_FOUND
from authweave.recipe import emailpassword, session, thirdparty, usermetadata, userroles
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.interfaces import SignInOkResult
from authweave.recipe.session import SessionRecipe
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.recipe.userroles import GetUsersThatHaveRoleOkResult, UserRolesRecipe
from authweave.security import PasswordHasher
from authweave.types import JSON, RecipeUserId
from tests.patience import PATIENCE_S

CONTEXT = UserContext()
PASSWORD = "correct horse 1"
SECRET = b"the application's own secret, 32."


def run(*arguments: str, stdin: str = "") -> Result:
    """Run a command, whose standard input is no terminal."""
    return CliRunner().invoke(commands, ["user", *arguments], input=stdin)


def lines(result: Result) -> list[dict[str, JSON]]:
    """Return what a command with ``--json`` printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Make a database with the tables of all recipes; return its URL."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'auth.db'}"
    else:
        new_url: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
        made = new_url()
    assert CliRunner().invoke(commands, ["db", "upgrade", made]).exit_code == 0
    return made


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a new database in a file."""
    made = f"sqlite:///{tmp_path / 'auth.db'}"
    assert CliRunner().invoke(commands, ["db", "upgrade", made]).exit_code == 0
    return made


def application(url: str) -> App:
    """Open the application whose database it is, with a secret that commands are not told."""
    return init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), thirdparty.init(), session.init(), userroles.init(), usermetadata.init()],
        storage=url,
        secret=SECRET,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )


def create(url: str, email: str = "ada@example.com") -> str:
    """Create a user; return the id."""
    result = run("create", email, "--storage", url, stdin=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def new_session(app: App, user_id: str) -> str:
    """Create a session of a user; return its handle."""
    functions = app.recipe(SessionRecipe).functions
    made = functions.create_new_session(user_id, RecipeUserId(user_id), None, None, None, "public", CONTEXT)
    return app.run_blocking(made).get_handle()


def is_verified(url: str, user_id: str) -> bool:
    """Return whether a user's only address is shown as verified."""
    (shown,) = lines(run("show", user_id, "--storage", url, "--json"))
    (method,) = cast("list[dict[str, bool]]", shown["login_methods"])  # as docs/reference/commands.md has it
    return method["verified"]


def signs_in(app: App, password: str) -> bool:
    """Return whether Ada can sign in with a password."""
    functions = app.recipe(EmailPasswordRecipe).functions
    signed_in = app.run_blocking(functions.sign_in("ada@example.com", password, "public", None, None, CONTEXT))
    return isinstance(signed_in, SignInOkResult)


def test_a_life(url: str) -> None:
    """A user is created, shown, disabled, enabled, gets another password and roles, loses sessions, and is deleted."""
    user_id = create(url, "Ada@Example.com")
    with closing(application(url)) as app:
        assert signs_in(app, PASSWORD)
        (shown,) = lines(run("show", "ada@example.com", "--storage", url, "--json"))
        assert shown["roles"] == {"public": []}
        assert (shown["id"], shown["emails"], shown["sessions"]) == (user_id, ["ada@example.com"], 0)
        handles = [new_session(app, user_id) for _ in range(3)]
        listed = lines(run("sessions", user_id, "--storage", url, "--json"))
        assert {str(each["session_handle"]) for each in listed} == set(handles)
        assert {str(each["user_id"]) for each in listed} == {user_id}
        (left, _) = lines(run("sessions", user_id, "--storage", url, "--json", "--revoke", handles[0]))
        assert left["session_handle"] in handles[1:]
        functions = app.recipe(UserRolesRecipe).functions
        app.run_blocking(functions.create_new_role_or_add_permissions("admin", [], CONTEXT))
        app.run_blocking(functions.create_new_role_or_add_permissions("user", [], CONTEXT))
        given = run("roles", user_id, "--storage", url, "--json", "--add", "user", "--add", "admin")
        assert lines(given) == [{"id": user_id, "tenant_id": "public", "roles": ["admin", "user"]}]
        assert run("roles", user_id, "--storage", url, "--remove", "user").stdout == "admin\n"
        app.run_blocking(app.recipe(UserMetadataRecipe).functions.update_user_metadata(user_id, {"a": 1}, CONTEXT))
        assert run("verify-email", user_id, "--storage", url).stdout == "The address ada@example.com is verified.\n"
        assert run("verify-email", "ADA@example.com", "--storage", url).exit_code == 0  # again is as once
        assert is_verified(url, user_id)
        assert run("verify-email", user_id, "--storage", url, "--undo").stdout.endswith(" is not verified.\n")
        assert not is_verified(url, user_id)
        changed = run("set-password", "ada@example.com", "--storage", url, stdin="another horse 2\n")
        assert changed.stdout == f"Set the password of {user_id}.\nEnded 2 sessions.\n"
        assert (signs_in(app, PASSWORD), signs_in(app, "another horse 2")) == (False, True)
        new_session(app, user_id)
        kept = run("set-password", user_id, "--storage", url, "--keep-sessions", stdin=f"{PASSWORD}\r\n")
        assert kept.stdout == f"Set the password of {user_id}.\n"
        assert lines(run("show", user_id, "--storage", url, "--json"))[0]["sessions"] == 1
        assert run("disable", user_id, "--storage", url).stdout == f"Disabled {user_id}.\n"
        (disabled,) = lines(run("show", user_id, "--storage", url, "--json"))
        assert (disabled["disabled"], disabled["sessions"]) == (True, 0)
        assert run("enable", user_id, "--storage", url).exit_code == 0
        assert not lines(run("show", user_id, "--storage", url, "--json"))[0]["disabled"]
        new_session(app, user_id)
        gone = run("sessions", user_id, "--storage", url, "--revoke-all")
        assert gone.stdout.startswith("Ended 1 sessions; 0 are left.")
        assert run("delete", "ada@example.com", "--storage", url, "--yes").stdout == f"Deleted {user_id}.\n"
        having = app.run_blocking(functions.get_users_that_have_role("admin", "public", CONTEXT))
        assert having == GetUsersThatHaveRoleOkResult([])
        get_metadata = app.recipe(UserMetadataRecipe).functions.get_user_metadata
        assert app.run_blocking(get_metadata(user_id, CONTEXT)).metadata == {}
        assert run("show", user_id, "--storage", url).exit_code == NOT_FOUND


def test_a_worker_s_commands_end_sessions_too(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application that lists no sessions has those of others in its store: a new password ends them all the same."""
    user_id = create(sqlite_url)
    worker = f"""
        from authweave import InputAppInfo, init
        from authweave.recipe import emailpassword
        from authweave.security import PasswordHasher

        worker = init(
            InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
            [emailpassword.init()],
            storage={sqlite_url!r},
            secret={SECRET!r},
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
        )
    """
    (tmp_path / "a_worker.py").write_text(dedent(worker))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with closing(application(sqlite_url)) as app:
        new_session(app, user_id)
        target = ("--app", "a_worker:worker")
        assert lines(run("show", user_id, *target, "--json"))[0]["sessions"] == 1
        sys.modules.pop("a_worker")  # each command closes the application that it opens
        changed = run("set-password", user_id, *target, stdin="another horse 2\n")
        assert changed.stdout == f"Set the password of {user_id}.\nEnded 1 sessions.\n"
        assert lines(run("sessions", user_id, "--storage", sqlite_url, "--json")) == []


def test_the_shape_for_scripts(sqlite_url: str) -> None:
    """Every key of a user, a login method and the rest, as docs/reference/commands.md has them."""
    with closing(application(sqlite_url)) as app:
        import_user = app.recipe(ThirdPartyRecipe).functions.manually_create_or_update_user
        app.run_blocking(import_user("github", "7", "bob@example.com", True, None, None, "public", "", CONTEXT))
        user_id = create(sqlite_url)
        bob, ada = lines(run("list", "--storage", sqlite_url, "--json", "--oldest-first"))
        (method,) = bob.pop("login_methods")  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]  a list of one
        assert bob.keys() == {"id", "disabled", "time_joined_ms", "tenant_ids", "emails"}
        assert method == {
            "recipe_user_id": bob["id"],
            "recipe_id": "thirdparty",
            "tenant_ids": ["public"],
            "email": "bob@example.com",
            "phone_number": None,
            "third_party": {"id": "github", "user_id": "7"},
            "verified": True,
            "time_joined_ms": bob["time_joined_ms"],
        }
        assert ada["id"] == user_id
        assert lines(run("create", "eve@example.com", "--storage", sqlite_url, "--json", stdin=PASSWORD))[0].keys() == (
            ada.keys()
        )
        new_session(app, user_id)
        (held,) = lines(run("sessions", user_id, "--storage", sqlite_url, "--json"))
        assert held.keys() == {
            "session_handle",
            "user_id",
            "recipe_user_id",
            "tenant_id",
            "time_created_ms",
            "expiry_ms",
        }


def test_lists_go_over_pages(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as were asked for, in either order, of an address that begins so; tables say how many there are."""
    monkeypatch.setattr("authweave.cli._user_list.PAGE", 2)
    monkeypatch.setenv("AUTHWEAVE_STORAGE", sqlite_url)
    with closing(application(sqlite_url)) as app:
        sign_up = app.recipe(EmailPasswordRecipe).functions.sign_up
        for name in ("ada", "bob", "bea", "eve", "joe"):
            app.run_blocking(sign_up(f"{name}@example.com", PASSWORD, "public", None, None, CONTEXT))

    def names(*arguments: str) -> list[JSON]:
        return [each["emails"] for each in lines(run("list", "--json", *arguments))]

    assert len(names()) == 5
    oldest = names("--oldest-first")
    assert names("--limit", "5") == oldest[::-1]
    assert names("--limit", "3", "--oldest-first") == oldest[:3]
    assert sorted(map(str, names("--email", "b"))) == ["['bea@example.com']", "['bob@example.com']"]
    table = run("list", "--limit", "3").stdout
    assert table.endswith("\n\n3 of 5 users in tenant public.\n")
    assert len(table.splitlines()) == 1 + 3 + 2


def test_what_is_refused(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is on standard error, the exit status is not 0, and nothing has changed."""
    user_id = create(sqlite_url)
    storage = ("--storage", sqlite_url)
    refused: list[tuple[tuple[str, ...], str, str, int]] = [
        (("create", "", *storage), f"{PASSWORD}\n", "The email is empty.", 1),
        (("create", "bob@example.com", *storage), "\n", "The password is empty.", 1),
        (("create", "bob@example.com", *storage), "", "The password is empty.", 1),
        (("create", "bob", *storage), f"{PASSWORD}\n", "email: Email is not valid.", 1),
        (("create", "bob@example.com", *storage), "short1\n", "at least 8 characters", 1),
        (("create", "bob@example.com", *storage), "x" * 5000, "too long", 1),
        (("create", "ADA@example.com", *storage), f"{PASSWORD}\n", "is there already", 1),
        (("create", "bob@example.com", *storage, "--tenant", "nowhere"), f"{PASSWORD}\n", "nowhere", 1),
        (("set-password", user_id, *storage), "short1\n", "at least 8 characters", 1),
        (("set-password", user_id, *storage), "\n", "The password is empty.", 1),
        (("delete", user_id, *storage), "y\n", "say --yes", 1),
        (("roles", user_id, *storage, "--add", "admin"), "", "There is no role admin: there are none.", 1),
        (("sessions", user_id, *storage, "--tenant", "nowhere"), "", "There is no tenant nowhere.", 1),
        (("sessions", user_id, *storage, "--revoke", "none"), "", "has no session none", 1),
        (("list", *storage, "--limit", "0"), "", "--limit", 2),
        (("list",), "", "--app module:app", 1),
        (("list", "--storage", f"sqlite:///{tmp_path}/other.db"), "", "There is no such database", 1),
        (("list", "--app", "no_such_module:app"), "", "There is no module", 1),
        *(
            ((command, "bob@example.com", *storage), f"{PASSWORD}\n", "There is no user bob@example.com", NOT_FOUND)
            for command in ("show", "delete", "disable", "enable", "set-password", "verify-email", "roles", "sessions")
        ),
    ]
    monkeypatch.delenv("AUTHWEAVE_STORAGE", raising=False)
    for arguments, stdin, message, status in refused:
        result = run(*arguments, stdin=stdin)
        assert message in " ".join(result.stderr.split()), arguments
        assert (result.exit_code, result.stdout) == (status, ""), arguments
    assert not (tmp_path / "other.db").exists()
    (left,) = lines(run("list", *storage, "--json"))
    assert (left["id"], left["disabled"]) == (user_id, False)


def test_what_is_written_goes_before_variables(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names a database means its users, whatever application a variable names; of two alike it is that."""
    user_id, storage = create(sqlite_url), ("--storage", sqlite_url)
    monkeypatch.setenv("AUTHWEAVE_APP", "no_such_module:app")
    (listed,) = lines(run("list", "--json", *storage))
    (exported,) = lines(run("export", "-", *storage))
    assert listed["id"] == exported["id"] == user_id
    monkeypatch.setenv("AUTHWEAVE_STORAGE", sqlite_url)
    for arguments in ((), ("--app", "no_such_module:app", *storage)):
        assert "There is no module" in run("list", *arguments).stderr


def test_nothing_is_obeyed_by_a_terminal(sqlite_url: str) -> None:
    """What a user could have put into the database is shown as text."""
    with closing(application(sqlite_url)) as app:
        import_user = app.recipe(ThirdPartyRecipe).functions.manually_create_or_update_user
        app.run_blocking(import_user("github", "\x1b[2J", "bob@example.com", True, None, None, "public", "", CONTEXT))
    for arguments in (("list",), ("show", "bob@example.com"), ("show", "\x1b[2J@")):
        result = run(*arguments, "--storage", sqlite_url)
        assert "\x1b" not in result.output


def test_the_applications_keys_are_left_alone(sqlite_url: str) -> None:
    """A command that works on its database alone needs no secret, and adds no key that the application cannot read."""
    with closing(application(sqlite_url)) as app:
        keys = app.services.storage.signing_keys()
    create(sqlite_url)
    with closing(application(sqlite_url)) as app:
        assert app.services.storage.signing_keys() == keys


def test_a_database_of_few_recipes_is_taken_as_it_is(tmp_path: Path) -> None:
    """An application that lists few has the tables of those alone: nobody has to add others for a command."""
    file = tmp_path / "auth.db"
    storage = ("--storage", f"sqlite:///{file}")

    def tables() -> set[str]:
        with closing(sqlite3.connect(file)) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}

    init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=storage[1],
        secret=SECRET,
        default=False,
    ).close()
    before = tables()
    user_id = create(storage[1])
    (shown,) = lines(run("show", user_id, *storage, "--json"))
    assert (shown["roles"], shown["sessions"]) == (None, 0)
    assert run("set-password", user_id, *storage, stdin="another horse 2\n").exit_code == 0
    for command, recipe in (("roles", "userroles"), ("verify-email", "emailverification")):
        refused = run(command, user_id, *storage)
        assert (refused.exit_code, recipe in refused.stderr) == (1, True), refused.output
    assert run("delete", user_id, *storage, "--yes").exit_code == 0
    assert lines(run("list", *storage, "--json")) == []
    assert tables() == before


MODULE = """
from authweave import InputAppInfo, UserContext, init, on_user_created
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import InputFormField, InputSignUpFeature, SignUp
from authweave.security import PasswordHasher

@on_user_created
def refuse_bob(user, user_context, connection):
    if user.emails == ["bob@example.com"]:
        raise RuntimeError("no bobs")

@SignUp[UserContext].before
async def note(call):
    print("override ran")

def long_password(value, tenant_id):
    return None if len(value) >= 20 else "Use 20 characters"

fields = [InputFormField("password", long_password), InputFormField("nick")]
auth = init(
    InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
    [emailpassword.init(sign_up_feature=InputSignUpFeature(fields)), session.init()],
    storage="sqlite:///auth.db",
    secret="at least 32 bytes that nobody can guess",
    overrides=[note],
    hooks=[refuse_bob],
    passwords=PasswordHasher(memory_kib=8, time_cost=1),
)
"""


@pytest.fixture
def _module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "of_commands.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    yield
    sys.path[:] = before
    sys.modules.pop("of_commands", None)


@pytest.mark.usefixtures("_module")
def test_with_the_application_its_rules_hold(sqlite_url: str) -> None:
    """Its policy, overrides and hooks; what it does not have is said. Without it they do not run."""
    storage, long = ("--storage", sqlite_url), "a password of twenty\n"

    def of_app(*arguments: str, stdin: str = "") -> Result:
        sys.modules.pop("of_commands", None)
        return run(*arguments, "--app", "of_commands:auth", stdin=stdin)

    refused = of_app("create", "ada@example.com", stdin=f"{PASSWORD}\n")
    assert (refused.exit_code, "Use 20 characters" in refused.stderr) == (1, True)
    created = of_app("create", "ada@example.com", stdin=long)
    assert created.stdout.startswith("override ran\n")
    assert isinstance(of_app("create", "bob@example.com", stdin=long).exception, RuntimeError)
    assert [each["emails"] for each in lines(of_app("list", "--json"))] == [["ada@example.com"]]
    (shown,) = lines(of_app("show", "ada@example.com", "--json"))
    assert (shown["roles"], shown["sessions"]) == (None, 0)
    no_roles = of_app("roles", "ada@example.com")
    assert (no_roles.exit_code, "userroles.init()" in no_roles.stderr) == (1, True)
    assert run("create", "bob@example.com", *storage, stdin=f"{PASSWORD}\n").exit_code == 0


@pytest.mark.slow
def test_in_a_terminal(sqlite_url: str) -> None:
    """A real process: the password is asked for twice and not shown, and deleting asks; in no argument of it."""
    said = talk(sqlite_url, ["create", "ada@example.com"], [(b"Password: ", PASSWORD), (b"confirmation: ", PASSWORD)])
    assert PASSWORD.encode() not in said
    (ada,) = lines(run("list", "--storage", sqlite_url, "--json"))
    assert str(ada["id"]).encode() in said
    assert b"Aborted" in talk(sqlite_url, ["delete", "ada@example.com"], [(b"for good? [y/N]: ", "n")])
    assert len(lines(run("list", "--storage", sqlite_url, "--json"))) == 1
    assert b"Deleted" in talk(sqlite_url, ["delete", "ada@example.com"], [(b"for good? [y/N]: ", "y")])
    assert lines(run("list", "--storage", sqlite_url, "--json")) == []


def talk(url: str, arguments: list[str], answers: list[tuple[bytes, str]]) -> bytes:
    """
    Run a command in a terminal, and answer what it asks; return all that it said.

    A question is answered once it is whole: to read a password a terminal is told to forget what was typed before.
    """
    ours, its = pty.openpty()
    environment = {**os.environ, "AUTHWEAVE_STORAGE": url, "TERM": "dumb"}
    command = [sys.executable, "-m", "authweave", "user", *arguments]
    # In a session of its own: it would ask in the terminal of whoever runs the tests.
    with subprocess.Popen(  # noqa: S603  ours
        command, stdin=its, stdout=its, stderr=its, env=environment, start_new_session=True
    ) as process:
        os.close(its)
        said = b""
        left = list(answers)
        while True:
            readable, _, _ = select.select([ours], [], [], PATIENCE_S)
            if not readable:
                process.kill()  # or the end of the block would wait for it
                break
            try:
                said += os.read(ours, 4096)
            except OSError:  # Linux says so when the other side is closed
                break
            if left and said.endswith(left[0][0]):
                os.write(ours, f"{left.pop(0)[1]}\n".encode())
        os.close(ours)
        process.wait(PATIENCE_S)
    assert not left, said
    return said


def test_every_command_says_what_it_does() -> None:
    """``--help`` names all, and each its options."""
    helped = run("--help").output
    for command in (
        *("create", "show", "list", "delete", "disable", "enable"),
        *("set-password", "verify-email", "roles", "sessions", "import", "export"),
    ):
        assert command in helped
        of_command = run(command, "--help")
        assert of_command.exit_code == 0
        assert "--storage" in of_command.output
        assert "--app" in of_command.output or command in {"import", "export"}
