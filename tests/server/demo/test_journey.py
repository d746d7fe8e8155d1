"""The command that walks the main job against a running server, as a newcomer would run it."""

import pytest
from typer.testing import CliRunner

from server.__main__ import cli
from tests.server.running import free_port, prepare, run, serving


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def environment(tmp_path, port) -> dict[str, str]:
    return prepare(tmp_path, port=port)


def test_it_walks_from_the_grant_to_the_history(environment, port, tmp_path) -> None:
    seeded = run(environment, "seed-demo")
    assert seeded.returncode == 0, seeded.stderr
    assert "Activation codes" in seeded.stdout

    with serving(environment, port=port):
        walked = run(environment, "demo-journey", "--pictures", str(tmp_path / "pictures"))

    steps = [line.split()[0] for line in walked.stdout.splitlines()]
    assert (walked.returncode, walked.stderr) == (0, "")
    assert steps == ["granted", "activated", "paired", "read", "reported", "stored"]
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"card.png", "photo.png"}


def test_it_says_in_one_line_that_the_server_is_down(environment, port) -> None:
    walked = run(environment, "demo-journey")

    assert (walked.returncode, walked.stderr) == (1, "")
    (line,) = walked.stdout.splitlines()
    assert line.startswith("stopped ")
    assert f"http://127.0.0.1:{port}" in line


def test_it_says_in_one_line_that_nothing_was_seeded(environment, port) -> None:
    with serving(environment, port=port):
        walked = run(environment, "demo-journey")

    assert (walked.returncode, walked.stderr) == (1, "")
    assert walked.stdout.splitlines() == ["stopped    the database is empty: run seed-demo first"]


def test_seeding_is_for_the_demo_only(environment, monkeypatch) -> None:
    for name in [name for name in environment if name.startswith("KAIKU_")]:
        monkeypatch.setenv(name, environment[name])
    monkeypatch.setenv("KAIKU_DEMO", "0")

    told = CliRunner().invoke(cli, ["seed-demo"])

    assert told.exit_code == 2
    assert "KAIKU_DEMO=1" in told.output
