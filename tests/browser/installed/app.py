"""What the journeys of the installed app need besides a browser: the build, and eyes of a door."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import zxingcpp
from PIL import Image
from playwright.async_api import Page, Playwright

from server.clock import seconds, utc_now
from server.signing import verify_es256
from shared.rules.admission import Door, Judgement, Knowledge, decide
from shared.token.cose import settle
from shared.token.status import accept_status_list
from tests.browser.browser import chromium
from tests.browser.town import ROOT, Town

STARTS_WITHIN_MS = 120_000
"""A first start compiles megabytes of WebAssembly; here it does so on a machine full of tests."""

OVERLAY = "#instant"
DOOR = Door(event="E1", venue="V1", device="D1")

KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('kaikukortti-'));
  for (const name of names) {
    if (await (await caches.open(name)).match('/app/kept.json')) return true;
  }
  return false;
}"""

RECORDS = """const opened = await new Promise((resolve, reject) => {
    const request = indexedDB.open('kaikukortti');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const ask = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
"""


def build() -> None:
    """Build the app for browsers, unless that was done already."""
    if not (ROOT / "build" / "pwa" / "sw.js").exists():
        command = [sys.executable, str(ROOT / "assets/pwa/build/build.py")]
        subprocess.run(command, check=True)  # noqa: S603 - our own arguments


def build_next(folder: Path) -> Path:
    """Make a newer build in *folder*: the same app with another manifest, sealed anew."""
    build()
    shutil.copytree(ROOT / "build" / "pwa", folder)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().rstrip() + "\n\n")
    for old in folder.rglob("*.br"):
        old.unlink()
    compressed = shutil.copytree(ROOT / "build/pwa-work/brotli", folder.with_suffix(".brotli"))
    command = ["node", "build/seal.mjs", str(folder), str(compressed)]
    subprocess.run(command, cwd=ROOT / "assets" / "pwa", check=True)  # noqa: S603 - our own arguments
    return folder


async def versions_kept(page: Page) -> list[str]:
    """Name the versions of the app that the browser keeps."""
    return await page.evaluate("caches.keys()")


@asynccontextmanager
async def page_of(playwright: Playwright, profile: Path, **over: Any) -> AsyncIterator[Page]:
    """Start a browser and give a page of it."""
    async with chromium(playwright, profile, **over) as browser:
        yield await browser.new_page()


async def open_pwa(page: Page, url: str) -> None:
    """Open the app and wait until it has drawn its own first view."""
    await page.goto(url, wait_until="commit")
    await page.locator(OVERLAY).wait_for(state="detached", timeout=STARTS_WITHIN_MS)


async def wait_until_kept(page: Page) -> None:
    """Wait until the service worker holds everything."""
    until = time.monotonic() + STARTS_WITHIN_MS / 1000
    while not await page.evaluate(KEPT):
        assert time.monotonic() < until, "the app was never kept for offline use"
        await page.wait_for_timeout(250)


async def change_card(page: Page, **changes: str) -> None:
    """Tamper with the card that the browser keeps."""
    await page.evaluate(
        f"""async (changes) => {{
          {RECORDS}
          const store = opened.transaction('record', 'readwrite').objectStore('record');
          const card = JSON.parse(await ask(store.get('card')));
          await ask(store.put(JSON.stringify({{ ...card, ...changes }}), 'card'));
          opened.close();
        }}""",
        changes,
    )


async def put_records(page: Page, records: dict[str, object]) -> None:
    """Write into what the browser keeps for the app, as the app itself does."""
    pairs = [[name, json.dumps(record)] for name, record in records.items()]
    await page.evaluate(
        f"""async (pairs) => {{
          {RECORDS}
          const store = opened.transaction('record', 'readwrite').objectStore('record');
          await Promise.all(pairs.map(([name, text]) => ask(store.put(text, name))));
          opened.close();
        }}""",
        pairs,
    )


async def try_to_export_keys(page: Page) -> list[str]:
    """Give the name of the error that each kept private key answers with, or "exported"."""
    return await page.evaluate(
        f"""async () => {{
          {RECORDS}
          const pairs = await ask(opened.transaction('key').objectStore('key').getAll());
          opened.close();
          return Promise.all(pairs.flatMap(({{ privateKey }}) => ['pkcs8', 'jwk'].map(
            (format) => crypto.subtle.exportKey(format, privateKey)
              .then(() => 'exported', (error) => error.name),
          )));
        }}"""
    )


def read_code(screenshot: bytes) -> str | None:
    """Read the QR code on a screenshot as a door's camera would."""
    found = zxingcpp.read_barcode(
        Image.open(io.BytesIO(screenshot)), formats=zxingcpp.BarcodeFormat.QRCode
    )
    return None if found is None else found.text


def learn(town: Town) -> Knowledge:
    """Fetch what an offline door knows: keys and the status list."""
    now_s = seconds(utc_now())
    raw = httpx.get(f"{town.url}/api/v1/status-lists/0").raise_for_status().content
    checks = accept_status_list(raw, keys=town.ring.key_set.keys, held_issued_at_s=0, now_s=now_s)
    return Knowledge(
        key_set=town.ring.key_set,
        status={0: settle(checks, verify_es256)},
        clock_sure=True,
        ledger={},
        ledger_online=False,
    )


def judge(text: str, knows: Knowledge) -> Judgement:
    """Decide as the door does, now."""
    return settle(decide(text, now_s=seconds(utc_now()), knows=knows, door=DOOR), verify_es256)


def kill_browser(profile: Path) -> None:
    """End a browser as a dead battery does: every process of it, in the middle of anything."""
    for process in Path("/proc").iterdir():
        try:
            ours = str(profile).encode() in (process / "cmdline").read_bytes()
        except OSError:
            continue
        if ours and process.name.isdecimal() and int(process.name) != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)
