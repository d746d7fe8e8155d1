"""The load, in a process of its own: `python -m tests.bench.load` with a job on standard input.

Requests are built before the clock starts and go out over raw keep-alive connections, so that the
load takes little of the two cores that it shares with the server.
"""

import asyncio
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import uvloop

from tests.bench.figures import Samples
from tests.bench.servers import own_environment

_STATUS_OK = b"HTTP/1.1 200"
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Send every one of *bodies* once; *clients* at a time, each on its own connection."""

    port: int
    path: str
    bearer: str
    clients: int
    bodies: Sequence[str]
    expect: str
    """What a good answer contains."""
    never: str = "no answer holds this"
    """What a good answer does not contain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a job. `load_s` is the processor time of the load itself."""

    seconds: float
    latencies_ms: Sequence[float]
    load_s: float
    unexpected: Sequence[str]

    @property
    def latencies(self) -> Samples:
        return Samples(self.latencies_ms)

    @property
    def per_second(self) -> float:
        return len(self.latencies_ms) / self.seconds


def run(job: Job) -> Outcome:
    """Put the load on from another process, and see that every answer was as expected."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(asdict(job)),
        env=own_environment(),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    outcome = Outcome(**json.loads(done.stdout))
    if outcome.unexpected:
        raise RuntimeError(f"the server answered otherwise: {outcome.unexpected[0]}")
    return outcome


async def _put_on(job: Job) -> Outcome:
    requests = iter([_request(job, body) for body in job.bodies])
    connections = [await asyncio.open_connection("127.0.0.1", job.port) for _ in range(job.clients)]
    latencies: list[float] = []
    unexpected: list[str] = []
    begun = time.perf_counter()
    used = _processor_s()
    await asyncio.gather(
        *(_client(*connection, requests, job, latencies, unexpected) for connection in connections)
    )
    return Outcome(
        seconds=time.perf_counter() - begun,
        latencies_ms=latencies,
        load_s=_processor_s() - used,
        unexpected=unexpected,
    )


async def _client(  # noqa: PLR0913, PLR0917 - all clients share the last four
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    requests: Iterator[bytes],
    job: Job,
    latencies: list[float],
    unexpected: list[str],
) -> None:
    expect, never = job.expect.encode(), job.never.encode()
    for request in requests:
        begun = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        latencies.append((time.perf_counter() - begun) * 1000)
        if not head.startswith(_STATUS_OK) or expect not in body or never in body:
            unexpected.append((head + body).decode(errors="replace")[:2000])
    writer.close()


def _request(job: Job, body: str) -> bytes:
    content = body.encode()
    head = (
        f"POST {job.path} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\n"
        f"Authorization: Bearer {job.bearer}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _processor_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    json.dump(asdict(uvloop.run(_put_on(Job(**json.load(sys.stdin))))), sys.stdout)
