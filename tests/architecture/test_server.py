"""Rules about all of the server at once."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import server
from server.problems import Problem
from server.schema import METADATA

ROOT = Path(server.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if "versions" not in path.parts)

NAMED_PLACES = {
    "area.name",
    "distributor.name",
    "venue.name",
    "event.name",
    "scanner.name",
    "broker.name",
    "pairing.scanner_name",
}
"""Names of municipalities, locations, events and devices; never of people."""

ABOUT_PEOPLE = re.compile(
    r"name|first|last|given|sur|nick|ident|person|hetu|ssn|birth|born|dob|age|gender|sex|address"
    r"|street|city|town|phone|mobile|mail|contact|national|passport|photo|face|note|comment"
)
ALLOWED = NAMED_PLACES | {
    "card.birth_year",  # R2: the year and nothing finer
    "card.gender",  # R2: one of three words, and only if the holder wants to tell
    "card.last_valid_on",
    "card.first_valid_on",
    "visitor_facts.street",  # of the venue's door
    "visitor_facts.languages",  # of service, not of anybody
    "event.languages",  # the same
    "report_card.age",  # R25: years at the grant, from the year of birth; kept to take it back
    "report_card.gender",
    "report_card.first_used_on",
    "area.children_age",  # R8: below which age children come along, of an area and of nobody
}


def modules():
    for found in pkgutil.walk_packages([str(ROOT)], "server."):
        if "migrations" not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def problems() -> list[type[Problem]]:
    list(modules())
    found, waiting = [], [Problem]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    return found


def test_no_column_says_who_a_person_is() -> None:
    """R4: no name, identity code, date of birth or address, not even by mistake."""
    columns = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
    }
    suspicious = {name for name in columns if ABOUT_PEOPLE.search(name.partition(".")[2])}

    assert suspicious == ALLOWED


def test_the_holder_is_a_pseudonym_and_nothing_else() -> None:
    assert set(METADATA.tables["holder"].columns.keys()) == {"id", "known_since_at"}


def test_what_is_kept_of_the_birth_is_a_small_number() -> None:
    column = METADATA.tables["card"].columns["birth_year"]

    assert type(column.type).__name__ == "SmallInteger"


def test_every_instant_has_its_zone() -> None:
    kinds = {
        f"{table.name}.{column.name}": type(column.type).__name__
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name.endswith(("_at", "_until"))
    }
    assert len(kinds) > 15
    assert set(kinds.values()) == {"UtcDateTime"}


def test_every_refusal_has_a_code_of_its_own_a_status_and_a_title() -> None:
    kinds = problems()
    codes = [kind.code for kind in kinds]

    assert len(kinds) > 25
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        assert re.fullmatch(r"[a-z][a-z_]*[a-z]", kind.code), kind
        assert 400 <= kind.status <= 500, kind
        assert (kind.__doc__ or "").strip().splitlines()[0].endswith("."), kind
        assert kind.__doc__ != Problem.__doc__, kind


def test_only_one_place_commits_and_only_one_asks_for_the_time() -> None:
    calls = {
        (path.relative_to(ROOT).as_posix(), node.attr)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "now", "utcnow", "rollback"}
    }
    assert {where for where, what in calls if what in {"commit", "rollback"}} == {"db.py"}
    asks = {where for where, what in calls if what in {"now", "utcnow"}}
    assert asks <= {"clock.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_server_does_not_know_the_app_and_files_stay_short(path: Path) -> None:
    source = path.read_text()
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert not imported & {"mobile_app", "flet", "tests"}
    assert len(source.splitlines()) <= 300


def test_concepts_point_one_way() -> None:
    """Inside a concept: routes → service → models; errors and models import neither."""
    for path in FILES:
        if path.name not in {"models.py", "errors.py", "service.py"}:
            continue
        source = path.read_text()
        assert not re.search(r"^from server\.\w+\.routes import", source, re.MULTILINE), path
        if path.name != "service.py":
            assert not re.search(r"^from server\.\w+\.service import", source, re.MULTILINE), path


def test_text_of_tokens_and_codes_has_no_column() -> None:
    text_columns = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if re.search("text|token|code|bearer|proof", column.name)
    }
    assert text_columns == {
        "access.county_code",
        "activation.code_hash",
        "area.county_code",
        "area.municipality_code",
        "area_postcode.postcode",
        "bearer.bearer_hash",
        "card.code",  # printed on the card and typed at doors: the register must know it
        "card.home_postcode",
        "ground.code",
        "visitor_facts.municipality_code",
        "invitation.code_hash",
        "pairing.code_hash",
        "paper_line.card_code",  # as it was written on a form, for a week
    }


def test_a_server_does_not_carry_what_only_publishing_needs() -> None:
    """The solver and what it brings are a tenth of what a worker may weigh (150 MB)."""
    loaded = (
        "import sys, server.__main__; sys.exit(bool({'highspy', 'numpy'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0  # noqa: S603
