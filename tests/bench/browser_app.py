"""The installed app: how soon it shows a code, how soon it is usable, what it costs to fetch.

Starts are told by the page's own marks, counted from the navigation; the browser's start is not in
them. The server is on the same machine, so a cold start has no distance in it, only bytes.
"""

import asyncio
import json
import statistics
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Playwright, async_playwright

from tests.bench.figures import Figure, Plan, Yardstick
from tests.browser.browser import Screen, chromium
from tests.browser.installed.app import OVERLAY, STARTS_WITHIN_MS, build, open_pwa, wait_until_kept
from tests.browser.town import Town, running_town

WARM_CODE_S = 0.5
WARM_USABLE_S = 3
COLD_USABLE_S = 6
COLD_MB = 11

CARD = "sinä + enintään 2 lasta"
NO_PAGE = "manifest.json"
"""A file of the app, opened as if it were a page: its origin, none of its scripts."""

_MARKS = """() => Object.fromEntries(
  performance.getEntriesByType('mark').map(({ name, startTime }) => [name, startTime / 1000]))"""

# Bodies as they were sent, and 300 bytes for each head, as the standard has it. A worker's clock
# begins later than the page's.
_FETCHED = """() => ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
  .map(({ name, transferSize, decodedBodySize, responseEnd }) => (
    { name, sent: transferSize, whole: decodedBodySize, at: performance.timeOrigin + responseEnd }
  ))"""

_USABLE_AT = "performance.timeOrigin + performance.getEntriesByName('kaiku.app')[0].startTime"

_BARE_PYTHON = """async (info) => {
  const { loadPyodide, version } = await import('/app/pyodide/pyodide.mjs');
  const { default: createPyodideModule } = await import('/app/pyodide/pyodide.asm.mjs');
  const python = await loadPyodide({
    indexURL: '/app/pyodide/',
    stdLibURL: '/app/pyodide/stdlib.zip',
    lockFileContents: JSON.stringify({ info: { ...info, version }, packages: {} }),
    createPyodideModule,
  });
  if (python.runPython('6 * 7') !== 42) throw new Error('this is no Python');
  return performance.now() / 1000;
}"""

_PYODIDE = Path(sysconfig.get_path("purelib"), "flet_web", "web", "pyodide")
_LOCK_INFO = json.loads((_PYODIDE / "pyodide-lock.json").read_text())["info"]

_BARE_CANVAS = """async () => {
  const page = `<!DOCTYPE html><canvas></canvas><script>
    document.querySelector('canvas').getContext('2d').fillRect(0, 0, 99, 99);
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('painted')));
  </script>`;
  let changed = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    if (!await cache.match('/app/')) continue;
    await cache.put('/app/', new Response(page, { headers: { 'Content-Type': 'text/html' } }));
    changed += 1;
  }
  return changed;
}"""


@dataclass(frozen=True, slots=True)
class Cold:
    """One first start."""

    usable_s: float
    card_s: float
    sent_bytes: int
    whole_bytes: int
    stored: dict[str, Any]
    files: list[dict[str, Any]]


def measure(plan: Plan) -> Iterator[Figure]:
    build()
    yield from asyncio.run(_measure(plan))


async def _measure(plan: Plan) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="kaiku-bench-") as name:
        folder = Path(name)
        with running_town(folder / "town") as town:
            async with async_playwright() as playwright:
                cold, bare = [], []
                for number in range(plan.times(3, 1)):
                    profile = folder / f"cold-{number}"
                    cold.append(await _start_cold(playwright, profile, town))
                    bare.append(await _start_python(playwright, folder / f"bare-{number}", town))
                town.server.stop()
                times = plan.times(5, 2)
                warm = [
                    await _start_warm(playwright, folder / "cold-0", town) for _ in range(times)
                ]
                profile = folder / f"cold-{number}"
                await _empty_the_page(playwright, profile, town)
                painted = [await _paint(playwright, profile, town) for _ in range(times)]
    return [*_cold_figures(cold, bare), *_warm_figures(warm, painted)]


