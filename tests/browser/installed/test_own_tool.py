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

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TWELVE_MEGAPIXELS = (4000, 3000)
PIN = "2468"


def photo() -> bytes:
    """Make what a telephone's camera makes: soft light, some grain, a few megabytes."""
    grain = Image.effect_noise((2000, 1500), 40)
    bands = (Image.radial_gradient("L"), Image.linear_gradient("L"), grain)
    picture = Image.merge("RGB", [band.resize(TWELVE_MEGAPIXELS) for band in bands])
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=90)
    return packed.getvalue()


async def choose_photo(screen: Screen, button: str, content: bytes) -> None:
    """Choose a file as the phone's gallery gives it."""
    async with screen.page.expect_file_chooser() as chooser:
        await screen.press(button)
    await (await chooser.value).set_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
    )


async def go_back(screen: Screen) -> None:
    """Leave a screen; while the mouse stays above the arrow, its name is said twice."""
    await screen.page.get_by_role("button", name="Takaisin").click()


async def lock_app(screen: Screen) -> None:
    """Set a PIN, from the card on."""
    await screen.press("Lisää")
    await screen.press("Asetukset")
    await screen.press("Sovelluksen lukitus")
    await screen.types("PIN-koodi, 4", PIN)
    await screen.types("Sama PIN-koodi uudelleen", PIN)
    await screen.press("Ota lukitus käyttöön")
    await screen.sees("Lukitus on päällä.")


async def add_to_visit(screen: Screen, place: str) -> None:
    """Write a note to a visit, and give it a photo."""
    await screen.page.get_by_role("button", name=place).click()
    await screen.types("Muistiinpano", "Lapset nauroivat")
    await screen.press("Tallenna muistiinpano")
    await screen.sees("Muistiinpano on tallessa.")
    await choose_photo(screen, "Lisää kuva", b"no picture")
    await screen.sees("Tämä ei ole kuva, jonka sovellus osaa avata.")
    await choose_photo(screen, "Lisää kuva", photo())
    await screen.sees("Kuvasi tästä käynnistä")


async def test_what_the_holder_adds_is_kept_locked_and_taken_along_without_the_server(
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
            await screen.press("Takaisin")
            await lock_app(screen)

        async with page_of(playwright, card_profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/wellbeing")
            await screen.types("PIN-koodi", PIN[::-1])
            await screen.press("Avaa")
            await screen.sees("PIN-koodi ei täsmää.")
            await screen.does_not_see("Tallessa tälle päivälle")
            await screen.types("PIN-koodi", PIN, enter=True)
            await screen.sees("Tallessa tälle päivälle: Hyvältä.")
            await screen.press("Takaisin")
            await screen.press("Käynnit")
            await add_to_visit(screen, "Kesäteatteri")
            await go_back(screen)
            await screen.sees("Oma merkintä: ei rekisterissä.")
            await go_back(screen)
            await screen.press("Lisää")
            await screen.press("Omat tiedot")
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
    assert PIN not in records["own/lock"]
    assert sorted(name.rsplit("/", 1)[0] for name in records if name.startswith("own/")) == [
        "own",
        "own",
        "own/mood",
        "own/note",
        "own/photo",
        "own/visit",
    ]
