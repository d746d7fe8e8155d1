"""Finds the msgids in the app's code: `t("…")`, `t.plural("…", "…", n)` and `N_("…")`."""

import ast
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).parents[2] / "mobile_app"

Msgid = tuple[str, str | None]
"""One, and many when the sentence counts something."""


def msgids_in(path: Path) -> Iterator[Msgid]:
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Call):
            yield from _of_call(node)


def msgids_of_app() -> dict[Msgid, Path]:
    return {found: path for path in sorted(APP.rglob("*.py")) for found in msgids_in(path)}


def _of_call(call: ast.Call) -> Iterator[Msgid]:
    name = _name(call.func)
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    words = [word for word in words if isinstance(word, str)]
    if name in {"t", "texts", "N_"} and words:
        yield words[0], None
    if name in {"t.plural", "texts.plural"} and len(words) >= 2:
        yield words[0], words[1]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute) and function.attr == "texts":
        return "texts"
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return ""
