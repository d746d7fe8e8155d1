"""The online scan: verified, judged by the register and durably stored, over real HTTP."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from server.app import API
from shared.scan import ScanReport
from shared.wire import to_json
from tests.bench import bare_sqlite
from tests.bench.figures import Figure, Plan, Yardstick
from tests.bench.load import Job, Outcome, run
from tests.bench.pgbench import measure_sql
from tests.bench.servers import RunningServer, serve
from tests.bench.town import Town, build_town
from tests.postgres import own_postgres

RATE_BUDGET = 400
P95_BUDGET_MS = 40
SHARE_BUDGET_PERCENT = 20
MEMORY_BUDGET_MB = 150
CLIENTS = 8
WARM_UP = 80


def measure(plan: Plan) -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="kaiku-bench-") as name,
        build_town(cards=plan.times(1500, 400), now=plan.now) as town,
    ):
        folder = Path(name)
        bare = bare_sqlite.measure_sql(town, folder=folder, times=plan.times(300, 100))
        for workers in (1,) if plan.quick else (1, 2):
            url = town.copy_to_sqlite(folder / f"{workers}.db")
            yield from _measure(town, "SQLite", url, workers, folder, plan=plan, sql=bare)
        with own_postgres(durable=True) as url:
            town.copy_to_postgres(url)
            sql = measure_sql(town, url=url, clients=CLIENTS, script_path=folder / "scan.sql")
            for workers in (2,) if plan.quick else (1, 2):
                town.copy_to_postgres(url)
                yield from _measure(town, "PostgreSQL", url, workers, folder, plan=plan, sql=sql)


def _measure(  # noqa: PLR0913 - one place of the table
    town: Town,
    database: str,
    url: str,
    workers: int,
    folder: Path,
    *,
    plan: Plan,
    sql: dict[str, Any],
) -> Iterator[Figure]:
    alone = plan.times(300, 100)
    warm_up, single, many = _shared_out(town.reports, WARM_UP, alone)
    log = folder / "server.log"
    with serve(town.settings, database_url=url, workers=workers, log=log) as server:
        _scan(server, town, warm_up, clients=CLIENTS)
        by_one = _scan(server, town, single, clients=1)
        used_s = server.processor_s()
        by_many = _scan(server, town, many, clients=CLIENTS)
        used_s = server.processor_s() - used_s
        memory = server.memory()
    what = f"{database}, {_workers(workers)}"
    judged = database == "PostgreSQL" and workers == 2
    sender = "pgbench" if database == "PostgreSQL" else "one connection"
    yardstick = Yardstick(what=f"{sender}, same SQL", value=sql["per_second"], unit="/s")
    yield Figure(
        what=f"scans, {what}, 1 client: median", value=by_one.latencies.median, raw=_raw(by_one)
    )
    yield Figure(
        what=f"scans, {what}, {CLIENTS} clients",
        value=by_many.per_second,
        unit="/s",
        budget=RATE_BUDGET if judged else None,
        budget_is_least=True,
        yardstick=yardstick,
        raw=_raw(by_many) | {"bare": sql},
    )
    yield Figure(what=f"scans, {what}, {CLIENTS} clients: p50", value=by_many.latencies.median)
    yield Figure(
        what=f"scans, {what}, {CLIENTS} clients: p95",
        value=by_many.latencies.p95,
        budget=P95_BUDGET_MS if judged else None,
    )
    yield Figure(
        what=f"scans, {what}: processor time of the server per scan",
        value=1000 * used_s / len(many),
    )
    yield Figure(
        what=f"scans, {what}: share of the same SQL alone",
        value=100 * by_many.per_second / yardstick.value,
        unit="%",
        budget=SHARE_BUDGET_PERCENT if judged else None,
        budget_is_least=True,
    )
    yield Figure(
        what=f"memory of a worker after that ({what})",
        value=max(each.proportional_mb for each in memory),
        unit="MB PSS",
        budget=MEMORY_BUDGET_MB,
        raw={"workers": [asdict(each) for each in memory]},
    )


def _scan(
    server: RunningServer, town: Town, reports: Sequence[ScanReport], *, clients: int
) -> Outcome:
    job = Job(
        port=server.port,
        path=f"{API}/scans",
        bearer=town.bearer,
        clients=clients,
        bodies=[to_json(report) for report in reports],
        expect='"outcome":"recorded"',
    )
    return run(job)


def _shared_out(reports: Sequence[ScanReport], *counts: int) -> list[Sequence[ScanReport]]:
    """Deal out the reports: every card is scanned once in its town."""
    shares = []
    for count in counts:
        shares.append(reports[:count])
        reports = reports[count:]
    return [*shares, reports]


def _workers(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def _raw(outcome: Outcome) -> dict[str, Any]:
    return {
        "seconds": outcome.seconds,
        "load_s": outcome.load_s,
        "per_second": outcome.per_second,
        "latencies": outcome.latencies.raw(),
    }
