"""The command that adds an event, as an operator types it."""

import os
from datetime import UTC, datetime

import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from server.__main__ import cli
from server.db import open_database
from server.event.models import Event
from tests.factories import make_venue
from tests.server.running import free_port, prepare


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A register with one venue, and the environment that names it."""
    for name, value in prepare(tmp_path, port=free_port()).items():
        if name.startswith("KAIKU_"):
            monkeypatch.setenv(name, value)
    engine = open_database(os.environ["KAIKU_DATABASE_URL"])
    with Session(engine) as db, db.begin():
        make_venue(db, name="Teatteri", categories=["culture"])
    yield engine
    engine.dispose()


def add(**over: str) -> Result:
    words = {
        "venue": "Teatteri", "name": "Hamlet", "category": "culture",
        "starts": "2026-12-01 18:00", "ends": "2026-12-01 20:30",
    } | over  # fmt: skip
    return CliRunner().invoke(cli, ["add-event", *(f"--{k}={v}" for k, v in words.items())])


def test_it_adds_the_event_by_helsinkis_clock(engine) -> None:
    told = add()

    assert told.exit_code == 0, told.output
    with Session(engine) as db:
        event = db.scalars(select(Event)).one()
    assert event.starts_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert event.name == "Hamlet"


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"venue": "Museo"}, "0 venues are called Museo"),
        ({"ends": "2026-12-01 18:00"}, "event_ends_too_soon"),
        ({"category": "sport"}, "event_category_not_here"),
        ({"starts": "tomorrow"}, "tomorrow"),
    ],
)
def test_it_says_what_is_wrong_and_adds_nothing(engine, over, why) -> None:
    told = add(**over)

    assert told.exit_code == 2
    assert why in told.output
    with Session(engine) as db:
        assert db.scalars(select(Event)).all() == []
