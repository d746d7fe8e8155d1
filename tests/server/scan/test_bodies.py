"""Bodies that are not what they should be: always a named 4xx, nothing stored, never a 500."""

import json

import pytest

from server.scan.models import Scan
from server.visit.models import Visit
from shared.rules.admission import Reason
from shared.scan import Category, ScanBatch
from shared.wire import to_json
from tests.factories import NOON, make_report
from tests.server.callers import JSON, refusal

MALFORMED = (422, "malformed_request")


@pytest.fixture
def written(holder) -> dict:
    """A good report, as plain JSON values."""
    return json.loads(to_json(make_report(holder.show())))


@pytest.fixture
def nothing_stored(desk):
    yield
    assert (desk.count(Scan), desk.count(Visit)) == (0, 0)


def test_the_good_report_is_good(scanner, written) -> None:
    assert scanner.ask("scans", json.dumps(written)).json()["outcome"] == "recorded"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("children", value) for value in ("2", True, 2.0, 1.5, None, [], float("nan"))],
        *[("admitted", value) for value in ("true", 1, 0, "yes", None, 1.0)],
        *[("assistant", value) for value in ("false", 0, None)],
        *[
            (field, value)
            for field in ("scanned_at", "closed_at")
            for value in (
                "2026-11-22T12:00:00",
                "2026-11-22",
                "12:00",
                1795341600,
                1795341600.5,
                "1795341600",
                "0001-01-01T00:00:00+14:00",
                "0001-01-01T00:00:00+00:00",
                "9999-12-31T23:59:59-14:00",
                "9999-12-31T23:59:59Z",
                "1969-12-31T23:59:59Z",
                "10000-01-01T00:00:00Z",
                "now",
                "",
                None,
                {},
            )
        ],
        *[("scan_id", value) for value in ("x", "", 7, None, "0" * 31, "\x00" * 32)],
        *[("event_id", value) for value in ("x", "", 7, "0" * 31, [])],
        *[("category", value) for value in ("theatre", "Culture", "", 1, None, ["culture"])],
        *[("reasons", value) for value in ("ok", ["fine"], [1], [None], None, {"ok": 1})],
        *[("text", value) for value in (1, True, ["K1:"], {}, "\ud800", "K1:\udfff")],
        ("venue_id", "01890000-0000-7000-8000-000000000000"),
        ("Children", 1),
        ("", 1),
    ],
)
@pytest.mark.usefixtures("nothing_stored")
def test_a_wrong_field_is_refused(scanner, written, field, value) -> None:
    report = written | {field: value}

    assert refusal(scanner.ask("scans", json.dumps(report))) == MALFORMED
    assert refusal(scanner.ask("scans/batch", json.dumps({"scans": [report]}))) == MALFORMED


@pytest.mark.usefixtures("nothing_stored")
def test_a_missing_field_is_refused(scanner, written) -> None:
    for field in written.keys() - {"event_id"}:  # the only one that may be left out
        report = {name: value for name, value in written.items() if name != field}
        assert refusal(scanner.ask("scans", json.dumps(report))) == MALFORMED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"\xff\xfe",
        b'{"scans": NaN}',
        b"[" * 200_000,
        b'{"scans":' * 50_000,
        b'{"children": ' + b"9" * 5000 + b"}",
        b'{"scan_id": "\x00"}',
        b"\x00",
        "\ufeff{}".encode(),
    ],
    ids=lambda body: str(body[:12]),
)
@pytest.mark.parametrize("path", ["scans", "scans/batch", "card-questions", "voidings"])
@pytest.mark.usefixtures("nothing_stored")
def test_a_body_that_is_no_report_is_refused(scanner, path, body) -> None:
    assert refusal(scanner.ask(path, body)) == MALFORMED


@pytest.mark.parametrize("media_type", ["text/plain", "application/cose", "", "application/xml"])
@pytest.mark.usefixtures("nothing_stored")
def test_json_under_another_name_is_refused(scanner, written, media_type) -> None:
    headers = scanner.speaking | {"Content-Type": media_type}

    answer = scanner.http.post("scans", content=json.dumps(written), headers=headers)

    assert refusal(answer) == MALFORMED


@pytest.mark.parametrize("path", ["scans", "scans/batch", "activations", "pairings", "voidings"])
@pytest.mark.usefixtures("nothing_stored")
def test_ten_megabytes_are_not_read(scanner, path) -> None:
    def in_pieces():
        for _ in range(160):
            yield b" " * 65_536

    told = scanner.ask(path, b" " * 10_485_760)
    in_chunks = scanner.ask(path, in_pieces())

    assert refusal(told) == refusal(in_chunks) == (413, "too_large")


def test_half_a_megabyte_is_read(scanner, written) -> None:
    body = json.dumps(written).encode()
    assert scanner.ask("scans", body + b" " * (524_288 - len(body))).is_success
    assert refusal(scanner.ask("scans", body + b" " * (524_289 - len(body)))) == (413, "too_large")


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "0x10", "9" * 30])
def test_a_length_that_is_no_number_is_refused(scanner, length) -> None:
    headers = scanner.speaking | JSON | {"Content-Length": length}

    assert refusal(scanner.http.post("scans", content=b"{}", headers=headers)) == (413, "too_large")


