"""Reports: what pages cost with one and with ten million visits, and what keeping up costs."""

import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from server.access.models import Role
from server.access.service import grant_access, start_session
from server.app import API, create_app
from server.area.models import Area
from server.console.actors import COOKIE
from server.db import open_database
from server.report.models import ReportCell
from server.report.rollup.recount import rebuild
from server.report.rollup.upkeep import AT_ONCE, catch_up
from server.schema import migrate
from server.synth.load import fill
from shared.scan import ScanReport
from shared.wire import to_json
from tests.bench.figures import Figure, Plan, Samples, Yardstick, sample
from tests.bench.servers import RunningServer, serve
from tests.bench.town import Town, build_town
from tests.factories import SECRET
from tests.postgres import own_postgres

PAGE_BUDGET_MS = 300
EXPORT_BUDGET_MB = 200
LOAD_BUDGET = 50_000
UPKEEP_BUDGET_PERCENT = 15

ONE_MILLION, TEN_MILLION = 5, 45
"""Scales of the country's figures that give so many visits, a little more."""

YEAR = "2025"


def measure(plan: Plan) -> Iterator[Figure]:
    with build_town(cards=plan.times(600, 150), now=plan.now) as town:
        yield _measure_upkeep(town)
        for scale in (1,) if plan.quick else (ONE_MILLION, TEN_MILLION):
            with (
                tempfile.TemporaryDirectory(prefix="kaiku-bench-") as folder,
                own_postgres(durable=True) as url,
            ):
                yield from _measure(town, url, Path(folder), scale=scale, plan=plan)


def _measure(town: Town, url: str, folder: Path, *, scale: int, plan: Plan) -> Iterator[Figure]:
    engine = open_database(url)
    migrate(engine)
    begun = time.perf_counter()
    visits = fill(engine, scale=scale)
    loaded_s = time.perf_counter() - begun
    size = f"{visits / 1e6:.1f} M visits"
    yield Figure(
        what=f"synthetic network, {size}: load",
        value=visits / loaded_s,
        unit="visits/s",
        budget=LOAD_BUDGET,
        budget_is_least=True,
        yardstick=Yardstick(
            what="INSERT of as many integers", value=visits / _plain_insert_s(engine, visits),
            unit="/s",
        ),
    )  # fmt: skip
    begun = time.perf_counter()
    with Session(engine) as db, db.begin():
        rebuild(db)
    yield Figure(what=f"rebuild-rollups, {size}", value=time.perf_counter() - begun, unit="s")
    told, area_id = _let_in(engine, plan)
    grouped = Yardstick(what="GROUP BY", value=_group_by(engine, area_id).median)
    with serve(town.settings, database_url=url, workers=1, log=folder / "server.log") as server:
        for what, role, path in (
            ("national table", None, "/console/statistics"),
            ("dashboard of the largest area", Role.COORDINATOR, f"/console/figures?year={YEAR}"),
            ("dashboard of the country", Role.SERVICE, f"/console/figures?year={YEAR}"),
        ):
            with _browser(server, told.get(role)) as browser:
                shown = sample(_opening(browser, path), times=plan.times(30, 10))
            yield Figure(
                what=f"{what}, {size}: p95",
                value=shown.p95,
                budget=PAGE_BUDGET_MS,
                yardstick=grouped,
                raw=shown.raw(),
            )
        with _browser(server, told[Role.SERVICE]) as browser:
            yield from _measure_export(server, browser, size=size, visits=visits)
    engine.dispose()


def _measure_export(
    server: RunningServer, browser: httpx.Client, *, size: str, visits: int
) -> Iterator[Figure]:
    begun = time.perf_counter()
    lines = 0
    path = "/console/visits.csv?first_on=1.1.2019&last_on=31.12.2025"
    with browser.stream("GET", path, timeout=None) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_bytes():
            lines += chunk.count(b"\n")
    if lines != visits + 1:
        raise RuntimeError(f"{lines} lines of {visits} visits")
    yield Figure(
        what=f"table of all visits, {size}: the server's peak",
        value=server.peak_mb(),
        unit="MB",
        budget=EXPORT_BUDGET_MB,
        raw={"seconds": time.perf_counter() - begun},
    )


