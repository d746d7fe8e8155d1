"""The holder's own tool, as installed: with the server switched off, and after a restart."""

import io
import json
from base64 import b64decode
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Playwright

from mobile_app.device.album import KEPT_MOST
from tests.browser.browser import Screen
from tests.browser.installed.app import open_pwa, page_of
from tests.browser.installed.holder import everything_kept
from tests.browser.town import Town

pytestmark = [
    pytest.mark.browser,
    pytest.mark.thorough,  # five starts of the app take minutes where processors are slow
    pytest.mark.asyncio(loop_scope="session"),
]


def photo() -> bytes:
    """Make a large photo."""
    packed = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).save(packed, "PNG")
    return packed.getvalue()


async def choose_photo(screen: Screen, button: str, content: bytes) -> None:
    """Choose a file as the phone's gallery gives it."""
    async with screen.page.expect_file_chooser() as chooser:
        await screen.press(button)
    await (await chooser.value).set_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": content}
    )


async def test_own_visit_mood_and_answers_are_kept_and_taken_along_without_the_server(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    with town.server.away():
        async with page_of(playwright, card_profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/visits/own")
            await screen.types("Paikka", "Kesäteatteri")
            await screen.press("Tallenna käynti")
            await screen.sees("Oma merkintä: ei rekisterissä.")
            await screen.press("Takaisin")

            await screen.press("Fiilis")
            await screen.press("Hyvältä")
            await screen.sees("Tallessa tälle päivälle: Hyvältä.")

        async with page_of(playwright, card_profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/wellbeing")
            await screen.sees("Tallessa tälle päivälle: Hyvältä.")
            await open_pwa(page, f"{town.url}/app/visits")
            await screen.page.get_by_role("button", name="Kesäteatteri").click()
            await screen.types("Muistiinpano", "Lapset nauroivat")
            await screen.press("Tallenna muistiinpano")
            await screen.sees("Muistiinpano on tallessa.")
            await choose_photo(screen, "Lisää kuva", b"no picture")
            await screen.sees("Tämä ei ole kuva, jonka sovellus osaa avata.")
            await choose_photo(screen, "Lisää kuva", photo())
            await screen.sees("Kuvasi tästä käynnistä")

            await open_pwa(page, f"{town.url}/app/mine")
            async with page.expect_download() as download:
                await screen.press("Kaikki koneelle (JSON)")
            path = await (await download.value).path()
            taken = json.loads(path.read_text())
            records = (await everything_kept(page))["record"]

    [visit] = taken["visits"]
    assert (visit["place"], visit["own"]) == ("Kesäteatteri", True)
    assert visit["note"] == "Lapset nauroivat"
    kept = b64decode(visit["photo"])
    assert len(kept) <= KEPT_MOST
    assert Image.open(io.BytesIO(kept)).format == "JPEG"
    assert [one["mood"] for one in taken["moods"]] == [4]
    assert sorted(name.rsplit("/", 1)[0] for name in records if name.startswith("own/")) == [
        "own",
        "own/mood",
        "own/note",
        "own/photo",
        "own/visit",
    ]
