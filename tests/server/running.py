"""A server in a process of its own, with a database and keys of its own, that can be killed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from server.app import API
from server.clock import seconds, utc_now
from server.db import open_database
from server.demo.seed import DEMO_HISTORY_S
from server.keygen import make_keys
from server.schema import migrate
from server.settings import PREFIX

_STARTS_WITHIN_S = 90


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def prepare(folder: Path, *, port: int) -> dict[str, str]:
    """Make keys and an empty database in *folder*; gives the environment of the server."""
    keys = {"keys_dir": folder / "keys", "roots_dir": folder / "roots"}
    now_s = seconds(utc_now())
    make_keys(**keys, from_s=now_s - DEMO_HISTORY_S, now_s=now_s)
    url = f"sqlite:///{folder / 'register.db'}"
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    inherited = {n: v for n, v in os.environ.items() if not n.upper().startswith(PREFIX)}
    return inherited | {
        "KAIKU_DEMO": "1",
        "KAIKU_LIVE": "0",
        "KAIKU_DATABASE_URL": url,
        "KAIKU_BASE_URL": f"http://127.0.0.1:{port}",
        "KAIKU_KEYS_DIR": str(keys["keys_dir"]),
        "KAIKU_ROOTS_DIR": str(keys["roots_dir"]),
        "KAIKU_CODE_SECRET": "a secret of the tests only",
        "KAIKU_PWA_DIR": str(folder / "no-pwa"),
    }


def run(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the server to its end."""
    command = [sys.executable, "-m", "server", *words]
    return subprocess.run(  # noqa: S603 - our own arguments
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@contextmanager
def serving(
    environment: dict[str, str], *, port: int, tls_dir: Path | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """Serve until the block ends, or until the test kills the process."""
    command = [sys.executable, "-m", "server", "serve", "--port", str(port)]
    if tls_dir is not None:
        command += ["--tls-dir", str(tls_dir)]
    with subprocess.Popen(  # noqa: S603 - our own arguments
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            scheme = "http" if tls_dir is None else "https"
            _wait_for(f"{scheme}://127.0.0.1:{port}{API}/health", process)
            yield process
        finally:
            process.kill()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < give_up:
        assert process.poll() is None, "the server stopped"
        try:
            if httpx.get(url, timeout=1, verify=False).is_success:  # noqa: S501 - is it there?
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")
