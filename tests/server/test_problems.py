"""Every no is problem+json with a code that never changes."""

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from shared.protocol import HEADER, TOO_OLD
from tests.server.callers import refusal


@pytest.fixture
def broken(app):
    def fail() -> None:
        raise RuntimeError("a secret: XXQKFBF5S")

    app.add_api_route("/api/v1/broken", fail)
    return TestClient(app, raise_server_exceptions=False)


def test_an_unknown_path_is_not_found(client) -> None:
    for path in ("/api/v1/nothing", "/", "/api/v2/card", "/api/v1/status-lists"):
        assert refusal(client.get(path)) == (404, "not_found")


def test_another_method_is_not_allowed(client) -> None:
    answer = client.get("/api/v1/scans")

    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_what_nobody_expected_is_a_server_error_and_tells_nothing(broken) -> None:
    answer = broken.get("/api/v1/broken")

    assert refusal(answer) == (500, "server_error")
    assert "XXQKFBF5S" not in answer.text


def test_a_refusal_has_all_its_fields_and_is_not_cached(client) -> None:
    answer = client.get("/api/v1/card")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "type": "about:blank",
        "status": 401,
        "code": "sign_in_required",
        "title": "The bearer is missing or over; prove the device key again.",
        "detail": None,
        "retry_after_s": None,
    }


def test_a_refused_form_names_the_place_and_not_the_value(client) -> None:
    answer = client.get("/api/v1/status-lists/SECRET")

    assert refusal(answer) == (422, "malformed_request")
    assert answer.json()["detail"] == "path.number: int_parsing"
    assert "SECRET" not in answer.text


def test_an_app_that_is_too_old_is_told_so_and_others_are_not(engine, settings, ring) -> None:
    app = create_app(engine, settings.model_copy(update={"oldest_protocol": 3}), ring=ring)
    client = TestClient(app)

    assert refusal(client.post("/api/v1/nonces", headers={HEADER: "2"})) == (426, TOO_OLD)
    for headers in ({HEADER: "3"}, {HEADER: "4"}, {HEADER: "?"}, {}):
        assert client.post("/api/v1/nonces", headers=headers).is_success
