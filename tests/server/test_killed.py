"""kill -9 of a real server under load: what it confirmed is there, once."""

import threading
import time
from collections import Counter

import httpx
from sqlalchemy import func, select

from server.app import API
from server.clock import utc_now
from server.db import open_database
from server.scan.models import Scan
from server.settings import Settings
from server.signing import load_key_ring
from server.visit.models import Visit
from shared.scan import ScanReport
from tests.factories import HolderPhone, make_report
from tests.server.callers import Desk, HttpScanner, one_session
from tests.server.running import free_port, prepare, serving

DOORS = 4
CARDS = 12
LOAD_S = 1.5


class Door:
    """A scanner that reports one scan after another until the server is gone."""

    def __init__(self, scanner: HttpScanner, phones: list[HolderPhone]) -> None:
        self.scanner, self.phones = scanner, phones
        self.sent: list[ScanReport] = []
        self.confirmed: Counter[str] = Counter()

    def work(self) -> None:
        for turn in range(100_000):
            now = utc_now()
            report = make_report(self.phones[turn % CARDS].show(now=now), at=now)
            self.sent.append(report)
            try:
                answer = self.scanner.report(report)
            except httpx.TransportError:
                return
            self.confirmed[answer.json()["outcome"]] += 1
            assert answer.status_code == 200, answer.text
            self.answered = len(self.sent)

    answered = 0


def test_every_confirmed_scan_survives_a_kill_exactly_once(tmp_path, monkeypatch) -> None:
    port = free_port()
    environment = prepare(tmp_path, port=port)
    for name in [n for n in environment if n.startswith("KAIKU_")]:
        monkeypatch.setenv(name, environment[name])
    settings = Settings()
    engine = open_database(settings.database_url)
    desk = Desk(engine, utc_now)
    phones = _phones(engine, settings)
    base_url = f"http://127.0.0.1:{port}{API}/"

    with httpx.Client(base_url=base_url, timeout=20) as http:
        with serving(environment, port=port) as process:
            doors = [Door(_scanner(http, desk), phones) for _ in range(DOORS)]
            threads = [threading.Thread(target=door.work) for door in doors]
            for thread in threads:
                thread.start()
            time.sleep(LOAD_S)
            process.kill()
            for thread in threads:
                thread.join(timeout=20)

        confirmed = [report for door in doors for report in door.sent[: door.answered]]
        unheard = [(door, report) for door in doors for report in door.sent[door.answered :]]
        assert len(confirmed) > DOORS  # there was a load
        assert len(unheard) == DOORS  # and everybody was cut off in the middle of something
        kept = _count(engine, [report.scan_id for report in confirmed])
        assert kept == {report.scan_id: 1 for report in confirmed}
        assert set(Counter(d for door in doors for d in door.confirmed)) == {"recorded"}

        with serving(environment, port=port):
            for door, report in unheard:  # a scanner sends again what it has no answer to
                door.scanner.sign_in()
                outcome = door.scanner.report(report).json()["outcome"]
                assert outcome in {"recorded", "already_recorded"}

    sent = [report.scan_id for door in doors for report in door.sent]
    assert _count(engine, sent) == dict.fromkeys(sent, 1)
    with one_session(engine) as db:
        assert db.scalar(select(func.count()).select_from(Visit)) == len(sent)
        assert db.scalar(select(func.count()).select_from(Scan)) == len(sent)
    engine.dispose()


def _phones(engine, settings) -> list[HolderPhone]:
    now = utc_now()
    ring = load_key_ring(settings.keys_dir, now_s=int(now.timestamp()))
    with one_session(engine) as db:
        return [HolderPhone(db, ring=ring, settings=settings, now=now) for _ in range(CARDS)]


def _scanner(http: httpx.Client, desk: Desk) -> HttpScanner:
    scanner = HttpScanner(http, utc_now)
    assert scanner.pair(desk.pairing_code()).is_success
    assert scanner.sign_in().is_success
    return scanner


def _count(engine, scan_ids: list[object]) -> dict[object, int]:
    with one_session(engine) as db:
        found = select(Visit.scan_id, func.count()).group_by(Visit.scan_id)
        counted = dict(map(tuple, db.execute(found)))
    return {scan_id: counted.get(scan_id, 0) for scan_id in scan_ids}
