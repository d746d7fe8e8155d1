"""The server over HTTP, and who calls it."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from server.app import API
from tests.conftest import StoppedClock
from tests.server.callers import Desk, HttpHolder, HttpScanner


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    base_url = f"http://testserver{API}/"
    with TestClient(app, base_url=base_url, raise_server_exceptions=False) as http:
        yield http


@pytest.fixture
def desk(engine: Engine, clock: StoppedClock) -> Desk:
    return Desk(engine, clock)


@pytest.fixture
def make_holder(http: TestClient, desk: Desk, clock: StoppedClock) -> Callable[..., HttpHolder]:
    """Grant a card, activate it on a new phone and sign that in."""

    def make(**over: object) -> HttpHolder:
        holder = HttpHolder(http, clock)
        assert holder.activate(desk.grant(**over).activation_code).is_success
        assert holder.sign_in().is_success
        return holder

    return make


@pytest.fixture
def make_scanner(http: TestClient, desk: Desk, clock: StoppedClock) -> Callable[..., HttpScanner]:
    """Pair a new scanner, with a new venue unless told, and sign it in."""

    def make(venue: object = None) -> HttpScanner:
        scanner = HttpScanner(http, clock)
        assert scanner.pair(desk.pairing_code(venue)).is_success
        assert scanner.sign_in().is_success
        return scanner

    return make


@pytest.fixture
def holder(make_holder: Callable[..., HttpHolder]) -> HttpHolder:
    return make_holder()


@pytest.fixture
def scanner(make_scanner: Callable[..., HttpScanner]) -> HttpScanner:
    return make_scanner()
