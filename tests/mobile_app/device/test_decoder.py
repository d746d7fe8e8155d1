"""Both decoders read what a camera really gives: turned, blurred, small, noisy, far too big."""

import io

import pytest
import qrcode
import zxingcpp
from PIL import Image, ImageFilter

from mobile_app.device.decoder import (
    MAX_PHOTO_BYTES,
    BlindDecoder,
    PictureRefused,
    PictureTrouble,
)
from mobile_app.device.pillow_decoder import PyzbarDecoder, ZxingDecoder, best_decoder
from tests.mobile_app.door import CARD_CODE, Issuer
from tests.mobile_app.fakes import NOON

TOKEN = Issuer().card().show(at=NOON)
DECODERS = [ZxingDecoder(), PyzbarDecoder()]


def jpeg(picture: Image.Image, *, quality: int = 80) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def shown(text: str | bytes, *, side: int = 360, angle: float = 0, blur: float = 0) -> bytes:
    """One camera frame of 720 x 480 with a code on a telephone's screen in it."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=4, box_size=6)
    code.add_data(text)
    code.make()
    drawn = code.make_image().convert("L").resize((side, side), Image.Resampling.BILINEAR)
    drawn = drawn.rotate(angle, expand=True, fillcolor=130, resample=Image.Resampling.BILINEAR)
    frame = Image.new("L", (720, 480), 130)
    frame.paste(drawn, ((720 - drawn.width) // 2, (480 - drawn.height) // 2))
    return jpeg(frame.filter(ImageFilter.GaussianBlur(blur)))


@pytest.fixture(params=DECODERS, ids=["zxing", "pyzbar"])
def reader(request):
    return request.param


@pytest.mark.parametrize(
    ("angle", "blur", "side"),
    [(0, 0, 360), (12, 0, 340), (-12, 0.6, 340), (90, 0, 360), (180, 0.6, 360), (0, 1.0, 400)],
)
async def test_a_presentation_is_read_turned_and_blurred(reader, angle, blur, side) -> None:
    assert await reader.decode(shown(TOKEN, angle=angle, blur=blur, side=side)) == [TOKEN]


async def test_the_stripes_of_a_card_code_are_read(reader) -> None:
    drawn = zxingcpp.create_barcode(CARD_CODE, zxingcpp.Code39).to_image(scale=3)
    stripes = Image.fromarray(drawn) if not isinstance(drawn, Image.Image) else drawn
    frame = Image.new("L", (720, 480), 255)
    frame.paste(stripes.resize((600, 120), Image.Resampling.NEAREST), (60, 180))

    assert await reader.decode(jpeg(frame)) == [CARD_CODE]


async def test_other_stripes_are_nobodys_card_and_nobody_held_them_up(reader) -> None:
    drawn = zxingcpp.create_barcode("SHELF-12", zxingcpp.Code39).to_image(scale=3)
    stripes = Image.fromarray(drawn) if not isinstance(drawn, Image.Image) else drawn
    frame = Image.new("L", (720, 480), 255)
    frame.paste(stripes.resize((600, 120), Image.Resampling.NEAREST), (60, 180))

    assert await reader.decode(jpeg(frame)) == []


async def test_of_two_codes_ours_comes_first(reader) -> None:
    poster = Image.open(io.BytesIO(shown("https://museo.example/", side=300)))
    ours = Image.open(io.BytesIO(shown(TOKEN, side=460)))
    frame = Image.new("L", (1440, 480), 130)
    frame.paste(poster, (0, 0))
    frame.paste(ours, (720, 0))

    assert (await reader.decode(jpeg(frame)))[0] == TOKEN


async def test_bytes_that_are_no_text_come_back_as_nobodys_card() -> None:
    [text] = await ZxingDecoder().decode(shown(b"K1:\xff\xfe\x00\x80binary"))

    assert "\ufffd" in text


async def test_a_picture_without_a_code_has_none(reader) -> None:
    assert await reader.decode(jpeg(Image.new("L", (720, 480), 90))) == []


@pytest.mark.parametrize("raw", [b"", b"<html>", b"\xff\xd8\xff\xe0 cut short"])
async def test_what_is_no_picture_is_refused(reader, raw) -> None:
    with pytest.raises(PictureRefused) as refused:
        await reader.decode(raw)
    assert refused.value.trouble is PictureTrouble.NOT_A_PICTURE


async def test_a_picture_cut_short_is_refused(reader) -> None:
    with pytest.raises(PictureRefused):
        await reader.decode(shown(TOKEN)[:2000])


async def test_forty_megabytes_are_not_even_opened(reader) -> None:
    with pytest.raises(PictureRefused) as refused:
        await reader.decode(shown(TOKEN) + b"\0" * MAX_PHOTO_BYTES)
    assert refused.value.trouble is PictureTrouble.TOO_BIG


@pytest.mark.parametrize("side", [9_000, 20_000], ids=["81 million", "400 million pixels"])
async def test_a_small_file_that_unpacks_to_a_giant_is_refused(reader, side) -> None:
    bomb = io.BytesIO()
    Image.new("1", (side, side)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000

    with pytest.raises(PictureRefused) as refused:
        await reader.decode(bomb.getvalue())
    assert refused.value.trouble is PictureTrouble.TOO_BIG


async def test_a_large_photo_of_a_phone_is_read(reader) -> None:
    frame = Image.open(io.BytesIO(shown(TOKEN, side=460))).resize((4032, 2688))

    assert await reader.decode(jpeg(frame)) == [TOKEN]


async def test_without_any_reader_the_code_is_typed() -> None:
    assert await BlindDecoder().decode(shown(TOKEN)) == []


def test_the_fastest_reader_is_taken_where_it_is_installed(monkeypatch) -> None:
    assert isinstance(best_decoder(), ZxingDecoder)

    def missing(_) -> None:
        raise ImportError

    monkeypatch.setattr(ZxingDecoder, "__init__", missing)
    assert isinstance(best_decoder(), PyzbarDecoder)
    monkeypatch.setattr(PyzbarDecoder, "__init__", missing)
    assert isinstance(best_decoder(), BlindDecoder)
