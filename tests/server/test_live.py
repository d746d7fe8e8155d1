"""The development preview answers on this machine only, and only where it is wanted."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.app import create_app
from tests.server.callers import refusal

HERE, ELSEWHERE = ("127.0.0.1", 5000), ("192.0.2.7", 5000)
made: list[dict[str, object]] = []


def create_fake_live(**given: object) -> Starlette:
    """What the server finds by its import string instead of the app."""

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    def page(_request: object) -> PlainTextResponse:
        return PlainTextResponse("the app")

    made.append(given)
    return Starlette(routes=[Route("/", page), WebSocketRoute("/ws", listen)])


@pytest.fixture
def serve(sqlite_engine, settings, ring, tmp_path):
    def act(client: tuple[str, int], **over: object) -> TestClient:
        made.clear()
        given = {
            "live": True,
            "live_app": f"{__name__}:create_fake_live",
            "live_dir": tmp_path / "live",
        }
        wanted = settings.model_copy(update=given | over)
        return TestClient(create_app(sqlite_engine, wanted, ring=ring), client=client)

    return act


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
def test_callers_on_this_machine_get_the_app(serve, address) -> None:
    with serve((address, 5000)) as http:
        assert http.get("/live/").text == "the app"
        with http.websocket_connect("/live/ws") as socket:
            assert socket.receive_text() == "hello"


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "testclient", "", "::ffff:10.0.0.1"])
def test_callers_on_another_machine_do_not(serve, address) -> None:
    with serve((address, 5000)) as http:
        assert refusal(http.get("/live/")) == (403, "preview_is_local")
        with (
            pytest.raises(WebSocketDisconnect) as closed,
            http.websocket_connect("/live/ws"),
        ):
            pass
        assert closed.value.code == 1008


def test_it_can_be_opened_to_others_on_purpose(serve) -> None:
    with serve(ELSEWHERE, live_anywhere=True) as http:
        assert http.get("/live/").text == "the app"


def test_the_rest_of_the_server_answers_everybody(serve) -> None:
    with serve(ELSEWHERE) as http:
        assert http.get("/api/v1/health").is_success


def test_without_the_setting_there_is_no_preview(serve) -> None:
    with serve(HERE, live=False) as http:
        assert refusal(http.get("/live/")) == (404, "not_found")
    assert made == []


def test_the_app_is_told_where_the_server_is_and_what_to_trust(serve, ring, tmp_path) -> None:
    serve(HERE)

    (given,) = made
    assert given == {
        "base_url": "http://testserver",
        "roots": ring.roots,
        "folder": Path(tmp_path / "live"),
    }
