"""Log lines: enough to find a fault, never the text of a code, proof or bearer."""

import json
import logging

import pytest
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from server.logs import set_up_logs
from shared.wire import to_base64url
from tests.server.callers import HttpHolder, refusal


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def phone(http, clock) -> HttpHolder:
    return HttpHolder(http, clock)


def said(lines, caplog) -> str:
    of_the_server = (r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
    return json.dumps(lines, default=str) + "".join(of_the_server)


def test_a_request_is_one_line(holder, lines) -> None:
    holder.read("visits", limit=3)

    (line,) = lines
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 200)
    assert line["path"].endswith("/visits")
    assert line["ms"] >= 0


def test_no_line_holds_a_secret(desk, phone, make_scanner, lines, caplog) -> None:
    granted, http = desk.grant(), phone.http
    phone.activate(granted.activation_code)
    phone.sign_in()
    scanner, proof = make_scanner(), phone.proof()
    shown, card_code = phone.show(), granted.card.code
    scanner.scan(shown)
    scanner.scan(card_code)
    scanner.ask("scans", f'{{"text": "{card_code}"}}')
    http.get(f"card-questions/{card_code}")
    http.get(f"activations/{granted.activation_code}", params={"code": granted.activation_code})
    http.get(f"status-lists/{card_code}", headers={"X-Code": card_code})
    http.post("holder-sessions", content=proof, headers={"Content-Type": "application/json"})

    everything = said(lines, caplog)
    for secret in (granted.activation_code, card_code, shown, phone.bearer, scanner.bearer):
        assert secret not in everything
    assert to_base64url(proof)[:40] not in everything
    assert repr(proof)[2:40] not in everything
    assert "request" in everything


def test_a_failed_statement_does_not_tell_its_values(engine) -> None:
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as failed:
        connection.execute(text("SELECT nothing FROM nowhere WHERE code = :c"), {"c": "XXQKFBF5S"})

    assert "XXQKFBF5S" not in str(failed.value)


def test_a_refusal_is_logged_with_its_code(capsys, holder) -> None:
    set_up_logs()
    try:
        assert refusal(holder.http.get("card")) == (401, "sign_in_required")
    finally:
        structlog.reset_defaults()
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["code"], line["status"]) == ("sign_in_required", 401)


def test_what_is_not_the_api_is_not_logged(client: TestClient, lines) -> None:
    client.get("/openapi.json")

    assert lines == []
