"""
No SQL is built from strings: what a database is given is a constant, or was written by SQLAlchemy.

`Connection.execute` takes no strings at all, so what is looked for is every other way in: SQLAlchemy's `text` and its
kin, `exec_driver_sql`, and the drivers' own cursors and connections.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import ObjectNotExecutableError

import authweave.storage

ROOM = Path(authweave.storage.__file__).parent
MODULES = [*ROOM.rglob("*.py"), *ROOM.parent.glob("recipe/*/store/**/*.py")]
"""Of the store, and of the recipes' parts of it."""

TAKE_TEXT = {
    "text",
    "literal_column",
    "DDL",
    "exec_driver_sql",
    "executescript",
    "executemany",
    "find_row",
    "find_rows",
}
"""What takes SQL as text, whatever it is called on."""

SQLALCHEMY = {"connection", "op.get_bind()"}
"""Whose `execute` is SQLAlchemy's own."""

CHANGES = {
    *("self._create", "self._revoke", "self._advance", "self._set_data"),
    *("self._lease", "self._end_lease", "self._renew", "self._withdraw"),
    *("self._add[len(rows)]", "self._put[len(rows)]", "self._note_use", "self._use_options"),
}
"""Each a `Change`, whose `execute` takes values."""

WRITTEN_BY_SQLALCHEMY = {"_written.py: self.sql", "_lookup.py: self._sql"}
"""Attributes to which nothing but a compiled statement is assigned."""

HANDED_ON = {
    *("_change.py: self._written.sql", "_lookup.py: self._written.sql"),  # of `Written`, see above
    "_bulk.py: statement",  # names of tables and columns, quoted, and a place for each value
    "_bulk.py: f'COPY {quote(table.name)} ({names}) FROM STDIN'",
    "v0003_users.py: filled",  # an UPDATE of SQLAlchemy's
    "v0004_tenants_of_logins.py: statement",  # the parameter of `run`, of which SQLAlchemy has no text
    "_at_need.py: statement.sql",  # of the modules `ahead`, which are what SQLAlchemy writes: see test_ahead.py
    "_database.py: sql",  # the parameter of `find_row` and `find_rows`, whose callers are checked
    "_guarded_connection.py: *args",  # an application's own statement, on its way through
    "_postgresql.py: statements",  # of `make_execute`: constants, and a number of milliseconds
}


def from_strings(source: str, file: str) -> list[str]:
    """Return each place in a module where a database is given text that is not known to be safe."""
    tree = ast.parse(source)
    constants = set(constant_names(tree))
    return [
        f"{file}:{call.lineno}: {ast.unparse(call.args[0])}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and takes_text(call.func)
        if not is_safe(call.args[0], file, constants)
    ] + [
        f"{file}:{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if f"{file}: {ast.unparse(target)}" in WRITTEN_BY_SQLALCHEMY and not is_compiled(node.value)
    ]


def takes_text(function: ast.expr) -> bool:
    """Return whether a function gives text to a database."""
    if isinstance(function, ast.Name):
        return function.id in TAKE_TEXT
    if not isinstance(function, ast.Attribute):
        return False
    owner = ast.unparse(function.value)
    return function.attr in TAKE_TEXT or (function.attr == "execute" and owner not in SQLALCHEMY | CHANGES)


def is_safe(argument: ast.expr, file: str, constants: set[str]) -> bool:
    """Return whether an expression is a constant, or one of the known places."""
    written = ast.unparse(argument)
    return (
        isinstance(argument, ast.Constant)
        or (isinstance(argument, ast.Name) and argument.id in constants)
        or f"{file}: {written}" in WRITTEN_BY_SQLALCHEMY | HANDED_ON
    )


def is_compiled(value: ast.expr) -> bool:
    """Return whether an expression is the text of a statement that SQLAlchemy has compiled."""
    return ast.unparse(value) == "str(compiled)" or (
        isinstance(value, ast.Call) and ast.unparse(value.func) == "str" and ".compile(dialect=" in ast.unparse(value)
    )


def constant_names(tree: ast.Module) -> Iterator[str]:
    """Return the names that a module gives to text, and to nothing else."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
            yield ast.unparse(node.target)


@pytest.mark.parametrize("path", sorted(MODULES), ids=lambda path: str(path.relative_to(ROOM.parent)))
def test_no_module_of_the_store_builds_sql_from_strings(path: Path) -> None:
    """Every module is looked at, the migrations too."""
    assert from_strings(path.read_text(encoding="utf-8"), path.name) == []


@pytest.mark.parametrize(
    "bad",
    [
        'connection.exec_driver_sql(f"SELECT * FROM users WHERE id = {user_id}")',
        'connection.exec_driver_sql("SELECT * FROM users WHERE id = " + user_id)',
        'connection.exec_driver_sql("SELECT * FROM users WHERE id = %s" % user_id)',
        'connection.exec_driver_sql("SELECT * FROM users WHERE id = {}".format(user_id))',
        'connection.execute(text(f"SELECT {user_id}"))',
        "connection.execute(sa.text(sql))",
        "select(literal_column(name))",
        'cursor.execute(f"SELECT {user_id}", ())',
        "cursor.execute(sql)",
        "link.driver.execute(sql)",
        'self._cursor.execute(f"SELECT {user_id}")',
        'op.execute(f"DROP TABLE {table}")',
        "self._database.find_row(sql, ())",
        "driver.executescript(script)",
        'SQL = f"SELECT {name}"\ncursor.execute(SQL)',
    ],
)
def test_the_test_finds_sql_from_strings(bad: str) -> None:
    """Each way of building SQL from strings is found."""
    assert len(from_strings(bad, "sample.py")) == 1


def test_the_test_finds_a_compiled_statement_that_is_none() -> None:
    """What the modules with prepared statements may execute has to come from SQLAlchemy."""
    assert from_strings('self.sql: Final = f"SELECT {name}"', "_written.py") != []
    assert from_strings('self.sql = f"SELECT {name}"', "_written.py") != []
    assert from_strings("self.sql: Final = str(compiled)", "_written.py") == []


def test_sqlalchemy_executes_no_strings() -> None:
    """So a `connection.execute` needs no looking at."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(ObjectNotExecutableError):
        connection.execute("SELECT 1")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]  the subject
    engine.dispose()