def _measure_upkeep(town: Town) -> Figure:
    """What counting adds to a scan: the triggers' notes, and counting the holder anew."""
    with own_postgres(durable=True) as url:
        town.copy_to_postgres(url)
        engine = open_database(url)
        with Session(engine) as db, db.begin():
            rebuild(db)
        quiet = structlog.make_filtering_bound_logger(logging.WARNING)
        structlog.configure(wrapper_class=quiet)
        app = create_app(engine, town.settings, ring=town.ring)
        headers = {"authorization": f"Bearer {town.bearer}", "content-type": "application/json"}
        with TestClient(app, headers=headers) as http:
            third = len(town.reports) // 3
            for report in town.reports[:third]:
                _scan_s(http, report)
            without, with_notes = [], []
            for number, report in enumerate(town.reports[third:]):
                _watch(engine, on=number % 2 == 0)
                (with_notes if number % 2 == 0 else without).append(_scan_s(http, report))
            _watch(engine, on=True)
        begun = time.perf_counter()
        settled = 0
        while True:
            with Session(engine) as db, db.begin():
                now_settled = catch_up(db, most=AT_ONCE)
            settled += now_settled
            if not now_settled:
                break
        counting_s = (time.perf_counter() - begun) / max(settled, 1)
        engine.dispose()
    alone = statistics.median(without)
    notes = statistics.median(with_notes) - alone
    return Figure(
        what="upkeep of reports, part of a scan's time",
        value=100 * (notes + counting_s) / alone,
        unit="%",
        budget=UPKEEP_BUDGET_PERCENT,
        raw={"scan_ms": 1000 * alone, "notes_ms": 1000 * notes, "counting_ms": 1000 * counting_s},
    )


def _scan_s(http: TestClient, report: ScanReport) -> float:
    body = to_json(report)
    begun = time.perf_counter()
    answer = http.post(f"{API}/scans", content=body)
    took = time.perf_counter() - begun
    if '"outcome":"recorded"' not in answer.text:
        raise RuntimeError(answer.text)
    return took


def _watch(engine: Engine, *, on: bool) -> None:
    with engine.begin() as connection:
        turned = "ENABLE" if on else "DISABLE"
        connection.execute(text(f"ALTER TABLE visit {turned} TRIGGER USER"))


def _let_in(engine: Engine, plan: Plan) -> tuple[dict[Role, str], UUID]:
    """Sign in the national service and the coordinator of the area with the most uses."""
    with Session(engine, expire_on_commit=False) as db, db.begin():
        most = (
            select(ReportCell.scope)
            .where(ReportCell.period == YEAR, ReportCell.slice == "all")
            .where(ReportCell.scope.startswith("area:"))
            .order_by(ReportCell.adults.desc())
        )
        area = db.get_one(Area, UUID((db.scalar(most) or "").removeprefix("area:")))
        given = {
            Role.COORDINATOR: grant_access(db, area, handle="alue", secret=SECRET, now=plan.now),
            Role.SERVICE: grant_access(db, None, handle="keskus", secret=SECRET, now=plan.now),
        }
        return {
            role: start_session(db, access, now=plan.now) for role, (access, _) in given.items()
        }, area.id


def _browser(server: RunningServer, told: str | None) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{server.port}",
        cookies={} if told is None else {COOKIE: told},
        timeout=60,
        trust_env=False,
    )


def _opening(browser: httpx.Client, path: str) -> Callable[[], object]:
    def open_page() -> None:
        browser.get(path).raise_for_status()

    return open_page


def _group_by(engine: Engine, area_id: UUID) -> Samples:
    """Count an area's year by category from the visits themselves."""
    statement = text(
        "SELECT visit.category, count(*), sum(children), count(DISTINCT holder_id)"
        " FROM visit JOIN venue ON venue.id = visit.venue_id WHERE venue.area_id = :area"
        " AND visited_at >= to_date(:year, 'YYYY') AND visited_at < to_date(:year, 'YYYY') + 365"
        " GROUP BY visit.category"
    )
    with engine.connect() as connection:
        return sample(
            lambda: connection.execute(statement, {"area": area_id, "year": YEAR}).all(),
            times=5,
            warm_up=1,
        )


def _plain_insert_s(engine: Engine, many: int) -> float:
    begun = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE plain (n integer)"))
        connection.execute(text("INSERT INTO plain SELECT generate_series(1, :n)"), {"n": many})
        connection.execute(text("DROP TABLE plain"))
    return time.perf_counter() - begun
