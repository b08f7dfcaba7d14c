"""PgBouncer in front of a PostgreSQL server of the tests, pooling transactions."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests.postgresql import PrivateServer, account

HOW_TO_GET_IT = (
    "There is no PgBouncer here: install it (on Debian and Ubuntu `apt-get install pgbouncer`); it has to be on the "
    "PATH, or in /usr/sbin."
)
PORT = 6432


def program() -> str | None:
    """Return where PgBouncer is, or None."""
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")


def keeps_prepared_statements(found: str) -> bool:
    """Return whether this release knows `max_prepared_statements`."""
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603  as found
    release = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    assert release is not None, said
    return (int(release[1]), int(release[2])) >= (1, 21)


@contextmanager
def pooling(server: PrivateServer, connections: int) -> Generator[Path]:
    """
    Have PgBouncer for a block, with so many connections to the server, which everybody shares; it prepares nothing.

    Yields:
        Where its socket is.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found, owner = program(), account()
    if found is None:
        raise FileNotFoundError(HOW_TO_GET_IT)
    with tempfile.TemporaryDirectory(prefix="authweave-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        settings = folder / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host={server.folder} user=postgres\n"
            f"[pgbouncer]\nunix_socket_dir = {folder}\nlisten_port = {PORT}\nauth_type = any\n"
            f"pool_mode = transaction\ndefault_pool_size = {connections}\nserver_login_retry = 0\n"
            + ("max_prepared_statements = 0\n" if keeps_prepared_statements(found) else "")
        )
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o755)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  as found
                [found, str(settings)],
                user=None if owner is None else owner.pw_uid,
                group=None if owner is None else owner.pw_gid,
                extra_groups=None if owner is None else [],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            while not is_there(folder / f".s.PGSQL.{PORT}"):
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.01)  # it tells nobody
            yield folder
        finally:
            process.kill()
            process.wait()


def is_there(path: Path) -> bool:
    """Return whether somebody listens on a socket."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def through(folder: Path, url: str) -> str:
    """Return the URL of a database, by way of the PgBouncer whose socket is in a folder."""
    pooled = make_url(url).update_query_dict({"host": str(folder), "port": str(PORT)})
    return pooled.render_as_string(hide_password=False)
