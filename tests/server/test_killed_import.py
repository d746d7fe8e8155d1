"""kill -9 of a real server in the middle of an import: another one goes on, each line once."""

import time
from datetime import timedelta

import httpx
from sqlalchemy import func, select

from server.access.duties import agree
from server.access.service import grant_access, start_session
from server.clock import utc_now
from server.console.actors import COOKIE
from server.db import open_database
from server.grant.service import CardRequest, grant_card
from server.scan.models import Scan
from server.settings import Settings
from server.visit.models import Visit
from server.work.models import Work, WorkState
from tests.factories import SECRET, make_distributor, make_venue
from tests.server.callers import one_session
from tests.server.running import free_port, prepare, serving

CARDS = 30
LINES = 1200
PATIENCE_S = 120
OWN = {"sec-fetch-site": "same-origin"}


def test_an_import_goes_on_after_a_kill_and_records_each_line_once(tmp_path, monkeypatch) -> None:
    port = free_port()
    environment = prepare(tmp_path, port=port)
    for name in [n for n in environment if n.startswith("KAIKU_")]:
        monkeypatch.setenv(name, environment[name])
    engine = open_database(Settings().database_url)
    told, table = settle(engine)
    base_url = f"http://127.0.0.1:{port}/console"
    browser = {"base_url": base_url, "headers": OWN, "cookies": {COOKIE: told}, "timeout": 20}

    with httpx.Client(**browser) as http:
        with serving(environment, port=port) as process:
            answer = http.post("paper/preview", files={"file": ("kaavake.csv", table, "text/csv")})
            assert answer.status_code == 303, answer.text
            path = answer.headers["location"].removeprefix("/console/")
            wait_for(engine, lambda work: work.state is WorkState.DONE)
            assert http.post(f"{path}/record").status_code == 303
            wait_for(engine, lambda work: work.done > LINES // 10)
            process.kill()
            process.wait()

        before = visits(engine)
        assert 0 < before < LINES
        assert wait_for(engine, bool).state is WorkState.RUNNING

        with serving(environment, port=port):
            work = wait_for(engine, lambda work: work.state is WorkState.DONE)
    assert (work.done, work.total) == (LINES, LINES)
    assert visits(engine) == LINES
    with one_session(engine) as db:
        assert db.scalar(select(func.count()).select_from(Scan)) == LINES
    engine.dispose()


def settle(engine) -> tuple[str, bytes]:
    """Let there be a venue that is signed in, and a table of its visits."""
    now = utc_now()
    with one_session(engine) as db:
        access, _ = grant_access(db, make_venue(db), handle="kohde-1", secret=SECRET, now=now)
        agree(access, now=now)
        told = start_session(db, access, now=now)
        desk = make_distributor(db)
        request = CardRequest(birth_year=1975, home_postcode="33100", children=2)
        long_ago = now - timedelta(days=100)
        codes = [
            grant_card(db, desk, request, secret=SECRET, now=long_ago).card.code
            for _ in range(CARDS)
        ]
    lines = ["päivä;kello;kortti;luokka"]
    for at in range(LINES):
        day = (now - timedelta(days=1 + at // CARDS % 20)).date()
        clock = f"{8 + at // (CARDS * 20)}.00"
        lines.append(f"{day.day}.{day.month}.{day.year};{clock};{codes[at % CARDS]};kulttuuri")
    return told, "\n".join(lines).encode()


def visits(engine) -> int:
    with one_session(engine) as db:
        return db.scalar(select(func.count()).select_from(Visit)) or 0


def wait_for(engine, wanted) -> Work:
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        with one_session(engine) as db:
            work = db.scalars(select(Work)).one()
        if wanted(work):
            return work
        time.sleep(0.05)
    raise AssertionError((work.state, work.done))
