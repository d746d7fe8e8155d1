"""A town to load the server with: activated cards, past visits, a scanner that is signed in.

Made once in an SQLite file by the server's own services; every measurement gets a fresh copy, on
SQLite or PostgreSQL.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from server.card.issue import issue_credential
from server.card.models import Card
from server.clock import seconds
from server.db import open_database
from server.demo.phone import Phone
from server.grant.service import CardRequest, grant_card
from server.ids import new_id
from server.keygen import make_keys
from server.scan.models import Scan
from server.schema import METADATA, migrate
from server.settings import Settings
from server.signin.service import grant_bearer
from server.signing import KeyRing, load_key_ring
from server.venue.models import Scanner
from server.visit.models import Visit
from shared.rules.admission import Colour, Reason
from shared.scan import Category, ScanOutcome, ScanReport
from tests.bench.tokens import HISTORY_S
from tests.factories import SECRET, make_distributor, make_report, make_scanner

SCANNED_AGO = timedelta(minutes=2)
"""Every presentation is shown and scanned at one instant; only the reports come later."""
VISITS_BEFORE = 4
"""Visits that every card has behind it, one a week."""

_OLD_SUB = "LongOver00"


@dataclass(frozen=True, slots=True)
class Town:
    """Where the town lives, and one report for each of its cards."""

    settings: Settings
    ring: KeyRing
    bearer: str
    reports: Sequence[ScanReport]
    _file: Path

    def copy_to_sqlite(self, path: Path) -> str:
        shutil.copy(self._file, path)
        return f"sqlite:///{path}"

    def copy_to_postgres(self, url: str) -> None:
        """Fill the database at *url* with this town, whatever was there before."""
        source, target = open_database(f"sqlite:///{self._file}"), open_database(url)
        migrate(target)
        tables = METADATA.sorted_tables
        with source.connect() as reading, target.begin() as writing:
            writing.execute(text(f"TRUNCATE {', '.join(table.name for table in tables)}"))
            for table in tables:
                if table.name == "report_change":  # the triggers write it here as they did there
                    continue
                if rows := reading.execute(select(table)).mappings().all():
                    writing.execute(insert(table), [dict(row) for row in rows])
        with target.connect().execution_options(isolation_level="AUTOCOMMIT") as settled:
            settled.execute(text("VACUUM ANALYZE"))
            settled.execute(text("CHECKPOINT"))
        source.dispose()
        target.dispose()


@contextmanager
def build_town(*, cards: int, now: datetime) -> Iterator[Town]:
    """Found a town of *cards* cards; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kaiku-bench-") as folder:
        file = Path(folder, "town.db")
        settings = Settings(keys_dir=Path(folder, "keys"), code_secret=SECRET.decode())
        now_s = seconds(now)
        roots_dir = Path(folder, "roots")
        make_keys(
            keys_dir=settings.keys_dir, roots_dir=roots_dir, from_s=now_s - HISTORY_S, now_s=now_s
        )
        ring = load_key_ring(settings.keys_dir, now_s=now_s)
        engine = open_database(f"sqlite:///{file}")
        migrate(engine)
        with Session(engine, expire_on_commit=False) as db, db.begin():
            scanner = make_scanner(db)
            bearer = grant_bearer(db, now=now, scanner_id=scanner.id).bearer
            reports = _settle_people(
                db, scanner, cards=cards, ring=ring, settings=settings, now=now
            )
        _into_one_file(engine)
        yield Town(settings, ring, bearer, reports, file)


def _settle_people(  # noqa: PLR0913 - all by keyword
    db: Session,
    scanner: Scanner,
    *,
    cards: int,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> list[ScanReport]:
    distributor = make_distributor(db)
    request = CardRequest(birth_year=1975, home_postcode="33100", children=2)
    at = now - SCANNED_AGO
    reports = []
    scans: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    for _ in range(cards):
        card = grant_card(db, distributor, request, secret=SECRET, now=at).card
        phone = Phone()
        card.key_x, card.key_odd = phone.point.x, phone.point.odd
        signed = issue_credential(db, card, ring=ring, status_lists=settings.status_lists, now=at)
        reports.append(make_report(phone.present(signed.raw, now=at), at=at))
        for week in range(1, VISITS_BEFORE + 1):
            scan, visit = _visited(card, scanner, at=at - timedelta(weeks=week))
            scans.append(scan)
            visits.append(visit)
    db.flush()
    db.execute(insert(Scan), scans)
    db.execute(insert(Visit), visits)
    return reports


def _visited(
    card: Card, scanner: Scanner, *, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows of an old visit, with a credential that is long over."""
    shared = {
        "card_id": card.id,
        "venue_id": scanner.venue_id,
        "scanner_id": scanner.id,
        "sub": _OLD_SUB,
        "shown_at_s": seconds(at),
        "category": Category.CULTURE,
        "children": 1,
        "assistant": False,
    }
    scan_id = new_id(at)
    scan = shared | {
        "id": scan_id,
        "scanned_at": at,
        "closed_at": at,
        "received_at": at,
        "admitted": True,
        "scanner_reasons": [Reason.OK],
        "register_reasons": [Reason.OK],
        "register_colour": Colour.GREEN,
        "outcome": ScanOutcome.RECORDED,
        "differs": False,
    }
    visit = shared | {
        "id": new_id(at),
        "scan_id": scan_id,
        "holder_id": card.holder_id,
        "event": f"{scanner.venue_id}/culture/{at.date()}",
        "visited_at": at,
        "recorded_at": at,
        "again": False,
    }
    return scan, visit


def _into_one_file(engine: Engine) -> None:
    """Empty the write-ahead log into the file, so that copying the file copies everything."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
