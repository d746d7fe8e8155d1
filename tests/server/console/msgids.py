"""Finds the msgids of the console: in its templates and in the server's code."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, nodes

import server
from tests.mobile_app.msgids import Msgid, msgids_in

ROOT = Path(server.__file__).parent
ALL_TEMPLATES = sorted((ROOT / "console" / "templates").glob("*.html"))
INFO_TEMPLATES = [path for path in ALL_TEMPLATES if path.name.startswith("info-")]
"""Their words, and those of `server.info`, have a catalogue of their own."""
TEMPLATES = [path for path in ALL_TEMPLATES if path not in INFO_TEMPLATES]
ELSEWHERE = {"sheet", "info"}


def msgids_of_templates(templates: Iterable[Path] = TEMPLATES) -> Iterator[Msgid]:
    environment = Environment()  # noqa: S701 - nothing is drawn
    for path in templates:
        for call in environment.parse(path.read_text()).find_all(nodes.Call):
            yield from _of_call(call)


def msgids_of_console() -> set[Msgid]:
    code = (path for path in ROOT.rglob("*.py") if not ELSEWHERE & {*path.parts})
    return {*msgids_of_templates(), *(found for path in code for found in msgids_in(path))}


def _of_call(call: nodes.Call) -> Iterator[Msgid]:
    words = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
    words = [word for word in words if isinstance(word, str)]
    called = call.node
    if isinstance(called, nodes.Name) and called.name == "t" and words:
        yield words[0], None
    if isinstance(called, nodes.Getattr) and called.attr == "plural" and len(words) >= 2:
        yield words[0], words[1]
