"""A PostgreSQL of our own: in a folder of its own, as an ordinary user, on a socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ORDINARY_USER = "nobody"
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def own_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster and give the URL of its empty database; stop and remove it afterwards.

    Args:
        durable: Flush every commit to the disk, as in production; tests of behaviour need not wait.
    """
    folder = Path(tempfile.mkdtemp(prefix="kaiku-pg-"))
    user = _ORDINARY_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    data = folder / "data"
    options = ["listen_addresses=''", f"unix_socket_directories='{folder}'", "max_connections=60"]
    options += [] if durable else _QUICK
    flags = " ".join(f"-c {option}" for option in options)
    try:
        who = ("-A", "trust", "-U", "kaiku")
        _run("initdb", "-D", data, *who, "-E", "UTF8", "--locale=C", user=user)
        _run("pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", flags, "start", user=user)
        try:
            yield f"postgresql+psycopg://kaiku@/postgres?host={folder}"
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "stop", user=user)
    finally:
        shutil.rmtree(folder)


def binary(name: str) -> str:
    """Find a PostgreSQL program; Debian keeps most of them off the path."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, homes), os.environ["PATH"]]))
    if found is None:
        raise RuntimeError(f"{name} is missing: apt-get install postgresql")
    return found


def _run(program: str, *arguments: object, user: str) -> None:
    as_user = ["setpriv", f"--reuid={user}", f"--regid={user_group(user)}", "--clear-groups"]
    command = [*(as_user if os.geteuid() == 0 else []), binary(program), *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - our own arguments
        command,
        cwd="/",
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=program == "initdb",
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr}")


def user_group(user: str) -> int:
    """Give the group id of a user."""
    return pwd.getpwnam(user).pw_gid
