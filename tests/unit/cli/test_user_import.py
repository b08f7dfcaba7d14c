"""``authweave user import`` and ``export``."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from authweave import App, InputAppInfo, UserContext, init
from authweave.moving import ImportOptions, Item
from authweave.moving._importing import Batch
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignInOkResult, WrongCredentialsError
from authweave.security import PasswordHasher
from authweave.storage import StorageError
from tests.stores import open_whole

from .moved_users import HASH, line, rows, run, write

PASSWORD = "pässword ﬁ 1"


def app_on(database: Path, passwords: PasswordHasher) -> App:
    """Build an application."""
    return init(
        InputAppInfo("Moving", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{database}",
        passwords=passwords,
        default=False,
    )


def test_who_was_imported_signs_in_and_has_a_hash_of_ours_then(tmp_path: Path) -> None:
    """The hash is verified as it is, once; after it the password is hashed anew, and a wrong one never was right."""
    database = tmp_path / "auth.db"
    result = run("import", write(tmp_path / "users.jsonl", line(1)), "--storage", f"sqlite:///{database}")
    assert result.exit_code == 0, result.output
    assert f"$2b$04${'.' * 53}" in result.output
    passwords = PasswordHasher(memory_kib=8, time_cost=1)
    app = app_on(database, passwords)
    sign_in = app.recipe(EmailPasswordRecipe).functions.sign_in

    def signed_in(password: str) -> object:
        return asyncio.run(sign_in("User-1@example.com", password, "public", None, None, UserContext()))

    assert isinstance(signed_in("wrong"), WrongCredentialsError)
    assert rows(database, "SELECT password_hash FROM authweave_passwords") == [(HASH,)]
    found = signed_in(PASSWORD)
    assert isinstance(found, SignInOkResult)
    assert found.user.id == "user-1"
    ((renewed,),) = rows(database, "SELECT password_hash FROM authweave_passwords")
    assert renewed.startswith("$argon2id$")
    assert not passwords.needs_rehash(renewed)
    assert isinstance(signed_in(PASSWORD), SignInOkResult)
    app.close()
    passwords.close()


def test_bad_lines_are_reported_and_passed_over(tmp_path: Path) -> None:
    """Broken ones, 10 MB, a later version, the same twice, a taken address: by number and reason, and nothing else."""
    file = write(
        tmp_path / "users.jsonl",
        line(1),
        '{"version": 1, broken',
        '"' + "x" * 10_000_000 + '"',
        line(2) | {"version": 2},
        line(1),
        "",
        line(3, logins=line(1)["logins"]),
        line(4, logins=[line(4)["logins"][0] | {"tenant": "nowhere"}]),
        "[" * 5000,
        line(5),
    )
    database, report = tmp_path / "auth.db", tmp_path / "report.jsonl"
    result = run("import", file, "--storage", f"sqlite:///{database}", "--report", report)
    assert result.exit_code == 3, result.output
    assert "2 users imported, 1 were there already, 6 lines passed over" in result.output
    said = {each["line"]: each["reason"] for each in map(json.loads, report.read_text().splitlines())}
    assert sorted(said) == [2, 3, 4, 7, 8, 9]
    assert said[2].startswith("it is no JSON")
    assert said[3] == "it is longer than 1048576 bytes"
    assert said[4] == "its version is 2, and this release reads 1"
    assert said[7] == "its address or phone number is taken by another user"
    assert "no such tenant" in said[8]
    assert HASH not in report.read_text()
    assert "example.com" not in report.read_text()
    assert rows(database, "SELECT user_id FROM authweave_users ORDER BY 1") == [("user-1",), ("user-5",)]


def test_without_a_report_faults_go_to_standard_error(tmp_path: Path) -> None:
    """So that a pipe of the answer is not mixed with them."""
    result = run("import", write(tmp_path / "a.jsonl", "{", line(1)), "--storage", f"sqlite:///{tmp_path}/auth.db")
    assert result.exit_code == 3
    assert "line 1: it is no JSON" in result.stderr
    assert "line 1" not in result.stdout


def test_a_second_import_adds_nobody_and_changes_nothing(tmp_path: Path) -> None:
    """Whoever is there stays as he is, with the hash that he has by now."""
    file, url = write(tmp_path / "users.jsonl", *map(line, range(20))), f"sqlite:///{tmp_path}/auth.db"
    assert run("import", file, "--storage", url).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "auth.db")) as connection, connection:
        connection.execute("UPDATE authweave_passwords SET password_hash = 'renewed'")
    result = run("import", file, "--storage", url)
    assert (result.exit_code, "0 users imported, 20 were there already" in result.output) == (0, True)
    assert rows(tmp_path / "auth.db", "SELECT DISTINCT password_hash FROM authweave_passwords") == [("renewed",)]
    names = {name for (name,) in rows(tmp_path / "auth.db", "SELECT name FROM sqlite_master")}
    assert "authweave_moves" not in names


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    """It says what would happen."""
    file, url = write(tmp_path / "users.jsonl", *map(line, range(3)), "{"), f"sqlite:///{tmp_path}/auth.db"
    result = run("import", file, "--storage", url, "--dry-run")
    assert (result.exit_code, "3 users would be imported" in result.output) == (3, True)
    assert rows(tmp_path / "auth.db", "SELECT count(*) FROM authweave_users") == [(0,)]


def test_standard_input_is_read_as_well(tmp_path: Path) -> None:
    """What another command writes."""
    lines = "".join(json.dumps(line(number)) + "\n" for number in range(3)).encode()
    result = run("import", "-", "--storage", f"sqlite:///{tmp_path}/auth.db", given=lines)
    assert "3 users imported" in result.output


def test_an_interrupted_import_goes_on_after_the_last_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody twice, nobody left out; the report has each fault once, also of the first run."""
    monkeypatch.setattr("authweave.moving._importing.BATCH", 10)
    lines = [*map(line, range(35))]
    lines[3] = lines[23] = {"version": 9}
    file, url, report = write(tmp_path / "users.jsonl", *lines), f"sqlite:///{tmp_path}/auth.db", tmp_path / "report"
    read = Batch.of
    seen: list[int] = []

    def killed(chunk: Sequence[Item], options: ImportOptions, now_ms: int) -> Batch:
        seen.append(chunk[0].line)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return read(chunk, options, now_ms)

    arguments = ("import", file, "--storage", url, "--report", report)
    monkeypatch.setattr(Batch, "of", killed)
    assert run(*arguments).exit_code != 0
    assert rows(tmp_path / "auth.db", "SELECT count(*) FROM authweave_users") == [(19,)]
    result = run(*arguments)
    assert "going on after line 20" in result.output
    assert "33 users imported, 0 were there already, 2 lines passed over" in result.output
    assert seen == [1, 11, 21, 21, 31]
    assert [json.loads(each)["line"] for each in report.read_text().splitlines()] == [4, 24]
    assert rows(tmp_path / "auth.db", "SELECT count(*), count(DISTINCT user_id) FROM authweave_users") == [(33, 33)]


