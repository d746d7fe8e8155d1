"""The installed scanner: how soon its camera reads, how many frames, what a long ledger costs.

The camera is Chromium's own, with a film before it. What the app does is watched from outside: the
page's question for the camera, and the worker's for a picture of every frame.
"""

import asyncio
import shutil
import statistics
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import BrowserContext, Page, Playwright, async_playwright

from server.clock import utc_now
from tests.bench.browser_app import NO_PAGE
from tests.bench.figures import Figure, Plan, Samples, Yardstick
from tests.bench.ledgers import MANY, make_ledger
from tests.browser.browser import Screen, chromium, film, nothing_to_read, picture_of
from tests.browser.installed.app import build, open_pwa, put_records, wait_until_kept
from tests.browser.town import THEATRE, Town, running_town

VERDICT = "Voimassa. Aikuinen"
READY = "Käynnit: Kulttuuri"
DECLINES = ("Ei nyt", "Jätä kirjaamatta")
CAMERA_RESTS_S = 2
FRAMES_FOR_S = 10
BATCH = 5_000

_WATCH_PAGE = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => {
  performance.mark('bench.asked');
  const stream = await ask(wish);
  performance.mark('bench.on');
  return stream;
};
addEventListener('keydown', ({ key }) => {
  if (key === 'Enter') performance.mark('bench.enter');
}, { capture: true });
"""

_VERDICT_AT = """async (words) => {
  const says = (one) => (one.getAttribute('aria-label') ?? '').includes(words)
    || (one.childElementCount === 0 && one.textContent.includes(words));
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    if ([...document.querySelectorAll('flt-semantics-host *')].some(says)) return performance.now();
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  throw new Error(`nobody said "${words}"`);
}"""

# The camera control asks several times before it has a picture.
_FIRST_MARK = "(name) => performance.getEntriesByName(name).at(0).startTime"
_LAST_MARK = "(name) => performance.getEntriesByName(name).at(-1).startTime"

_WATCH_FRAMES = """() => {
  self.benchFrames = [];
  const unpack = self.createImageBitmap.bind(self);
  self.createImageBitmap = (picture, ...rest) => {
    self.benchFrames.push(performance.now());
    self.benchPicture = picture;
    return unpack(picture, ...rest);
  };
}"""

_FRAMES = """async () => ({
  at: self.benchFrames,
  picture: [...new Uint8Array(await self.benchPicture.arrayBuffer())],
})"""

_FRAME_BY_FRAME = """async ({ bytes, times, decode }) => {
  const { readPicture } = await import('/app/reader.js');
  const picture = new Uint8Array(bytes);
  const unpack = async () => (await createImageBitmap(new Blob([picture]))).close();
  const work = decode ? () => readPicture(picture) : unpack;
  const each = [];
  for (let at = 0; at < times + 3; at += 1) {
    const began = performance.now();
    await work();
    each.push(performance.now() - began);
  }
  const bitmap = await createImageBitmap(new Blob([picture]));
  return { each: each.slice(3), size: `${bitmap.width}x${bitmap.height}` };
}"""

_BARE_CAMERA = """async () => {
  const began = performance.now();
  const video = document.createElement('video');
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
  const shown = new Promise((resolve) => { video.requestVideoFrameCallback(resolve); });
  await video.play();
  await shown;
  for (const track of video.srcObject.getTracks()) track.stop();
  return performance.now() - began;
}"""


@dataclass(slots=True)
class Seen:
    """What the camera's part found, in milliseconds."""

    from_asked: list[float] = field(default_factory=list)
    from_on: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    frames_at: list[float] = field(default_factory=list)
    decoded: Sequence[float] = ()
    unpacked: Sequence[float] = ()
    size: str = ""


@dataclass(slots=True)
class Typed:
    """What the ledger's part found, in milliseconds."""

    empty: list[float] = field(default_factory=list)
    full: list[float] = field(default_factory=list)
    opened_empty: float = 0
    opened_full: float = 0


