"""A photo with a visit: made small, kept on the phone, refused with words when it is none."""

import base64
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import flet as ft
import pytest
from PIL import Image

from mobile_app.device.album import KEPT_MOST, PICKED_MOST
from mobile_app.device.decoder import PictureRefused, PictureTrouble
from mobile_app.device.pillow_album import PillowAlbum
from mobile_app.device.store import StoreRefused
from mobile_app.visit.own import PHOTOS, Draft
from mobile_app.visit.state import Visits
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone

PICK = ("FilePicker", "pick_files")


def photo(width: int = 3000, height: int = 2000, kind: str = "JPEG", **save) -> bytes:
    """Noise: no picture is harder to make small."""
    noise = random.Random(1).randbytes(width * height // 16 * 3)  # noqa: S311 - any will do
    small = Image.frombytes("RGB", (width // 4, height // 4), noise)
    packed = io.BytesIO()
    small.resize((width, height)).save(packed, kind, **save)
    return packed.getvalue()


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    phone.device = replace(phone.device, album=PillowAlbum())
    return phone


async def test_any_photo_becomes_a_small_jpeg_without_place_and_camera() -> None:
    exif = Image.Exif()
    exif[0x010F] = "the maker of the camera"
    exif[0x0112] = 6  # held upright
    big = photo(exif=exif)

    small = await PillowAlbum().shrink(big)

    picture = Image.open(io.BytesIO(small))
    assert len(small) <= KEPT_MOST < len(big)
    assert picture.format == "JPEG"
    assert picture.width < picture.height
    assert dict(picture.getexif()) == {}


async def test_small_picture_with_clear_parts_is_kept_too() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (40, 30)).save(clear, "PNG")

    assert Image.open(io.BytesIO(await PillowAlbum().shrink(clear.getvalue()))).size == (40, 30)


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", PictureTrouble.NOT_A_PICTURE),
        (b"%PDF-1.7 no picture", PictureTrouble.NOT_A_PICTURE),
        (photo(400, 300)[:900], PictureTrouble.NOT_A_PICTURE),
        (bytes(40_000_000), PictureTrouble.TOO_BIG),
        (bytes(PICKED_MOST), PictureTrouble.NOT_A_PICTURE),
    ],
    ids=["nothing", "pdf", "cut short", "40 MB", "just not too much"],
)
async def test_what_is_no_photo_is_refused_by_name(content: bytes, trouble: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        await PillowAlbum().shrink(content)

    assert refused.value.trouble == trouble


async def test_photo_is_added_shown_taken_along_and_removed(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    name = visits.entries[0].name
    files = [{"id": 0, "name": "a.jpg", "size": 9, "path": None, "bytes": photo(900, 600)}]
    saved: list[bytes] = []
    methods = {
        PICK: lambda _: files,
        ("FilePicker", "save_file"): lambda given: saved.append(given["src_bytes"]),
    }
    async with Harness(holder.main, route=f"/visits/{name}", methods=methods) as app:
        await app.press("Lisää kuva")
        await app.until(lambda: app.all(ft.Image, "Kuvasi tästä käynnistä"))
        kept = base64.b64decode(holder.store.records[PHOTOS + name]["jpeg"])
        assert app.one(ft.Image, "Kuvasi tästä käynnistä").src == kept
        await app.go("/visits")
        assert app.says("Mukana kuva")
        await app.go("/mine")
        await app.press("Kaikki koneelle (JSON)")
        await app.until(lambda: saved)
        assert base64.b64decode(json.loads(saved[0])["visits"][0]["photo"]) == kept

        files[0]["bytes"] = b"no picture"
        await app.go(f"/visits/{name}")
        await app.press("Vaihda kuva")
        await app.until(lambda: app.says("Tämä ei ole kuva, jonka sovellus osaa avata."))
        assert base64.b64decode(holder.store.records[PHOTOS + name]["jpeg"]) == kept

        await app.press("Poista kuva")
        await app.until(lambda: app.has_button("Lisää kuva"))
    assert [key for key in holder.store.records if key.startswith(PHOTOS)] == []


async def test_photo_that_is_a_file_of_the_phone_is_read_there(
    holder: HolderPhone, tmp_path: Path
) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    taken = tmp_path / "a.jpg"
    taken.write_bytes(photo(900, 600))
    asked: list[bool] = []

    def pick(given) -> list[dict]:
        asked.append(given["with_data"])
        return [{"id": 0, "name": "a.jpg", "size": 9, "path": str(taken), "bytes": None}]

    route = f"/visits/{visits.entries[0].name}"
    async with Harness(holder.main, route=route, methods={PICK: pick}) as app:
        await app.press("Lisää kuva")
        await app.until(lambda: app.all(ft.Image, "Kuvasi tästä käynnistä"))

    assert asked == [False]


async def test_photo_of_too_many_bytes_is_not_even_read(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    files = [{"id": 0, "name": "a", "size": PICKED_MOST + 1, "path": "/nowhere", "bytes": None}]
    route = f"/visits/{visits.entries[0].name}"
    async with Harness(holder.main, route=route, methods={PICK: lambda _: files}) as app:
        await app.press("Lisää kuva")
        await app.until(lambda: app.says("Tämä kuva on liian suuri"))


async def test_choosing_no_photo_changes_nothing(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    route = f"/visits/{visits.entries[0].name}"
    async with Harness(holder.main, route=route, methods={PICK: lambda _: []}) as app:
        await app.press("Lisää kuva")
        await app.settle()

        assert not app.button("Lisää kuva").disabled


async def test_phone_without_room_says_so(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    files = [{"id": 0, "name": "a.jpg", "size": 9, "path": None, "bytes": photo(90, 60)}]
    route = f"/visits/{visits.entries[0].name}"

    async def full(_) -> None:
        raise StoreRefused("full")

    async with Harness(holder.main, route=route, methods={PICK: lambda _: files}) as app:
        holder.store.put_all = full
        await app.press("Lisää kuva")
        await app.until(lambda: app.says("Puhelimessa ei ole tilaa kuvalle."))


async def test_deleting_the_entry_takes_its_photo_along(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    await visits.keep_photo(visits.entries[0].name, photo(90, 60))
    assert visits.entries[0].note.has_photo

    await visits.remove(visits.entries[0].name)

    assert [key for key in holder.store.records if key.startswith("own/")] == []
