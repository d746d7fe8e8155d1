# ruff: noqa: INP001 - a script beside what it draws, not part of a package
"""Draws the app's mark: a card that sends out two waves, like a voice that is answered.

    python assets/draw_icons.py

The mark is our own; the scheme's registered logo is not used here.
"""

from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
PAPER, DEEP, WARM = "#F6F3EC", "#0B4F6C", "#F2A96B"

_GRID = 512
_SMOOTH = 4
"""Drawn this many times larger and scaled down, because Pillow does not smooth edges."""

_CARD = (104, 196, 308, 332)
_CENTRE = (300, 264)
_WAVES = ((92, 28), (152, 28))
"""Radius and width of each wave."""


def draw_mark(side: int, *, background: str | None = DEEP) -> Image.Image:
    """Draw the mark as a square picture; without a background it stands on nothing."""
    scale = side * _SMOOTH / _GRID
    picture = Image.new("RGBA", (side * _SMOOTH, side * _SMOOTH), background or "#00000000")
    pen = ImageDraw.Draw(picture)
    x, y = _CENTRE
    for radius, width in _WAVES:
        box = [round(v * scale) for v in (x - radius, y - radius, x + radius, y + radius)]
        pen.arc(box, start=-48, end=48, fill=WARM, width=round(width * scale))
    card = [round(v * scale) for v in _CARD]
    pen.rounded_rectangle(card, radius=round(28 * scale), fill=PAPER)
    line = [round(v * scale) for v in (136, 236, 228, 252)]
    pen.rounded_rectangle(line, radius=round(8 * scale), fill=DEEP)
    line = [round(v * scale) for v in (136, 276, 196, 292)]
    pen.rounded_rectangle(line, radius=round(8 * scale), fill=DEEP)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def main() -> None:
    """Write every picture that the builds and the live page want."""
    draw_mark(1024).convert("RGB").save(HERE / "icon.png", optimize=True)
    draw_mark(1024, background=DEEP).convert("RGB").save(HERE / "splash.png", optimize=True)
    icons = HERE / "web" / "icons"
    icons.mkdir(parents=True, exist_ok=True)
    for name, side in (
        ("apple-touch-icon-192.png", 192),
        ("icon-192.png", 192),
        ("icon-512.png", 512),
        ("icon-maskable-192.png", 192),
        ("icon-maskable-512.png", 512),
    ):
        draw_mark(side).convert("RGB").save(icons / name, optimize=True)
    draw_mark(64).convert("RGB").save(HERE / "web" / "favicon.png", optimize=True)


if __name__ == "__main__":
    main()
