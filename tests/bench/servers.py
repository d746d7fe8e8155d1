"""A real server process, as `python -m server serve` starts it, and what it takes of memory."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from server.app import API
from server.settings import Settings

STARTS_WITHIN_S = 180
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of one worker. Proportional: a page shared by two processes counts half."""

    resident_mb: float
    proportional_mb: float


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers on *port*."""

    port: int
    pid: int
    workers: int

    def memory(self) -> list[Memory]:
        """Measure every worker; with one, the server itself is the worker."""
        return [_memory_of(pid) for pid in self.worker_pids()]

    def peak_mb(self) -> float:
        """Give the most memory that a worker has had since it began."""
        peaks = [
            int(line.split()[1])
            for pid in self.worker_pids()
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmHWM:")
        ]
        return max(peaks) / 1024

    def processor_s(self) -> float:
        """Processor time of all workers so far: what others do on the machine hardly changes it."""
        return sum(_ticks_of(pid) for pid in self.worker_pids()) / os.sysconf("SC_CLK_TCK")

    def worker_pids(self) -> list[int]:
        if self.workers == 1:
            return [self.pid]
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [pid for pid in map(int, children) if b"spawn_main" in _command_of(pid)]


@contextmanager
def serve(
    settings: Settings, *, database_url: str, workers: int, log: Path
) -> Iterator[RunningServer]:
    """Start a server on a free port; stop it afterwards.

    Args:
        settings: Its keys and its secret.
        database_url: Where its town is.
        workers: Processes.
        log: Where its lines go; a terminal would be slower than any disk.
    """
    port = _free_port()
    environment = own_environment() | {
        "KAIKU_KEYS_DIR": str(settings.keys_dir),
        "KAIKU_CODE_SECRET": settings.code_secret.get_secret_value(),
        "KAIKU_DATABASE_URL": database_url,
        "KAIKU_BASE_URL": settings.base_url,
    }
    command = [sys.executable, "-m", "server", "serve", f"--port={port}", f"--workers={workers}"]
    with (
        log.open("wb") as lines,
        subprocess.Popen(  # noqa: S603 - our own arguments
            command, env=environment, stdout=lines, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _wait_for(port, process)
            yield RunningServer(port, process.pid, workers)
        except Exception as error:
            error.add_note(f"exit {process.poll()}; last lines: {log.read_text()[-2000:]}")
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STARTS_WITHIN_S)


def own_environment() -> dict[str, str]:
    """This environment without the server's settings, and with compiled modules kept.

    Where Python is told to keep none, every start compiles all libraries anew: half a minute, and
    megabytes that no server in service has.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KAIKU_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return {"PYTHONPYCACHEPREFIX": str(Path("build/pycache").absolute())} | kept


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}{API}/health", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(_POLL_S)
        else:
            return
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _ticks_of(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])  # utime and stime, counted from after the name


def _memory_of(pid: int) -> Memory:
    kilobytes = {
        name.rstrip(":"): int(size)
        for name, size, *_ in map(
            str.split, Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        )
    }
    return Memory(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024)
