"""A running server keeps the figures up to date by itself; the command line checks them."""

import time
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

from server.__main__ import cli
from server.app import create_app
from server.report.models import ReportCell
from server.settings import Settings
from server.signing import KeyRing
from server.work.runner import Chore, Runner
from tests.conftest import StoppedClock
from tests.factories import make_card, make_scanner, make_visit
from tests.server.report.cells import cell

PATIENCE_S = 60


def one_visit(engine: Engine) -> None:
    with Session(engine) as db:
        make_visit(db, make_card(db)[0], make_scanner(db))
        db.commit()


def test_a_running_server_catches_up(
    engine: Engine, settings: Settings, ring: KeyRing, clock: StoppedClock
) -> None:
    app = create_app(engine, settings, ring=ring, clock=clock, works=True)
    with TestClient(app):
        one_visit(engine)
        app.state.runner.call()
        patient_until = time.monotonic() + PATIENCE_S
        counted: dict[str, int] = {}
        while not counted and time.monotonic() < patient_until:
            time.sleep(0.1)
            with Session(engine) as db:
                counted = cell(db, "2026", "fi")

    assert counted == {"adults": 1, "holders": 1}


def test_a_chore_that_fails_does_not_stop_the_others(engine: Engine, clock: StoppedClock) -> None:
    def fail(_: Session, *, now: datetime) -> bool:  # noqa: ARG001
        raise ValueError("cannot")

    done: list[bool] = []

    def is_due(_: Session, *, now: datetime) -> bool:  # noqa: ARG001
        return not done

    def do(_: Session, *, now: datetime) -> bool:  # noqa: ARG001
        done.append(True)
        return True

    chores = [Chore(is_due, fail), Chore(is_due, do)]

    Runner(sessionmaker(engine), {}, clock=clock, chores=chores).do_turn()

    assert done == [True]


@pytest.fixture
def command(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, settings: Settings):
    monkeypatch.setenv("KAIKU_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setenv("KAIKU_KEYS_DIR", str(settings.keys_dir))
    monkeypatch.setenv("KAIKU_CODE_SECRET", settings.code_secret.get_secret_value())
    return lambda name: CliRunner().invoke(cli, [name])


def test_wrong_figures_are_told_and_mended(sqlite_engine: Engine, command) -> None:
    one_visit(sqlite_engine)
    assert command("check-rollups").exit_code == 0

    with sqlite_engine.begin() as connection:
        connection.execute(update(ReportCell).where(ReportCell.slice == "all").values(adults=7))
    told = command("check-rollups")
    assert told.exit_code == 1
    assert "2026 fi all: says [7, 0, 0, 1, 0, 0], the visits say [1, 0, 0, 1, 0, 0]" in told.output

    assert command("rebuild-rollups").exit_code == 0
    assert command("check-rollups").exit_code == 0
