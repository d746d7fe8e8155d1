"""The published vectors, and the command that runs any vector file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectors.__main__ import main
from tests.vectors.runner import FORMAT, read_vectors, run_one

PUBLIC = Path(__file__).parent / "k1_public.json"
FILE = read_vectors(PUBLIC)


def test_none_of_the_public_vectors_is_missing():
    assert len(FILE.vectors) == 503


@pytest.mark.parametrize("number", range(len(FILE.vectors)))
def test_public_vector(number):
    outcome = run_one(FILE, FILE.vectors[number], number=number, thorough=True)
    assert not outcome.failure, outcome


def changed_file(tmp_path, change):
    found = json.loads(PUBLIC.read_text(encoding="utf-8"))
    found["vectors"] = found["vectors"][:10]
    change(found)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return str(path)


def test_the_command_counts_and_succeeds():
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "tests.vectors", str(PUBLIC)],
        capture_output=True,
        text=True,
        check=False,
        cwd=PUBLIC.parents[2],
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "503 passed, 0 failed\n", "")


def test_each_failure_is_one_line_and_stops_nothing(tmp_path, capsys):
    def spoil(found):
        vectors = found["vectors"]
        vectors[0]["expect"]["outcome"] = "red"
        vectors[1]["op"] = "unheard of"
        del vectors[2]["text"]
        vectors[3]["name"] = "two\nlines \ud800"
        vectors[3]["expect"]["reason"] = "REVOKED"
        vectors[4] = None
        vectors[5]["override"] = {"status": {"0": ["00", 1, 2, 3]}}

    assert main([changed_file(tmp_path, spoil)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[:2] for line in lines[:-1]] == [
        ["FAILED", "1"],
        ["FAILED", "2"],
        ["FAILED", "3"],
        ["FAILED", "4"],
        ["FAILED", "5:"],
        ["FAILED", "6"],
    ]
    assert "outcome: want 'red', got 'green'" in lines[0]
    assert lines[-1] == "4 passed, 6 failed"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "7",
        "{}",
        '{"format": "k1-vectors/2"}',
        f'{{"format": "{FORMAT}"}}',
        f'{{"format": "{FORMAT}", "roots": 5, "issuer_keys": [], "contexts": {{}}, "vectors": []}}',
        "[" * 100_000,
    ],
)
def test_a_file_of_another_format_is_said_so(tmp_path, capsys, text):
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "format" in shown.err


def test_a_file_that_is_not_there_or_not_named(tmp_path, capsys):
    assert main([str(tmp_path / "none.json")]) == 2
    assert main([str(tmp_path)]) == 2
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