@dataclass(frozen=True, slots=True)
class Bench:
    """A paired profile, to be copied, and what it is measured with."""

    playwright: Playwright
    town: Town
    folder: Path
    plan: Plan

    @asynccontextmanager
    async def door(self, *, reel: Path | None = None) -> AsyncIterator[BrowserContext]:
        """Start a scanner of its own; without a *reel* its camera is refused."""
        profile = Path(tempfile.mkdtemp(dir=self.folder)) / "profile"
        shutil.copytree(self.folder / "paired", profile)
        denied = reel is None
        async with chromium(self.playwright, profile, camera=reel, denied=denied) as browser:
            await browser.add_init_script(_WATCH_PAGE)
            yield browser


def measure(plan: Plan) -> Iterator[Figure]:
    build()
    yield from asyncio.run(_measure(plan))


async def _measure(plan: Plan) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="kaiku-bench-") as name:
        folder = Path(name)
        with running_town(folder / "town") as town:
            async with async_playwright() as playwright:
                bench = Bench(playwright, town, folder, plan)
                await _pair(bench)
                seen = Seen()
                for _ in range(plan.times(3, 1)):
                    await _see_a_card(bench, seen)
                await _see_nothing(bench, seen)
                typed = await _type_cards(bench)
    return [*_camera_figures(seen), *_ledger_figures(typed)]


async def _pair(bench: Bench) -> None:
    code = bench.town.pairing_code(THEATRE)
    async with chromium(bench.playwright, bench.folder / "paired") as browser:
        page = await browser.new_page()
        await open_pwa(page, f"{bench.town.url}/app/pair#{code}")
        await Screen(page).sees(READY)
        await Screen(page).sees("sulut 0 min")
        await wait_until_kept(page)


async def _see_a_card(bench: Bench, seen: Seen) -> None:
    reel = bench.folder / "card.mjpeg"
    film(picture_of(bench.town.phone().show(now=utc_now())), reel)
    async with bench.door(reel=reel) as browser:
        page = await browser.new_page()
        await page.goto(f"{bench.town.url}/app/door", wait_until="commit")
        verdict_at = await page.evaluate(_VERDICT_AT, VERDICT)
        seen.from_asked.append(verdict_at - await page.evaluate(_FIRST_MARK, "bench.asked"))
        seen.from_on.append(verdict_at - await page.evaluate(_LAST_MARK, "bench.on"))
        await page.close()
        await asyncio.sleep(CAMERA_RESTS_S)
        bare = await _page_without_app(browser, bench.town)
        seen.bare.append(await bare.evaluate(_BARE_CAMERA))


