"""The code of the card: new every half-minute, signed, readable."""

import io

import zxingcpp
from PIL import Image

from mobile_app.card.state import CardState
from shared.rules.admission import Door, Knowledge, decide
from shared.token.cose import settle_async
from shared.token.presentation import Presentation, read_token
from tests.factories import NOON
from tests.mobile_app.phones import HolderPhone

NOON_S = int(NOON.timestamp())


def shown(card: CardState) -> Presentation:
    token = read_token(card.qr_text)
    assert isinstance(token, Presentation)
    return token


async def test_qr_stays_for_its_whole_window(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    first = card.qr_text
    phone.clock.pass_time(seconds=29)
    await card.tick()

    assert card.qr_text == first
    assert card.seconds_left == 1


async def test_qr_is_new_when_the_half_minute_of_the_clock_is_over(
    phone: HolderPhone, code: str
) -> None:
    phone.clock.pass_time(seconds=29)  # opened a second before the half minute
    card = await phone.activated(code)
    first = card.qr_text
    phone.clock.pass_time(seconds=1)
    await card.tick()

    assert card.qr_text != first
    assert shown(card).shown_at_s == NOON_S + 30
    assert card.seconds_left == 30


async def test_qr_is_new_after_the_phone_slept(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    phone.clock.pass_time(hours=3, seconds=7)
    await card.tick()

    assert shown(card).shown_at_s == NOON_S + 3 * 3600 + 7
    assert card.seconds_left == 23


async def test_qr_is_new_when_the_clock_was_turned_back(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    phone.clock.pass_time(minutes=-5)
    await card.tick()

    assert shown(card).shown_at_s == NOON_S - 300


async def test_qr_is_signed_by_issuer_and_phone(phone: HolderPhone, code: str, ring) -> None:
    card = await phone.activated(code)
    knows = Knowledge(ring.key_set, {}, clock_sure=True, ledger={}, ledger_online=True)
    door = Door(event="e", venue="v", device="d")

    judged = await settle_async(
        decide(card.qr_text, now_s=NOON_S + 5, knows=knows, door=door), phone.device.keys.verify
    )

    assert {reason.value for reason in judged.verdict.reasons} <= {"status_unknown", "keys_old"}
    assert judged.count == 2


async def test_picture_of_the_qr_reads_as_its_text(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)

    picture = Image.open(io.BytesIO(card.qr)).convert("L")
    (found,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)

    assert found.text == card.qr_text