async def _start_cold(playwright: Playwright, profile: Path, town: Town) -> Cold:
    _, code = town.grant()
    async with chromium(playwright, profile) as browser:
        page = await browser.new_page()
        await open_pwa(page, f"{town.url}/app/activate#{code}")
        await Screen(page).sees(CARD)
        card_s = await page.evaluate("performance.now() / 1000")
        usable_at = await page.evaluate(_USABLE_AT)
        [python] = [worker for worker in page.workers if worker.url.endswith("/worker.js")]
        fetched = await page.evaluate(_FETCHED) + await python.evaluate(_FETCHED)
        files = [file for file in fetched if file["at"] <= usable_at]
        await wait_until_kept(page)
        return Cold(
            usable_s=(await page.evaluate(_MARKS))["kaiku.app"],
            card_s=card_s,
            sent_bytes=sum(file["sent"] for file in files),
            whole_bytes=sum(file["whole"] for file in files),
            stored=await page.evaluate("navigator.storage.estimate()"),
            files=files,
        )


async def _start_python(playwright: Playwright, profile: Path, town: Town) -> float:
    async with chromium(playwright, profile) as browser:
        page = await browser.new_page()
        await page.goto(f"{town.url}/app/{NO_PAGE}", wait_until="commit")
        return await page.evaluate(_BARE_PYTHON, _LOCK_INFO)


async def _start_warm(playwright: Playwright, profile: Path, town: Town) -> dict[str, float]:
    async with chromium(playwright, profile) as browser:
        page = await browser.new_page()
        await page.goto(f"{town.url}/app/", wait_until="commit")
        await page.locator(f"{OVERLAY} canvas[width]").wait_for()
        await page.locator(OVERLAY).wait_for(state="detached", timeout=STARTS_WITHIN_MS)
        return await page.evaluate(_MARKS)


async def _empty_the_page(playwright: Playwright, profile: Path, town: Town) -> None:
    """Exchange the kept page for one that only paints; everything around it stays as it is."""
    async with chromium(playwright, profile) as browser:
        page = await browser.new_page()
        await open_pwa(page, f"{town.url}/app/")
        if await page.evaluate(_BARE_CANVAS) != 1:
            raise RuntimeError("the app keeps its page elsewhere")


async def _paint(playwright: Playwright, profile: Path, town: Town) -> float:
    async with chromium(playwright, profile) as browser:
        page = await browser.new_page()
        await page.goto(f"{town.url}/app/")
        while not (marks := await page.evaluate(_MARKS)):
            await page.wait_for_timeout(50)
        return marks["painted"]


def _cold_figures(cold: Sequence[Cold], bare: Sequence[float]) -> Iterator[Figure]:
    yield Figure(
        what=f"app, cold: usable, median of {len(cold)}",
        value=statistics.median(start.usable_s for start in cold),
        unit=_unit("s", [start.usable_s for start in cold]),
        budget=COLD_USABLE_S,
        yardstick=Yardstick(what="Pyodide alone, cold", value=statistics.median(bare), unit="s"),
        raw={
            "usable_s": [start.usable_s for start in cold],
            "card_seen_s": [start.card_s for start in cold],
            "python_alone_s": list(bare),
        },
    )
    last = cold[-1]
    yield Figure(
        what="app, cold: sent before it is usable",
        value=last.sent_bytes / 1e6,
        unit="MB",
        budget=COLD_MB,
        yardstick=Yardstick(what="the same unpacked", value=last.whole_bytes / 1e6, unit="MB"),
        raw={"sent": [start.sent_bytes for start in cold], "files": last.files},
    )
    yield Figure(
        what="app, kept for offline use: stored",
        value=last.stored["usage"] / 1e6,
        unit="MB",
        yardstick=Yardstick(what="sent before usable", value=last.sent_bytes / 1e6, unit="MB"),
        raw={"estimate": last.stored},
    )


def _warm_figures(warm: Sequence[dict[str, float]], painted: Sequence[float]) -> Iterator[Figure]:
    yardstick = Yardstick(
        what="empty page with a canvas, kept alike", value=statistics.median(painted), unit="s"
    )
    for what, mark, budget in (
        ("code visible", "kaiku.card", WARM_CODE_S),
        ("usable", "kaiku.app", WARM_USABLE_S),
    ):
        each = [marks[mark] for marks in warm]
        yield Figure(
            what=f"app, warm, no server: {what}, median of {len(each)}",
            value=statistics.median(each),
            unit=_unit("s", each),
            budget=budget,
            yardstick=yardstick,
            raw={"each_s": each, "painted_s": list(painted)},
        )


def _unit(unit: str, each: Sequence[float]) -> str:
    return f"{unit} ({min(each):.2f}…{max(each):.2f})"
