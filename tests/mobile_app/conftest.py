"""Fixtures of the app's tests: a server of its own, a phone, a granted card."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.app import create_app
from server.settings import Settings
from server.signing import KeyRing
from tests.factories import NOON
from tests.mobile_app.fakes import FakeClock
from tests.mobile_app.phones import HolderPhone, grant, make_phone
from tests.mobile_app.voices import Town


@pytest.fixture
def phone_clock() -> FakeClock:
    """One time for phone and server."""
    return FakeClock(NOON)


@pytest.fixture
def server(
    sqlite_engine: Engine, settings: Settings, ring: KeyRing, phone_clock: FakeClock
) -> FastAPI:
    return create_app(sqlite_engine, settings, ring=ring, clock=phone_clock.now)


@pytest.fixture
def register(sqlite_engine: Engine) -> Session:
    return Session(sqlite_engine, expire_on_commit=False)


@pytest.fixture
def phone(server: FastAPI, phone_clock: FakeClock) -> HolderPhone:
    return make_phone(server, phone_clock)


@pytest.fixture
def another_phone(server: FastAPI) -> Callable[[], HolderPhone]:
    return lambda: make_phone(server, FakeClock(NOON))


@pytest.fixture
def granted(register: Session) -> tuple[object, str]:
    return grant(register, now=NOON)


@pytest.fixture
def code(granted: tuple[object, str]) -> str:
    """An activation code, as printed."""
    return granted[1]


@pytest.fixture
async def town(
    phone: HolderPhone, code: str, sqlite_engine: Engine, ring: KeyRing, settings: Settings
) -> Town:
    """A phone with a card, and the places that it goes to."""
    await phone.activated(code)
    return Town(sqlite_engine, phone, ring, settings)
