"""A scan over HTTP: what it answers, and what it costs the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from server.scan.models import Scan
from server.visit.models import Visit
from shared.scan import Category, ScanBatch
from shared.wire import to_json
from tests.factories import make_report
from tests.server.callers import refusal

MOST_STATEMENTS = 9


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_scan_is_answered_with_its_visit(scanner, holder, desk) -> None:
    report = make_report(holder.show(), children=1)

    told = scanner.report(report).json()

    (visit,) = desk.rows(Visit)
    assert told == {
        "scan_id": str(report.scan_id),
        "outcome": "recorded",
        "visit_id": str(visit.id),
        "colour": "green",
        "reasons": ["ok"],
        "differs": False,
    }


def test_a_scan_costs_few_statements(scanner, holder, engine) -> None:
    text = holder.show()
    with counted(engine) as statements:
        assert scanner.scan(text).json()["outcome"] == "recorded"

    assert any("visit" in statement for statement in statements)
    assert len(statements) <= MOST_STATEMENTS, statements


def test_a_scan_costs_no_more_when_the_card_was_often_used(scanner, holder, engine, clock) -> None:
    for _ in range(12):
        clock.advance(seconds=31)
        scanner.scan(holder.show())
    text = holder.show()
    with counted(engine) as statements:
        scanner.scan(text)

    assert len(statements) <= MOST_STATEMENTS, statements


def test_a_batch_costs_no_more_statements_than_one_scan(scanner, make_holder, engine, desk) -> None:
    reports = [make_report(make_holder().show()) for _ in range(5)] * 2
    reports += [make_report(desk.grant().card.code), make_report(None, admitted=False)]
    body = to_json(ScanBatch(reports))
    with counted(engine) as statements:
        receipts = scanner.ask("scans/batch", body).json()["receipts"]

    assert [receipt["outcome"] for receipt in receipts] == [
        *["recorded"] * 5,
        *["already_recorded"] * 5,
        "recorded",
        "no_visit",
    ]
    asked_of_each_code = 1  # whether the scanner must rest
    assert len(statements) <= MOST_STATEMENTS + asked_of_each_code, statements


def test_a_question_stores_nothing(scanner, holder, desk) -> None:
    code = holder.read("card").json()["card_code"]

    told = scanner.ask("card-questions", f'{{"text": "{code}", "category": "culture"}}').json()

    assert told == {"colour": "green", "reasons": ["ok_code"], "children": 2, "community": False}
    assert (desk.count(Scan), desk.count(Visit)) == (0, 0)


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"children": 3}, (422, "too_many_children")),
        ({"children": -1}, (422, "negative_children")),
        ({"category": Category.SPORT}, (422, "category_not_here")),
    ],
)
def test_refusals_have_names_and_store_nothing(make_scanner, desk, holder, over, told) -> None:
    scanner = make_scanner(desk.venue(categories=["culture"]))

    assert refusal(scanner.scan(holder.show(), **over)) == told
    assert desk.count(Scan) == 0


def test_a_scan_from_the_future_is_refused(scanner, holder, clock) -> None:
    text, now = holder.show(), clock.now
    clock.advance(minutes=-5, seconds=-1)

    assert refusal(scanner.scan(text, at=now)) == (422, "scan_in_future")
    clock.advance(seconds=1)
    assert scanner.scan(text, at=now).is_success


def test_the_id_of_another_scanners_report_is_taken(make_scanner, holder) -> None:
    report = make_report(holder.show())
    make_scanner().report(report)

    assert refusal(make_scanner().report(report)) == (409, "scan_id_taken")
