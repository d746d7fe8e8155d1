"""A real Chromium against a real server: how the journeys see and touch the app.

Flutter draws on a canvas; what people and screen readers get is its semantics tree, and that is
what these helpers read and click.
"""

import io
import logging
import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter
from playwright.async_api import BrowserContext, Error, Locator, Page, Playwright, expect
from zxingcpp import read_barcodes

from server.demo.photo import render_qr

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 412, "height": 915}
STEADY_MS, LOOKS = 2_000, 10
"""How long the caret has to stay, and how often one looks: while a screen slides in, it moves."""
CARET_MS, CARET_TRIES = 300, 10
"""Flutter takes a moment to move from one field to the next, and a screen that is still sliding in
takes the focus away again when it has arrived: people look for the caret before they type."""
PATIENCE_MS = 30_000
"""Machines are busy; what takes longer than this is broken."""

FRAME = (1280, 720)
WALL = (96, 104, 110)
HELD_PX = 600
"""How wide a phone looks when it is held close: its lower end hangs out of the picture."""


_log = logging.getLogger(__name__)


@asynccontextmanager
async def chromium(
    playwright: Playwright,
    profile: Path,
    *,
    camera: Path | None = None,
    denied: bool = False,
    **over: Any,
) -> AsyncIterator[BrowserContext]:
    """Start a browser with a profile of its own; *camera* is the film its camera sees."""
    flags = list(FLAGS)
    if camera is not None:
        flags += [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
        ]
    if denied:
        flags += ["--use-fake-device-for-media-stream", "--deny-permission-prompts"]
    context = await playwright.chromium.launch_persistent_context(
        str(profile), executable_path=CHROMIUM, args=flags, viewport=PHONE, locale="fi-FI", **over
    )
    context.set_default_timeout(PATIENCE_MS)
    context.on(
        "console", lambda said: _log.warning("%s: %s", said.page and said.page.url, said.text)
    )
    try:
        yield context
    finally:
        with suppress(Error):  # a test may have killed it
            await context.close()


class Screen:
    """One page of the app, by what a screen reader would say."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.host = page.locator("flt-semantics-host")

    async def sees(self, words: str) -> None:
        """Wait until *words* stand somewhere on the screen."""
        await expect(self._words(words).first).to_be_attached(timeout=PATIENCE_MS)

    async def sees_one_of(self, one: str, other: str) -> None:
        """Wait until either of them stands somewhere on the screen."""
        either = self._words(one).or_(self._words(other)).first
        await expect(either).to_be_attached(timeout=PATIENCE_MS)

    async def does_not_see(self, words: str) -> None:
        """Wait until *words* are gone."""
        await expect(self._words(words)).to_have_count(0, timeout=PATIENCE_MS)

    def button(self, name: str) -> Locator:
        """Find a button by its exact name."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def press(self, name: str) -> None:
        """Press a button."""
        await self.button(name).first.click()

    async def types(self, field: str, text: str, *, enter: bool = False) -> None:
        """Touch a field and type into it."""
        await self._enters(field)
        await self._writes(text, enter=enter)

    async def types_untouched(self, field: str, text: str, *, enter: bool = False) -> None:
        """Type as a USB reader does: into the *field* that has the caret without being touched."""
        looks = 0
        for _ in range(LOOKS * PATIENCE_MS // STEADY_MS):
            looks = looks + 1 if await self._has_caret(field) else 0
            if looks == LOOKS:
                break
            await self.page.wait_for_timeout(STEADY_MS / LOOKS)
        assert looks == LOOKS, f"{field}: the caret does not come, or not to stay"
        await self._writes(text, enter=enter)

    async def pastes(self, field: str, text: str) -> None:
        """Give a field a whole text at once, and Enter."""
        await self._enters(field)
        await self.page.keyboard.insert_text(text)
        await self.page.keyboard.press("Enter")

    async def shot_of_code(self) -> bytes:
        """Take a picture of the screen as soon as a code is drawn on it; words come first."""
        for _ in range(PATIENCE_MS // 200):
            shot = await self.page.screenshot()
            if read_barcodes(Image.open(io.BytesIO(shot))):
                return shot
            await self.page.wait_for_timeout(200)
        raise AssertionError("no code can be read from the screen")

    async def says(self) -> str:
        """Give everything a screen reader finds, as one text."""
        return await self.host.aria_snapshot()

    async def _writes(self, text: str, *, enter: bool) -> None:
        await self.page.keyboard.type(text, delay=40)
        if enter:
            await self.page.keyboard.press("Enter")

    async def _enters(self, field: str) -> None:
        """Touch a field until the caret stays in it."""
        for _ in range(CARET_TRIES):
            await self.page.get_by_role("textbox", name=field).click()
            await self.page.wait_for_timeout(CARET_MS)
            if await self._has_caret(field):
                return
        raise AssertionError(f"{field}: no caret stays in it")

    async def _has_caret(self, field: str) -> bool:
        box = self.page.get_by_role("textbox", name=field)
        return await box.evaluate("box => box === document.activeElement")

    def _words(self, words: str) -> Locator:
        return self.host.get_by_text(re.compile(re.escape(words))).or_(
            self.host.get_by_label(re.compile(re.escape(words)))
        )


async def open_app(context: BrowserContext, url: str) -> Screen:
    """Open the app in a new page, with its semantics on."""
    page = await context.new_page()
    await page.goto(url)
    await page.locator("flt-semantics-host").wait_for(state="attached", timeout=PATIENCE_MS)
    return Screen(page)


def picture_of(text: str, *, blurred: float = 0) -> bytes:
    """Draw a code as a phone shows it, with the paper-coloured screen around."""
    code = render_qr(text, module_px=7)
    screen = Image.new("L", (code.width + 60, code.height + 260), 240)
    screen.paste(code, (30, 60))
    if blurred:
        screen = screen.filter(ImageFilter.GaussianBlur(blurred))
    png = io.BytesIO()
    screen.save(png, "PNG")
    return png.getvalue()


def film(picture: bytes | Image.Image, to: Path, *, frames: int = 12) -> None:
    """Film a phone's screen held up by hand: it sways, tilts and blurs a little."""
    shot = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    phone = shot.convert("RGB").resize((HELD_PX, HELD_PX * shot.height // shot.width))
    with to.open("wb") as film_file:
        for number in range(frames):
            phase = 2 * math.pi * number / frames
            held = phone.rotate(
                4 * math.sin(phase), expand=True, fillcolor=WALL, resample=Image.Resampling.BICUBIC
            )
            scene = Image.new("RGB", FRAME, WALL)
            left = (FRAME[0] - held.width) // 2 + round(12 * math.cos(phase))
            scene.paste(held, (left, 10))
            scene = scene.filter(ImageFilter.GaussianBlur(0.6))
            scene.save(film_file, "JPEG", quality=88, subsampling=0)


def nothing_to_read(to: Path) -> None:
    """Make a film of an empty desk."""
    film(Image.new("RGB", (400, 700), (120, 90, 70)), to, frames=2)
