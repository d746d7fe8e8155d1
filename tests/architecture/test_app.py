"""Rules of the app that no tool checks: about time, text sizes, words, and arrows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "mobile_app"
CLOCK = APP / "device" / "clock.py"
MOST_LINES = 300
KEEPS = re.compile("None|KEEP_TYPED")

MODULES = sorted(APP.rglob("*.py"))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(), str(path)))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(APP)}:{getattr(node, 'lineno', 0)}"


def test_text_never_has_a_size_of_its_own() -> None:
    """People choose the size: a Text takes a step of the theme's scale."""
    sized = [
        where(path, call)
        for path in MODULES
        for name, call in calls(path)
        if name in {"ft.Text", "Text", "ft.TextSpan"}
        and any(word.arg == "size" for word in call.keywords)
    ]
    assert sized == []


def test_only_the_clock_asks_the_system_what_time_it_is() -> None:
    asking = {"datetime.now", "datetime.utcnow", "time.time", "date.today", "time.monotonic"}
    found = [
        where(path, call)
        for path in MODULES
        if path != CLOCK
        for name, call in calls(path)
        if name in asking
    ]
    assert found == []


def test_semantics_never_takes_its_content_by_position() -> None:
    """Flet 1.0.5 would take it for a tooltip and draw a grey box."""
    found = [
        where(path, call)
        for path in MODULES
        for name, call in calls(path)
        if name == "ft.Semantics" and call.args
    ]
    assert found == []


def test_no_text_field_is_bound_to_a_state() -> None:
    """Letters typed while the app draws would be lost: a value is None, which keeps them."""
    found = [
        where(path, call)
        for path in MODULES
        for name, call in calls(path)
        if name == "ft.TextField"
        for word in call.keywords
        if word.arg == "value" and not KEEPS.search(ast.unparse(word.value))
    ]
    assert found == []


def test_state_holds_facts_and_no_controls() -> None:
    """A `state.py` may use Flet for being observed, and for nothing else."""
    found = [
        where(path, node)
        for path in APP.rglob("state.py")
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value) == "ft"
        and node.attr != "observable"
    ]
    assert found == []


@pytest.mark.parametrize("layer", ["ui", "device"])
def test_ground_layers_know_no_concept(layer: str) -> None:
    concepts = {path.name for path in APP.iterdir() if path.is_dir()} - {"ui", "device"}
    found = [
        where(path, node)
        for path in (APP / layer).rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom)
        and node.module is not None
        and node.module.startswith("mobile_app.")
        and node.module.split(".")[1] in concepts
    ]
    assert found == []


def test_states_do_not_know_their_views() -> None:
    found = [
        where(path, node)
        for path in MODULES
        if "view" not in path.stem and path.parent.name not in {"ui", "mobile_app"}
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1].endswith("view")
    ]
    assert found == []


def test_words_stand_in_the_catalogues_and_not_in_the_code() -> None:
    """Letters that English lacks betray a sentence that was not put into a catalogue."""
    found = [
        where(path, node)
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and set(node.value.lower()) & set("åäö")
    ]
    assert found == []


def test_no_module_holds_two_things() -> None:
    long = {
        str(path.relative_to(APP)): lines
        for path in MODULES
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}
