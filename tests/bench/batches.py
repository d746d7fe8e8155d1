"""A scanner comes back into the network: a day of offline visits is uploaded."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

from server.app import API
from shared.scan import ScanBatch, ScanReport
from shared.wire import to_json
from tests.bench.figures import Figure, Plan, Yardstick, sample
from tests.bench.load import Job, Outcome, run
from tests.bench.servers import RunningServer, serve
from tests.bench.tokens import verify_once
from tests.bench.town import Town, build_town
from tests.postgres import own_postgres

BUDGET_S = 1.5
SCANS = 1000
BATCH = 500
WARM_UP = 80
WORKERS = 2

_COPIES = count()


def measure(plan: Plan) -> Iterator[Figure]:
    bare = sample(verify_once(), times=plan.times(2000, 200))
    yardstick = Yardstick(
        what=f"{2 * SCANS} bare P-256 verifies", value=2 * SCANS * bare.median / 1000, unit="s"
    )
    with (
        tempfile.TemporaryDirectory(prefix="kaiku-bench-") as name,
        build_town(cards=WARM_UP + SCANS, now=plan.now) as town,
        own_postgres(durable=True) as postgres,
    ):
        folder = Path(name)
        databases: dict[str, Callable[[], str]] = {
            "SQLite": lambda: town.copy_to_sqlite(folder / f"{next(_COPIES)}.db"),
            "PostgreSQL": lambda: _filled(town, postgres),
        }
        ways = (("both at once", 2), ("one after the other", 1))
        for database, fresh in databases.items():
            for how, clients in ways[: plan.times(2, 1)]:
                taken = [
                    _upload_once(town, fresh(), clients=clients, log=folder / "server.log")
                    for _ in range(plan.times(3, 1))
                ]
                middle = sorted(taken, key=lambda outcome: outcome.seconds)[len(taken) // 2]
                yield Figure(
                    what=f"batches, {database}, {WORKERS} workers: 2 x {BATCH} scans, {how}",
                    value=middle.seconds,
                    unit="s",
                    budget=BUDGET_S,
                    yardstick=yardstick,
                    raw={
                        "each_s": [outcome.seconds for outcome in taken],
                        "bare": bare.raw(),
                    },
                )


def _filled(town: Town, url: str) -> str:
    town.copy_to_postgres(url)
    return url


def _upload_once(town: Town, url: str, *, clients: int, log: Path) -> Outcome:
    with serve(town.settings, database_url=url, workers=WORKERS, log=log) as server:
        _upload(server, town, town.reports[:WARM_UP], size=WARM_UP // 8, clients=2 * WORKERS)
        return _upload(server, town, town.reports[WARM_UP:], size=BATCH, clients=clients)


def _upload(
    server: RunningServer, town: Town, reports: Sequence[ScanReport], *, size: int, clients: int
) -> Outcome:
    batches = [list(reports[at : at + size]) for at in range(0, len(reports), size)]
    job = Job(
        port=server.port,
        path=f"{API}/scans/batch",
        bearer=town.bearer,
        clients=clients,
        bodies=[to_json(ScanBatch(batch)) for batch in batches],
        expect='"outcome":"recorded"',
        never='"code"',
    )
    return run(job)
