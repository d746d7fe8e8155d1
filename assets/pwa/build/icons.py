"""The icon font with the icons that are used: 3 kB instead of 400, on the way to every first start.

Flet numbers all 8,800 Material icons and Flutter looks each up by its number, so the build tool
cannot see which are used; our sources name them.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

NAMED = re.compile(r"\bIcons\.([A-Z][A-Z0-9_]*)")

DRAWN_BY_FLUTTER = (
    "ARROW_BACK",
    "ARROW_BACK_IOS_NEW",
    "ARROW_DROP_DOWN",
    "CALENDAR_TODAY",
    "CANCEL",
    "CHECK",
    "CHEVRON_LEFT",
    "CHEVRON_RIGHT",
    "CLEAR",
    "CLOSE",
    "CONTENT_COPY",
    "CONTENT_CUT",
    "CONTENT_PASTE",
    "EDIT",
    "ERROR",
    "EXPAND_MORE",
    "INFO",
    "KEYBOARD",
    "KEYBOARD_ARROW_DOWN",
    "MENU",
    "MORE_VERT",
    "SCHEDULE",
    "SEARCH",
    "SELECT_ALL",
    "WARNING",
)
"""What Flutter's own widgets draw without being told: menus, selection, tiles, ways back."""

_NAMES = ("{}", "{}_baseline", "{}_default")


def keep_own_icons(font: Path, sources: Iterable[Path]) -> None:
    """Leave in *font* the icons that *sources* name; one that it lacks stops the build."""
    text = "\n".join(source.read_text() for source in sources)
    wanted = {*NAMED.findall(text), *DRAWN_BY_FLUTTER}
    icons = TTFont(font)
    present = set(icons.getGlyphOrder())
    subsetter = subset.Subsetter(subset.Options(glyph_names=True))
    subsetter.populate(glyphs=[_glyph(icon, present) for icon in sorted(wanted)])
    subsetter.subset(icons)
    icons.save(font)


def _glyph(icon: str, present: set[str]) -> str:
    for name in _NAMES:
        if (glyph := name.format(icon.lower())) in present:
            return glyph
    raise SystemExit(f"the icon font has no {icon}")
