"""What is left on the phone when a card goes, and of one that cannot be read."""

from mobile_app.card.held import CARD
from tests.mobile_app.phones import HolderPhone


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