@pytest.mark.parametrize("children", [24, 40_000, 3_000_000_000, 10**30])
@pytest.mark.parametrize("admitted", [True, False])
@pytest.mark.usefixtures("nothing_stored")
def test_more_children_than_any_card_has_are_no_number(scanner, holder, children, admitted) -> None:
    for text, reasons in (
        (holder.show(), ["ok"]),
        (None, ["not_a_card"]),
        ("XXQKFBF5S", ["code_offline"]),
    ):
        report = json.loads(to_json(make_report(text)))
        report |= {"children": children, "admitted": admitted, "reasons": reasons}
        assert refusal(scanner.ask("scans", json.dumps(report))) == (422, "too_many_children")


def test_reasons_said_a_thousand_times_are_kept_once(scanner, holder, desk) -> None:
    report = json.loads(to_json(make_report(holder.show())))
    report["reasons"] = ["ok", "clock_skew"] * 5_000

    assert scanner.ask("scans", json.dumps(report)).is_success

    assert desk.rows(Scan)[0].scanner_reasons == ["ok", "clock_skew"]


@pytest.mark.parametrize(
    "text", ["", "\x00", "K1:", "K1:\x00", "x" * 100_000, "å" * 9, "K1:" + "0" * 392, "' OR 1=1 --"]
)
def test_a_text_that_is_no_card_is_kept_without_it(scanner, desk, text) -> None:
    answer = scanner.scan(text, admitted=False)

    assert answer.json()["reasons"] == ["not_a_card"]
    assert desk.rows(Scan)[0].sub is None


def test_a_scanner_whose_clock_was_never_set_is_heard(scanner, holder) -> None:
    long_ago = NOON.replace(year=1970, month=1, day=1, hour=0)

    answer = scanner.scan(holder.show(), at=long_ago)

    assert answer.json()["outcome"] == "quarantined"


class TestBatch:
    def send(self, scanner, reports):
        return scanner.ask("scans/batch", to_json(ScanBatch(reports)))

    def test_an_empty_batch_is_fine(self, scanner) -> None:
        assert self.send(scanner, []).json() == {"receipts": []}

    @pytest.mark.usefixtures("nothing_stored")
    def test_501_are_too_many(self, scanner) -> None:
        reports = [make_report(None, admitted=False) for _ in range(501)]

        assert refusal(self.send(scanner, reports)) == (422, "batch_too_long")

    def test_500_are_answered_in_their_order(self, scanner, holder, desk) -> None:
        text = holder.show()
        reports = [make_report(text if n % 7 == 0 else None, admitted=False) for n in range(500)]

        receipts = self.send(scanner, reports).json()["receipts"]

        assert [r["scan_id"] for r in receipts] == [str(report.scan_id) for report in reports]
        assert [r["reasons"] == ["ok"] for r in receipts] == [n % 7 == 0 for n in range(500)]
        assert desk.count(Scan) == 500

    def test_the_same_report_twice_in_one_batch_is_one_visit(self, scanner, holder, desk) -> None:
        report = make_report(holder.show())

        receipts = self.send(scanner, [report, report]).json()["receipts"]

        assert [r["outcome"] for r in receipts] == ["recorded", "already_recorded"]
        assert desk.count(Visit) == 1

    def test_a_refused_report_says_why_and_holds_up_nobody(self, scanner, holder) -> None:
        bad = make_report(holder.show(), children=3)
        good = make_report(holder.show(), children=2)

        receipts = self.send(scanner, [bad, good]).json()["receipts"]

        assert receipts[0] == {"scan_id": str(bad.scan_id), "code": "too_many_children"}
        assert receipts[1]["outcome"] == "recorded"

    def test_sending_a_batch_again_records_nothing_new(self, scanner, make_holder, desk) -> None:
        reports = [make_report(make_holder().show()) for _ in range(3)]
        first = self.send(scanner, reports).json()["receipts"]

        again = self.send(scanner, reports).json()["receipts"]

        assert {r["outcome"] for r in again} == {"already_recorded"}
        assert [r["visit_id"] for r in again] == [r["visit_id"] for r in first]
        assert desk.count(Visit) == 3


class TestGuessingCardCodes:
    UNKNOWN = "XXQKFBF5S"

    def test_reports_cannot_search_card_codes_either(self, scanner, desk) -> None:
        report = {"admitted": False, "reasons": [Reason.CODE_OFFLINE]}
        reports = [make_report(self.UNKNOWN, **report) for _ in range(30)]
        known = make_report(desk.grant().card.code, **report)

        receipts = TestBatch().send(scanner, [*reports, known]).json()["receipts"]

        assert {tuple(r.get("reasons", ())) for r in receipts[:30]} == {("code_unknown",)}
        assert receipts[30] == {"scan_id": str(known.scan_id), "code": "resting"}

    def test_a_report_that_had_to_rest_is_taken_a_minute_later(
        self, scanner, holder, desk, clock
    ) -> None:
        for _ in range(30):
            scanner.scan(self.UNKNOWN, admitted=False)
        report = make_report(desk.grant().card.code)
        answer = scanner.report(report)
        assert refusal(answer) == (429, "resting")
        assert answer.headers["retry-after"] == "61"
        assert scanner.scan(holder.show()).is_success  # a token cannot be guessed, so it may go on
        clock.advance(minutes=1)

        assert scanner.report(report).json()["outcome"] == "recorded"

    def test_questions_and_reports_are_counted_together(self, scanner) -> None:
        question = json.dumps({"text": self.UNKNOWN, "category": Category.CULTURE})
        for _ in range(15):
            scanner.scan(self.UNKNOWN, admitted=False)
            assert scanner.ask("card-questions", question).json()["reasons"] == ["code_unknown"]

        assert refusal(scanner.ask("card-questions", question)) == (429, "resting")
