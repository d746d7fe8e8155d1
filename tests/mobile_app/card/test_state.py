"""The card on a phone, against the real server."""

import io
from collections.abc import Callable
from datetime import timedelta

import zxingcpp
from PIL import Image
from sqlalchemy.orm import Session

from mobile_app.card.activation import Activation
from mobile_app.card.held import CARD
from mobile_app.card.standing import Hindrance
from mobile_app.card.state import CardState
from mobile_app.device.api import Role
from server.card.desk import block_card
from server.grant.service import draw_activation_code
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


async def test_card_is_there_after_a_restart_without_network(phone: HolderPhone, code: str) -> None:
    before = await phone.activated(code)
    phone.network.down = True
    card = await phone.card()

    assert card.held == before.held
    assert card.qr


async def test_unreachable_server_is_told_and_the_qr_goes_on(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    phone.network.down = True
    phone.clock.pass_time(hours=1)
    await card.keep_in_touch()
    await card.tick()

    assert card.offline
    assert card.held is not None
    assert card.held.heard_at == NOON
    assert shown(card).shown_at_s == NOON_S + 3600


async def test_unreachable_server_is_tried_again_after_half_a_minute(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    phone.network.down = True
    await card.keep_in_touch()
    phone.network.down = False
    await card.keep_in_touch()
    assert card.offline

    phone.clock.pass_time(seconds=31)
    await card.keep_in_touch()

    assert not card.offline


async def test_young_credential_is_not_renewed(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    assert card.held is not None
    first = card.held.credential
    phone.clock.pass_time(days=6)
    await card.keep_in_touch()

    assert card.held.credential == first
    assert phone.network.asked("/credentials") == 0


async def test_week_old_credential_is_renewed_and_signs_in_from_then_on(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    assert card.held is not None
    first = card.held
    phone.clock.pass_time(days=7)
    await card.keep_in_touch()

    assert card.held.credential != first.credential
    assert card.held.until_at > first.until_at
    assert phone.store.records[CARD] == card.held.to_record()
    assert (await phone.device.api.visits()).visits == []
    assert phone.network.asked("/holder-sessions") == 2  # the new credential proved itself


async def test_ran_out_credential_is_renewed_at_the_next_contact(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    phone.clock.pass_time(days=60)
    await card.tick()
    assert card.standing is not None
    assert card.standing.hindrance is Hindrance.RUN_OUT
    assert not card.qr

    await card.keep_in_touch()

    assert card.standing.hindrance is None
    assert card.qr


async def test_blocked_card_shows_no_qr(
    phone: HolderPhone, register: Session, granted: tuple[object, str]
) -> None:
    blocked, code = granted
    card = await phone.activated(code)
    block_card(register, register.merge(blocked), now=NOON)
    register.commit()
    await card.contact()

    assert card.standing is not None
    assert card.standing.hindrance is Hindrance.BLOCKED
    assert not card.qr


async def test_card_that_moved_to_another_phone_says_so_here(
    phone: HolderPhone,
    another_phone: Callable[[], HolderPhone],
    register: Session,
    granted: tuple[object, str],
    settings,
) -> None:
    moved, code = granted
    here = await phone.activated(code)
    secret = settings.code_secret.get_secret_value().encode()
    second = draw_activation_code(register, register.merge(moved), secret=secret, now=NOON)
    register.commit()
    there = another_phone()
    attempt = Activation(there.device, await there.card())
    await attempt.submit(second)
    assert attempt.asks_to_replace
    await attempt.replace()
    assert attempt.done

    phone.device.api.sign_in_with(Role.HOLDER, None)  # as if the quarter of an hour were over
    here = await phone.card()
    await here.contact()

    assert here.standing is not None
    assert here.standing.hindrance is Hindrance.MOVED
    assert not here.qr


async def test_signing_out_leaves_nothing_of_the_card(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    await phone.store.put("visit/history", {"page": {}})
    await phone.store.put("settings", {"language": "sv"})
    await card.sign_out()

    assert list(phone.store.records) == ["settings"]
    assert card.held is None
    assert not card.qr


async def test_answer_that_comes_after_signing_out_brings_nothing_back(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    answering = phone.device.api.card

    async def slow_card():
        await card.sign_out()
        return facts

    facts = await answering()
    phone.device.api.card = slow_card
    await card.contact()

    assert CARD not in phone.store.records
    assert card.held is None


async def test_signing_out_while_an_answer_is_written_wins(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    write = phone.store.put_all

    async def slow_write(records) -> None:
        phone.store.put_all = write
        await card.sign_out()
        await write(records)

    phone.store.put_all = slow_write
    await card.contact()

    assert CARD not in phone.store.records
    assert card.held is None
    assert not card.qr


async def test_unreadable_record_of_an_older_app_is_no_card(phone: HolderPhone) -> None:
    await phone.store.put(CARD, {"something": "else"})

    card = await phone.card()

    assert card.loaded
    assert card.held is None


async def test_card_of_a_damaged_record_is_replaced_by_a_code(
    phone: HolderPhone, code: str
) -> None:
    await phone.store.put(CARD, {"something": "else"})
    await phone.store.put("visit/history", {"page": "of whoever had that card"})

    card = await phone.activated(code)

    assert card.qr
    assert "visit/history" not in phone.store.records


async def test_clock_that_nobody_vouches_for_does_not_end_the_card(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    phone.clock.pass_time(days=400)
    phone.clock.sure = False
    await card.tick()
    assert card.standing is not None
    assert card.standing.clock_says == phone.clock.now()

    phone.clock.likely = True  # an earlier run of the app was sure
    await card.tick()
    assert card.standing.clock_says is None


async def test_clock_that_is_put_back_makes_no_card_wait_for_the_old_time(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    phone.clock.pass_time(days=364)
    phone.network.down = True
    await card.keep_in_touch()
    assert card.offline

    phone.network.down = False
    phone.clock.pass_time(days=-364)
    await card.keep_in_touch()

    assert not card.offline


async def test_wrong_clock_is_told(phone: HolderPhone, code: str) -> None:
    card = await phone.activated(code)
    phone.clock.ahead = timedelta(minutes=7)
    await card.tick()

    assert card.standing is not None
    assert card.standing.clock_off == timedelta(minutes=7)