def test_all_that_a_line_says_is_there_and_exported_again(tmp_path: Path) -> None:
    """Roles, metadata, an id of one's own, who is disabled, several logins, and what is verified."""
    whole = {
        "version": 1,
        "id": "user-1",
        "external_id": "customer-1",
        "disabled_at_ms": 1_700_000_000_009,
        "is_primary": True,
        "roles": {"public": ["admin", "editor"]},
        "metadata": {"plan": "pro", "nested": [1, None]},
        "logins": [
            {
                "recipe": "emailpassword",
                "id": "user-1",
                "tenant": "public",
                "email": "ada@example.com",
                "verified": True,
                "password_hash": HASH,
                "time_joined_ms": 1_700_000_000_000,
            },
            {
                "recipe": "thirdparty",
                "id": "login-2",
                "tenants": ["other", "public"],
                "email": "ada@gmail.com",
                "provider": "github",
                "issuer": "",
                "subject": "77",
                "verified": False,
                "time_joined_ms": 1_700_000_000_001,
            },
        ],
    }
    url = f"sqlite:///{tmp_path}/auth.db"
    imported = run("import", write(tmp_path / "users.jsonl", whole), "--storage", url, "--create-tenants")
    assert imported.exit_code == 0
    file = tmp_path / "exported.jsonl"
    assert run("export", file, "--storage", url).exit_code == 0
    assert [json.loads(each) for each in file.read_text().splitlines()] == [whole]
    assert file.stat().st_mode & 0o777 == 0o600
    again = run("export", file, "--storage", url)
    assert (again.exit_code, "nothing is overwritten" in again.output) == (1, True)
    with closing(open_whole(url)) as storage:
        found = storage.find_user("customer-1")
    assert found is not None
    assert (found.id, found.disabled, len(found.login_methods)) == ("customer-1", True, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.jsonl",), "There is no file"),
        (("users.jsonl", "--issuer", "google"), "write NAME=VALUE"),
        (("users.jsonl", "--from", "nothing"), "is none of"),
        (("users.jsonl", "--report", "nowhere/report"), "cannot be written"),
        (("sqlite:///nowhere.db", "--from", "django"), "there is no such database"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    """Before anything is written."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "users.jsonl", line(1))
    result = run("import", *arguments, "--storage", "sqlite:///auth.db")
    assert (result.exit_code, said in " ".join(result.output.split())) == (1, True), result.output
    assert not (tmp_path / "nowhere.db").exists()


def test_of_an_application_with_few_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it could not keep is passed over, and the recipe is named that would; its users are exported as they are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "few_recipes.py").write_text(APPLICATION)
    write(tmp_path / "users.jsonl", line(1), line(2, metadata={"plan": "pro"}, roles={"public": ["admin"]}))
    result = run("import", "users.jsonl", "--app", "few_recipes:auth", "--no-hooks")
    assert "add userroles.init(), usermetadata.init() to the application's recipe_list" in result.output
    assert result.exit_code == 3
    exported = run("export", "-", "--storage", "sqlite:///auth.db")
    assert exported.exit_code == 0, exported.output
    assert [json.loads(each)["id"] for each in exported.stdout.splitlines()] == ["user-1"]


def test_no_database_is_made_for_an_export(tmp_path: Path) -> None:
    """A slip in the URL is no empty answer."""
    result = run("export", "-", "--storage", f"sqlite:///{tmp_path}/none.db")
    assert (result.exit_code, "There is no such database" in result.output) == (1, True)


APPLICATION = """
from sqlalchemy import Column, Connection, MetaData, String, Table, insert
from authweave import InputAppInfo, UserContext, init, on_user_created
from authweave.recipe import emailpassword, session
from authweave.recipe.totp import TOTPRecipe
from authweave.security import PasswordHasher
from authweave.types import User

profiles = Table("profiles", MetaData(), Column("user_id", String, primary_key=True))

@on_user_created
def make_profile(user: User, user_context: UserContext, connection: Connection) -> None:
    profiles.create(connection, checkfirst=True)
    connection.execute(insert(profiles), {"user_id": user.id})
    if user.id == "user-2":
        raise RuntimeError("secret of user-2")

auth = init(
    InputAppInfo("Moving", "http://localhost:8000", website_domain="http://localhost:3000"),
    [emailpassword.init(), session.init()],
    storage="sqlite:///auth.db", hooks=[make_profile], passwords=PasswordHasher(memory_kib=8, time_cost=1),
)
"""


@pytest.mark.parametrize("hooks", [True, False])
def test_hooks_of_an_application_are_called_unless_they_are_not_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hooks: bool
) -> None:
    """What a hook writes stands or falls with the user; one that fails costs that user alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    name = f"moving_application_{hooks}".lower()
    (tmp_path / f"{name}.py").write_text(APPLICATION)
    write(tmp_path / "users.jsonl", *map(line, range(1, 4)))
    result = run("import", "users.jsonl", "--app", f"{name}:auth", *([] if hooks else ["--no-hooks"]))
    there = {user_id for (user_id,) in rows(tmp_path / "auth.db", "SELECT user_id FROM authweave_users")}
    if hooks:
        assert (result.exit_code, there) == (3, {"user-1", "user-3"}), result.output
        assert "line 2: a hook raised RuntimeError" in result.output
        assert "secret" not in result.output
        assert {user_id for (user_id,) in rows(tmp_path / "auth.db", "SELECT user_id FROM profiles")} == there
        monkeypatch.delitem(sys.modules, name)  # as another process would import it
        again = run("import", "users.jsonl", "--app", f"{name}:auth")
        assert "0 users imported, 2 were there already, 1 lines passed over" in again.output
    else:
        assert (result.exit_code, there) == (0, {"user-1", "user-2", "user-3"}), result.output


def test_without_a_place_to_go_users_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command asks for it."""
    monkeypatch.delenv("AUTHWEAVE_STORAGE", raising=False)
    result = run("import", write(tmp_path / "users.jsonl", line(1)))
    assert (result.exit_code, "Say where" in result.output) == (1, True)


def test_nobody_gets_the_id_of_another_user(tmp_path: Path) -> None:
    """Roles and metadata are kept by the id that is shown: with another's id came another's roles."""
    url = f"sqlite:///{tmp_path}/auth.db"
    victim = line(0, id="victim", roles={"public": ["admin"]})
    victim["logins"].append({"recipe": "thirdparty", "id": "v2", "provider": "p", "subject": "1", "email": "a@b.de"})
    by_line = [
        victim,
        line(1, id="one", external_id="victim"),
        line(2, id="two", external_id="v2"),
        line(3, id="three", external_id="shown"),
        line(4, id="shown"),
        line(5, id="own", external_id="own"),
    ]
    expected = [("own",), ("three",), ("victim",)]
    for number, each in enumerate(by_line):  # one after the other, and then all in one batch
        run("import", write(tmp_path / f"{number}.jsonl", each), "--storage", url)
    assert rows(tmp_path / "auth.db", "SELECT user_id FROM authweave_users ORDER BY 1") == expected
    result = run("import", write(tmp_path / "all.jsonl", *by_line), "--storage", f"sqlite:///{tmp_path}/all.db")
    assert (result.exit_code, "its id or external id is that of another user" in result.output) == (3, True)
    assert rows(tmp_path / "all.db", "SELECT user_id FROM authweave_users ORDER BY 1") == expected


def test_what_an_application_keeps_with_an_id_stays(tmp_path: Path) -> None:
    """Of somebody who was no user yet: a key that is there once does not stop all the others for good."""
    url = f"sqlite:///{tmp_path}/auth.db"
    run("import", write(tmp_path / "first.jsonl", line(0, roles={"public": ["admin"]})), "--storage", url)
    with closing(sqlite3.connect(tmp_path / "auth.db")) as connection, connection:
        connection.execute("INSERT INTO authweave_user_roles VALUES ('user-1', 'public', 'admin')")
        connection.execute("INSERT INTO authweave_user_metadata VALUES ('user-1', '{}')")
        connection.execute("INSERT INTO authweave_verified_emails VALUES ('user-1', 'user-1@example.com', 1)")
    one = line(1, roles={"public": ["admin", "author"]}, metadata={"theme": "dark"})
    one["logins"][0]["verified"] = True
    result = run("import", write(tmp_path / "users.jsonl", one, line(2, metadata={"a": 1})), "--storage", url)
    assert "2 users imported, 0 were there already, 0 lines passed over" in result.output
    assert rows(tmp_path / "auth.db", "SELECT role FROM authweave_user_roles WHERE user_id = 'user-1' ORDER BY 1") == [
        ("admin",),
        ("author",),
    ]
    assert rows(tmp_path / "auth.db", "SELECT * FROM authweave_user_metadata ORDER BY 1") == [
        ("user-1", "{}"),
        ("user-2", '{"a":1}'),
    ]


def test_only_tenants_that_paths_can_name_are_made(tmp_path: Path) -> None:
    """As by `create_multitenancy`: no route's own segment, nothing that leaves the path, no second in another case."""
    lines = [line(number) for number in range(5)]
    for each, tenant in zip(lines, ("acme", "signin", "../x", "ACME", "acme"), strict=True):
        each["logins"][0]["tenant"] = tenant
    file, url = write(tmp_path / "users.jsonl", *lines), f"sqlite:///{tmp_path}/auth.db"
    result = run("import", file, "--storage", url, "--create-tenants")
    assert (result.exit_code, "2 users imported" in result.output) == (3, True)
    for said in ("line 2: a tenant's id may not be 'signin'", "line 3: a tenant's id may have", "line 4: a tenant has"):
        assert said in result.output
    assert rows(tmp_path / "auth.db", "SELECT tenant_id FROM authweave_tenants ORDER BY 1") == [("acme",), ("public",)]


def test_long_lines_are_not_held_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand lines of a megabyte would be gigabytes."""
    monkeypatch.setattr("authweave.moving._importing.MAX_CHUNK", 20_000)
    read, counts = Batch.of, list[int]()

    def counting(chunk: Sequence[Item], options: ImportOptions, now_ms: int) -> Batch:
        counts.append(len(chunk))
        return read(chunk, options, now_ms)

    monkeypatch.setattr(Batch, "of", counting)
    file = write(tmp_path / "users.jsonl", *(line(number, metadata={"a": "x" * 9000}) for number in range(7)))
    result = run("import", file, "--storage", f"sqlite:///{tmp_path}/auth.db")
    assert "7 users imported" in result.output
    assert sum(counts) == 7
    assert max(counts) <= 4


def test_a_number_that_python_does_not_read_is_a_clear_error(tmp_path: Path) -> None:
    """In a document, which cannot be read past it."""
    file = tmp_path / "realm.json"
    file.write_text('{"users": [{"id": "a", "n": ' + "9" * 5000 + "}]}")
    result = run("import", file, "--from", "keycloak", "--storage", f"sqlite:///{tmp_path}/auth.db")
    assert (result.exit_code, "a number that is too long" in result.output) == (1, True)


def test_half_an_export_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look like a whole one; and a file beside it is nobody's to overwrite."""
    url, out, part = f"sqlite:///{tmp_path}/auth.db", tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    run("import", write(tmp_path / "users.jsonl", *map(line, range(5))), "--storage", url)

    def failing(_: object) -> Iterator[dict[str, object]]:
        yield {"version": 1}
        raise StorageError("gone")

    with monkeypatch.context() as patched:
        patched.setattr("authweave.cli._user_export.export_users", failing)
        assert run("export", out, "--storage", url).exit_code == 1
    assert not out.exists()
    assert not part.exists()
    part.write_text("somebody else's")
    assert "out.jsonl.part' exists already" in run("export", out, "--storage", url).output.replace("\n", "")
    assert (part.read_text(), out.exists()) == ("somebody else's", False)
    part.unlink()
    assert run("export", out, "--storage", url).exit_code == 0
    assert (len(out.read_text().splitlines()), out.stat().st_mode & 0o777, part.exists()) == (5, 0o600, False)


def test_others_can_write_between_users_whose_hooks_are_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand hooks in one transaction would keep whoever signs in waiting for longer than he waits."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "moving_application_batches.py").write_text(APPLICATION)
    read, counts = Batch.of, list[int]()

    def counting(chunk: Sequence[Item], options: ImportOptions, now_ms: int) -> Batch:
        counts.append(len(chunk))
        return read(chunk, options, now_ms)

    monkeypatch.setattr(Batch, "of", counting)
    write(tmp_path / "users.jsonl", *map(line, range(3, 123)))
    result = run("import", "users.jsonl", "--app", "moving_application_batches:auth")
    assert "120 users imported" in result.output
    assert counts == [50, 50, 20]
