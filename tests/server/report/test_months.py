"""A visit counts in the month that it is in Finland, in summer time and after it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.report.errors import MalformedMonth
from server.report.live.choice import months_between, read_month
from server.scan.service import record_scan
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner
from tests.factories import HolderPhone, make_report, make_scanner
from tests.server.report.cells import cell, settle, wrong


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 9, 30, 20, 59, tzinfo=UTC), "2026-09"),  # 23.59, summer time
        (datetime(2026, 9, 30, 21, 30, tzinfo=UTC), "2026-10"),  # 00.30
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10"),  # 03.30 for the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10"),  # 03.30 once more
        (datetime(2026, 10, 31, 21, 30, tzinfo=UTC), "2026-10"),  # 23.30, winter time
        (datetime(2026, 10, 31, 22, 30, tzinfo=UTC), "2026-11"),  # 00.30
    ],
)
def test_a_scan_after_midnight_counts_in_the_new_month(
    db: Session, ring: KeyRing, settings: Settings, at: datetime, month: str
) -> None:
    phone = HolderPhone(db, ring=ring, settings=settings, now=at - timedelta(days=1))
    made = make_scanner(db)
    wanted = select(Scanner).where(Scanner.id == made.id).options(joinedload(Scanner.venue))
    report = make_report(phone.show(now=at), at=at)

    record_scan(db, db.scalars(wanted).one(), report, ring=ring, settings=settings, now=at)
    settle(db)

    assert cell(db, month, "fi") == {"adults": 1, "holders": 1}
    assert wrong(db) == []


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2.2027", "2027-02"),
        (" 02 . 2027 ", "2027-02"),
        ("2/2027", "2027-02"),
        ("2027-02", "2027-02"),
    ],
)
def test_a_month_is_read_as_people_write_it(typed: str, month: str) -> None:
    assert read_month(typed) == month


@pytest.mark.parametrize("typed", ["", "0.2027", "13.2027", "2027", "2.27", "2.2027.", "2027-2-1"])
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(MalformedMonth):
        read_month(typed)


def test_months_follow_each_other_over_new_year() -> None:
    assert months_between("2026-11", "2027-02") == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert months_between("2026-11", "2026-11") == ["2026-11"]
    assert months_between("2026-11", "2026-10") == []
