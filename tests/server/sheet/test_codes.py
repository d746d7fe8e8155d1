"""The three codes of a sheet, read from a page as a cheap printer and a scanner would show it."""

from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from server.sheet.symbols import BAR_WIDTH
from server.signing import verify_es256
from server.texts import Language
from shared.token.codes import Sorted, TextKind, sort_text
from shared.token.cose import settle
from shared.token.presentation import read_token, verify_token
from tests.server.sheet.sheets import CODE, DPI, LONG_ADDRESS, draw, make_sheet, picture_of

PAPER_MODULES = 53  # version 9
LINK_MODULES = 33  # version 4
QUIET_MODULES = 4
MODULE_LEAST_MM = 0.5
BAR_LEAST_MM = 0.25
MM_PER_INCH = 25.4


@pytest.fixture(scope="module", params=[False, True], ids=["personal", "community"])
def sheet(request, ring):
    return make_sheet(ring, community=request.param, children=23)


def zxing_codes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    """Card code, one-time code and paper credential, in this order."""
    formats = zxingcpp.BarcodeFormats([zxingcpp.QRCode, zxingcpp.Code39])
    return sorted(
        zxingcpp.read_barcodes(picture, formats=formats), key=lambda found: len(found.text)
    )


def zbar_codes(picture: Image.Image) -> list[pyzbar.Decoded]:
    """The same by zbar, asked for what the app asks for.

    Asked for everything, it reads six digits of Interleaved 2 of 5 in the modules of some QR codes.
    """
    return pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE39])


@pytest.mark.parametrize("language", list(Language))
def test_both_readers_read_all_three_codes(sheet, language) -> None:
    picture = picture_of(draw(sheet, language=language))

    expected = {
        ("QR", sheet.paper_text),
        ("QR", sheet.activation_link),
        ("39", sheet.card_code),
    }
    seen = {(kind(str(found.format)), found.text) for found in zxing_codes(picture)}
    assert seen == expected
    also = {(kind(found.type), found.data.decode()) for found in zbar_codes(picture)}
    assert also == expected


def kind(name: str) -> str:
    return "QR" if name.upper().startswith("QR") else name.replace(" ", "")[-2:]


def test_what_readers_give_is_what_it_should_be_to_the_door(ring, sheet) -> None:
    texts = [found.text for found in zxing_codes(picture_of(draw(sheet)))]

    token = read_token(texts[-1])

    assert settle(verify_token(token, ring.key_set.keys[token.kid].point), verify_es256)
    assert [sort_text(text, base_url="https://kortti.example") for text in texts] == [
        Sorted(TextKind.CARD_CODE, sheet.card_code),
        Sorted(TextKind.ACTIVATION, sheet.activation_code),
        Sorted(TextKind.TOKEN, sheet.paper_text),
    ]


def test_the_paper_code_is_of_level_q_with_modules_of_half_a_millimetre(sheet) -> None:
    found = zxing_codes(picture_of(draw(sheet)))[-1]

    side_mm = (found.position.top_right.x - found.position.top_left.x) / DPI * MM_PER_INCH
    assert found.ec_level == "Q"
    assert side_mm / PAPER_MODULES >= MODULE_LEAST_MM
    assert side_mm >= 30
    assert BAR_WIDTH / 72 * MM_PER_INCH >= BAR_LEAST_MM


def test_every_qr_code_has_its_quiet_zone(sheet) -> None:
    picture = picture_of(draw(sheet))

    for found in zxing_codes(picture)[1:]:
        left, top = found.position.top_left.x, found.position.top_left.y
        right, bottom = found.position.bottom_right.x, found.position.bottom_right.y
        modules = PAPER_MODULES if found.text == sheet.paper_text else LINK_MODULES
        quiet = int((right - left) / modules * QUIET_MODULES)
        zone = picture.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
        inner = (quiet - 2, quiet - 2, zone.width - quiet + 2, zone.height - quiet + 2)
        zone.paste(255, inner)
        assert zone.getextrema() == (255, 255), found.text[:8]


def test_the_one_time_code_is_of_level_m_and_is_read_with_a_long_address(ring) -> None:
    link = f"{LONG_ADDRESS}/app/activate#{CODE}"
    sheet = make_sheet(ring, activation_link=link)

    found = zxing_codes(picture_of(draw(sheet)))[1]

    assert (found.text, found.ec_level) == (link, "M")


def test_a_crumpled_grey_copy_is_still_read(ring) -> None:
    picture = picture_of(draw(make_sheet(ring)))
    faded = picture.point(lambda value: 90 + value * 130 // 255).rotate(7, fillcolor=220)
    file = BytesIO()
    faded.save(file, "JPEG", quality=40)

    texts = {found.text for found in zxing_codes(Image.open(file))}

    assert make_sheet(ring).card_code in texts
    assert len(texts) == 3


def test_a_torn_code_is_still_read(ring) -> None:
    sheet = make_sheet(ring)
    picture = picture_of(draw(sheet))
    found = zxing_codes(picture)[-1]
    x, y = found.position.top_left.x, found.position.top_left.y
    middle = (x + 90, y + 90, x + 125, y + 125)  # 3 % of the code
    picture.paste(255, middle)

    assert sheet.paper_text in {found.text for found in zxing_codes(picture)}


def test_each_page_has_the_codes_of_its_own_sheet(ring) -> None:
    first = make_sheet(ring)
    second = replace(first, card_code="ABCDEFGHJ", activation_code="JKMNPQRSTVWX")

    pdf = draw(first, second)

    assert [zxing_codes(picture_of(pdf, page))[0].text for page in (0, 1)] == [
        first.card_code,
        second.card_code,
    ]
