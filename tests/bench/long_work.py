"""Long work in the background: an import and a file of sheets, and what doors notice of them."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Access
from server.access.service import grant_access, start_session
from server.app import API
from server.card.models import Card
from server.console.actors import COOKIE
from server.db import open_database
from server.distributor.models import Distributor
from server.venue.models import Venue
from server.work.models import Work, WorkState
from shared.rules.validity import HELSINKI
from shared.scan import ScanReport
from shared.wire import to_json
from tests.bench.figures import Figure, Plan, Yardstick
from tests.bench.load import Job, Outcome, run
from tests.bench.servers import RunningServer, serve
from tests.bench.town import Town, build_town
from tests.factories import SECRET
from tests.postgres import own_postgres

CARDS = 1000
DAYS = 25
WARM_UP = 40
P95_BUDGET_MS = 250
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser of a location that is signed in, and the work that it asks for."""

    http: httpx.Client
    url: str

    def ask(self, path: str, **form: object) -> str:
        answer = self.http.post(path, **form)  # type: ignore[arg-type]
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(answer.text[-2000:])
        return answer.headers["location"]

    def wait(self) -> float:
        """Wait until all is done; gives the seconds that the last work took."""
        engine = open_database(self.url)
        try:
            while True:
                with Session(engine) as db:
                    work = db.scalars(select(Work).order_by(Work.id.desc()).limit(1)).one()
                    if work.state is WorkState.DONE and work.finished_at is not None:
                        return work.finished_at.timestamp()
                    if work.state not in {WorkState.WAITING, WorkState.RUNNING}:
                        raise RuntimeError(work.state)
                time.sleep(POLL_S)
        finally:
            engine.dispose()


def measure(plan: Plan) -> Iterator[Figure]:
    lines = plan.times(50_000, 3_000)
    with (
        tempfile.TemporaryDirectory(prefix="kaiku-bench-") as name,
        build_town(cards=CARDS, now=plan.now) as town,
    ):
        folder = Path(name)
        url = town.copy_to_sqlite(folder / "work.db")
        yield from _measure(town, "SQLite", url, folder, lines=lines, plan=plan)
        with own_postgres(durable=True) as url:
            town.copy_to_postgres(url)
            yield from _measure(town, "PostgreSQL", url, folder, lines=lines, plan=plan)


def _measure(  # noqa: PLR0913 - one place of the table
    town: Town, database: str, url: str, folder: Path, *, lines: int, plan: Plan
) -> Iterator[Figure]:
    scans = plan.times(300, 60)
    warm_up, without, looking, recording = _shared_out(town.reports, WARM_UP, *[scans] * 3)
    told, table = _settle(url, lines=lines, plan=plan)
    with serve(town.settings, database_url=url, workers=1, log=folder / "server.log") as server:
        _scan(server, town, warm_up)
        alone = _scan(server, town, without)
        venue = _desk(server, url, told["kohde"])
        file = {"file": ("kaavake.csv", table, "text/csv")}
        begun = time.time()  # noqa: TID251 - as the server's own clock tells the end
        path = venue.ask("/console/paper/preview", files=file)
        while_looking = _scan(server, town, looking)
        looked_s = venue.wait() - begun
        begun = time.time()  # noqa: TID251
        venue.ask(f"{path}/record")
        while_recording = _scan(server, town, recording)
        recorded_s = venue.wait() - begun
        desk = _desk(server, url, told["jakaja"])
        begun = time.time()  # noqa: TID251
        desk.ask("/console/sheets", data={"which": "all", "choice": "all"})
        sheets_s = desk.wait() - begun
        memory = server.memory()
    yield Figure(what=f"import, {database}: {lines} lines looked at", value=looked_s, unit="s")
    yield Figure(what=f"import, {database}: {lines} lines recorded", value=recorded_s, unit="s")
    beside = Yardstick(what="no import", value=alone.latencies.p95)
    for what, outcome in (("looking", while_looking), ("recording", while_recording)):
        yield Figure(
            what=f"scan beside an import, {database}, {what}: p95",
            value=outcome.latencies.p95,
            budget=P95_BUDGET_MS,
            yardstick=beside,
            raw={"beside": outcome.latencies.raw(), "alone": alone.latencies.raw()},
        )
    yield Figure(what=f"500 sheets in one file, {database}", value=sheets_s, unit="s")
    yield Figure(
        what=f"memory of the worker after that ({database})",
        value=max(each.proportional_mb for each in memory),
        unit="MB PSS",
    )


def _settle(url: str, *, lines: int, plan: Plan) -> tuple[dict[str, str], bytes]:
    """Let a venue and a distributor be signed in, and write the venue's table."""
    engine, now = open_database(url), plan.now
    with Session(engine, expire_on_commit=False) as db, db.begin():
        told = {}
        for handle, kind in (("kohde", Venue), ("jakaja", Distributor)):
            place: Venue | Distributor = db.scalars(select(kind)).first()  # type: ignore[assignment]
            access: Access = grant_access(db, place, handle=handle, secret=SECRET, now=now)[0]
            told[handle] = start_session(db, access, now=now)
        codes = db.scalars(select(Card.code).order_by(Card.code)).all()
    engine.dispose()
    rows = ["päivä;kello;kortti;lapset;luokka"]
    for at in range(lines):
        turn = at // len(codes)
        day = (now - timedelta(days=1 + turn % DAYS)).astimezone(HELSINKI)
        clock = f"{10 + turn // DAYS}.{at % 60:02}"
        date = f"{day.day}.{day.month}.{day.year}"
        rows.append(f"{date};{clock};{codes[at % len(codes)]};1;kulttuuri")
    return told, "\n".join(rows).encode()


def _desk(server: RunningServer, url: str, told: str) -> Desk:
    http = httpx.Client(
        base_url=f"http://127.0.0.1:{server.port}",
        headers={"sec-fetch-site": "same-origin"},
        cookies={COOKIE: told},
        timeout=60,
        trust_env=False,
    )
    return Desk(http, url)


def _scan(server: RunningServer, town: Town, reports: Sequence[ScanReport]) -> Outcome:
    job = Job(
        port=server.port,
        path=f"{API}/scans",
        bearer=town.bearer,
        clients=1,
        bodies=[to_json(report) for report in reports],
        expect='"outcome":"recorded"',
    )
    return run(job)


def _shared_out(reports: Sequence[ScanReport], *counts: int) -> list[Sequence[ScanReport]]:
    """Deal out the reports: every card is scanned once in its town."""
    ends = list(accumulate(counts))
    return [reports[end - count : end] for end, count in zip(ends, counts, strict=True)]