async def _see_nothing(bench: Bench, seen: Seen) -> None:
    reel = bench.folder / "desk.mjpeg"
    nothing_to_read(reel)
    async with bench.door(reel=reel) as browser:
        page = await browser.new_page()
        await open_pwa(page, f"{bench.town.url}/app/door")
        [python] = [worker for worker in page.workers if worker.url.endswith("/worker.js")]
        await python.evaluate(_WATCH_FRAMES)
        await asyncio.sleep(bench.plan.times(FRAMES_FOR_S, FRAMES_FOR_S // 2))
        watched = await python.evaluate(_FRAMES)
        seen.frames_at = watched["at"]
        await page.close()
        bare = await _page_without_app(browser, bench.town)
        asked = {"bytes": watched["picture"], "times": bench.plan.times(60, 20)}
        decoded = await bare.evaluate(_FRAME_BY_FRAME, asked | {"decode": True})
        unpacked = await bare.evaluate(_FRAME_BY_FRAME, asked | {"decode": False})
    seen.decoded, seen.unpacked, seen.size = decoded["each"], unpacked["each"], decoded["size"]


async def _page_without_app(browser: BrowserContext, town: Town) -> Page:
    page = await browser.new_page()
    await page.goto(f"{town.url}/app/{NO_PAGE}", wait_until="commit")
    return page


async def _type_cards(bench: Bench) -> Typed:
    """Let a hand-held reader type codes at a door without network."""
    typed = Typed()
    times = bench.plan.times(10, 3)
    async with bench.door() as browser:
        page = await browser.new_page()
        await _open_and_type(bench, page)  # a browser's first start is slower than the others
        bench.town.server.stop()
        typed.opened_empty = await _open_and_type(bench, page)
        typed.empty = [await _type_card(bench, page) for _ in range(times)]
        records = list((await make_ledger(MANY, now=utc_now())).items())
        for at in range(0, len(records), BATCH):
            await put_records(page, dict(records[at : at + BATCH]))
        typed.full = [await _type_card(bench, page) for _ in range(times)]
        typed.opened_full = await _open_and_type(bench, page)
    return typed


async def _open_and_type(bench: Bench, page: Page) -> float:
    """Open the door and type as soon as there is a field; gives the milliseconds to a verdict."""
    await open_pwa(page, f"{bench.town.url}/app/door")
    await Screen(page).sees(READY)
    await _type_card(bench, page, leave=False)
    at = await page.evaluate(_VERDICT_AT, VERDICT)
    await _leave(page)
    return at


async def _type_card(bench: Bench, page: Page, *, leave: bool = True) -> float:
    """Give the milliseconds from the reader's Enter to the verdict on the screen."""
    await page.get_by_role("textbox", name="Korttikoodi").click()
    await page.keyboard.insert_text(bench.town.phone().show(now=utc_now()))
    await page.keyboard.press("Enter")
    verdict_at = await page.evaluate(_VERDICT_AT, VERDICT)
    entered_at = await page.evaluate(_LAST_MARK, "bench.enter")
    if leave:
        await _leave(page)
    return verdict_at - entered_at


async def _leave(page: Page) -> None:
    screen = Screen(page)
    first, second = map(screen.button, DECLINES)
    await first.or_(second).first.click()
    await screen.does_not_see(VERDICT)


def _camera_figures(seen: Seen) -> Iterator[Figure]:
    first = Yardstick(what="bare page: asked to first frame", value=statistics.median(seen.bare))
    yield Figure(
        what=f"scanner: camera asked for, to the first verdict, median of {len(seen.from_asked)}",
        value=statistics.median(seen.from_asked),
        yardstick=first,
        raw={"each_ms": seen.from_asked, "bare_ms": seen.bare},
    )
    yield Figure(
        what="scanner: camera on, to the first verdict",
        value=statistics.median(seen.from_on),
        yardstick=first,
        raw={"each_ms": seen.from_on},
    )
    lasted_s = (seen.frames_at[-1] - seen.frames_at[0]) / 1000
    decoder, unpacker = Samples(seen.decoded), Samples(seen.unpacked)
    alone = Yardstick(what="decoder alone", value=1000 / decoder.median, unit="/s")
    yield Figure(
        what=f"scanner: frames of {seen.size} looked at, nothing readable",
        value=(len(seen.frames_at) - 1) / lasted_s,
        unit="/s",
        yardstick=alone,
        raw={"at_ms": seen.frames_at},
    )
    yield Figure(
        what=f"scanner: decoder alone, frame of {seen.size}",
        value=decoder.median,
        yardstick=Yardstick(what="createImageBitmap alone", value=unpacker.median),
        raw={"decoded": decoder.raw(), "unpacked": unpacker.raw()},
    )


def _ledger_figures(typed: Typed) -> Iterator[Figure]:
    empty, full = Samples(typed.empty), Samples(typed.full)
    yield Figure(
        what="scanner in a browser, no network, ledger of 100,000: Enter to verdict",
        value=full.median,
        yardstick=Yardstick(what="the same, empty ledger", value=empty.median),
        raw={"full": full.raw(), "empty": empty.raw()},
    )
    yield Figure(
        what="… opened with a ledger of 100,000: navigation to the first verdict",
        value=typed.opened_full / 1000,
        unit="s",
        yardstick=Yardstick(what="empty ledger", value=typed.opened_empty / 1000, unit="s"),
    )
