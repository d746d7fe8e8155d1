"""The card and the register: heard, renewed, refused; and the clock between them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from mobile_app.card.activation import Activation
from mobile_app.card.held import CARD
from mobile_app.card.standing import Hindrance
from mobile_app.device.api import Role
from mobile_app.device.store import StoreRefused
from server.card.desk import block_card
from server.grant.service import draw_activation_code
from tests.factories import NOON
from tests.mobile_app.card.test_state import shown
from tests.mobile_app.phones import HolderPhone

NOON_S = int(NOON.timestamp())


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


async def test_blocked_card_shows_no_qr_though_the_phone_has_no_room_to_note_it(
    phone: HolderPhone, register: Session, granted: tuple[object, str], monkeypatch
) -> None:
    blocked, code = granted
    card = await phone.activated(code)
    block_card(register, register.merge(blocked), now=NOON)
    register.commit()

    async def refuse(_: object) -> None:
        raise StoreRefused("full")

    monkeypatch.setattr(phone.store, "put_all", refuse)
    with pytest.raises(StoreRefused):
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
