"""The public build does what the Makefile can, with actions that cannot change under it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGET = re.compile(r"^([a-z-]+):(?!=)", re.MULTILINE)


def read(path: Path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text())


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def make_commands(path: Path) -> list[list[str]]:
    lines = [line for step in steps(path) for line in step.get("run", "").splitlines()]
    return [line.split()[1:] for line in lines if line.strip().startswith("make ")]


def test_there_is_a_build_for_phones() -> None:
    assert [path.name for path in WORKFLOWS] == ["phones.yml"]
    [path] = WORKFLOWS
    assert {command[0] for command in make_commands(path)} >= {"apk", "aab", "ipa"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_make_command_exists(path: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))

    assert {command[0] for command in make_commands(path)} <= targets


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned(path: Path) -> None:
    """To a commit, or to a major version of GitHub's own."""
    used = [step["uses"] for step in steps(path) if "uses" in step]
    pinned = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}|actions/[\w-]+@v\d+")

    assert used
    assert [one for one in used if not pinned.fullmatch(one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_build_may_write_nothing_and_ends(path: Path) -> None:
    told = read(path)

    assert told["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in told["jobs"].values())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_secret_stands_in_a_command(path: Path) -> None:
    """Secrets and variables come by the environment: what they hold is never run."""
    runs = [step["run"] for step in steps(path) if "run" in step]

    assert [run for run in runs if "${{" in run] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "roots_missing"),
        (["ROOTS=no-such-file"], "roots_missing"),
        (["ROOTS=pyproject.toml"], "server_missing"),
        (["ROOTS=pyproject.toml", "SERVER=http://kortti.example"], "server_missing"),
    ],
)
def test_build_without_a_scheme_stops_before_it_begins(given: list[str], said: str) -> None:
    command = ["make", "for-a-scheme", "-o", ".venv/flet-cli-ready", *given]
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert done.returncode != 0
    assert said in done.stdout


def test_links_lead_to_the_servers_host() -> None:
    command = ["make", "--dry-run", "apk", "ROOTS=x", "SERVER=https://kortti.example:8443"]
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert re.search(r"--deep-linking-host kortti\.example$", done.stdout, re.MULTILINE)
