"""A phone that has lost the key of its card: it says so, and everything else goes on."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import flet as ft
import pytest
from sqlalchemy.orm import Session

from mobile_app.card.activation import Activation
from mobile_app.card.held import CARD
from mobile_app.card.standing import Hindrance
from mobile_app.card.state import CardState
from mobile_app.card.words import refusal_words
from mobile_app.device.secure_key_store import SecureKeyStore
from mobile_app.ui.texts import Language, Texts
from mobile_app.visit.shelf import History, records_of
from server.grant.service import draw_activation_code
from shared.scan import Category
from shared.visit import HolderVisit
from tests.factories import NOON
from tests.mobile_app.fakes import MemoryVault
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone

AWAY = RuntimeError("PlatformException(-25308, User interaction is not allowed.)")


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture
def phone(phone: HolderPhone, vault: MemoryVault) -> HolderPhone:
    """A phone that keeps its key in its secure storage."""
    return replace(phone, device=replace(phone.device, keys=SecureKeyStore(vault)))


@pytest.fixture
async def card(phone: HolderPhone, code: str) -> CardState:
    return await phone.activated(code)


def why(card: CardState) -> Hindrance | None:
    assert card.standing is not None
    return card.standing.hindrance


async def test_the_key_is_in_the_secure_storage_and_not_among_the_records(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    assert card.qr
    [secret] = vault.secrets.values()
    assert secret not in str(phone.store.records)
    assert not [name for name in phone.store.records if name.startswith("key")]


async def test_restored_phone_without_the_key_opens_and_says_so(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    vault.secrets.clear()  # the records came with a backup, the key did not
    opened = await phone.card()

    assert opened.loaded
    assert opened.held == card.held
    assert why(opened) is Hindrance.KEY_LOST
    assert (opened.qr, opened.qr_text) == (b"", "")


async def test_cleared_browser_that_kept_the_card_says_so(phone: HolderPhone, card) -> None:
    class ClearedBrowser(SecureKeyStore):
        async def sign(self, name: str, data: bytes) -> bytes:  # noqa: ARG002 - it has no key
            raise KeyError(name)

    assert card.held is not None
    browser = replace(phone.device, keys=ClearedBrowser(MemoryVault()))
    opened = CardState(browser)
    await opened.load()

    assert why(opened) is Hindrance.KEY_LOST


async def test_key_lost_while_the_card_is_shown_takes_the_code_off_the_screen(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    vault.secrets.clear()
    phone.clock.pass_time(seconds=30)
    await card.tick()

    assert why(card) is Hindrance.KEY_LOST
    assert (card.qr, card.qr_text) == (b"", "")


async def test_key_that_is_only_away_comes_back_by_itself(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    vault.failing = AWAY
    phone.clock.pass_time(seconds=30)
    await card.tick()
    assert why(card) is Hindrance.KEY_AWAY

    vault.failing = None
    await card.tick()  # still the same half-minute
    assert why(card) is Hindrance.KEY_AWAY
    phone.clock.pass_time(seconds=30)
    await card.tick()
    assert why(card) is None
    assert card.qr


async def test_unlocked_phone_does_not_wait_for_the_next_half_minute(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    vault.failing = AWAY
    phone.clock.pass_time(seconds=30)
    await card.tick()
    vault.failing = None
    await card.wake()

    assert why(card) is None
    assert card.qr


async def test_what_stops_a_card_with_its_key_is_said_first(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    vault.secrets.clear()
    phone.clock.pass_time(days=40)
    await card.tick()

    assert why(card) is Hindrance.RUN_OUT


async def test_server_asked_without_the_key_neither_crashes_nor_changes_the_card(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    vault.secrets.clear()
    opened = await phone.card()
    phone.clock.pass_time(hours=1)
    await opened.keep_in_touch()

    assert opened.held == card.held
    assert not opened.offline
    assert why(opened) is Hindrance.KEY_LOST


@pytest.fixture
def new_code(register: Session, settings, granted, card: CardState) -> str:
    """Another code of the card, as the place that granted it draws one."""
    assert card.held is not None
    secret = settings.code_secret.get_secret_value().encode()
    code = draw_activation_code(register, register.merge(granted[0]), secret=secret, now=NOON)
    register.commit()
    return code


async def test_new_code_brings_the_card_back(
    phone: HolderPhone, vault: MemoryVault, card: CardState, new_code: str
) -> None:
    before = card.held
    vault.secrets.clear()
    opened = await phone.card()
    attempt = Activation(phone.device, opened)
    await attempt.submit(new_code)
    if attempt.asks_to_replace:
        await attempt.replace()

    assert attempt.done, attempt.refusal
    assert why(opened) is None
    assert opened.qr
    assert opened.held is not None
    assert before is not None
    assert opened.held.key_name != before.key_name


async def test_phone_that_keeps_no_key_activates_nothing_and_the_code_stays_good(
    phone: HolderPhone, vault: MemoryVault, code: str
) -> None:
    vault.keeps = False
    attempt = Activation(phone.device, await phone.card())
    await attempt.submit(code)
    assert attempt.refusal == "keys_away"
    assert phone.network.asked("activations") == 0

    vault.keeps = True
    await attempt.submit(code)
    assert attempt.done


async def test_card_is_put_in_place_and_signed_out_though_an_old_key_cannot_be_destroyed(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    assert card.held is not None
    vault.failing = AWAY
    await card.sign_out()

    assert card.held is None
    assert CARD not in phone.store.records


async def test_every_language_says_what_to_do_when_the_phone_keeps_no_key() -> None:
    said = {refusal_words(Texts(language), "keys_away") for language in Language}

    assert len(said) == len(Language)
    other = {refusal_words(Texts(language), "anything else") for language in Language}
    assert not said & other


async def test_face_without_the_key_has_the_next_step_the_card_code_and_the_visits(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    assert card.held is not None
    vault.secrets.clear()
    async with Harness(phone.main) as app:
        assert app.says("Tämä puhelin on kadottanut korttisi avaimen")
        assert app.says("Paperinen korttisi toimii yhä")
        assert app.says("Jos QR-koodi ei toimi")
        assert not app.all(ft.Image)
        await app.press("Minulla on aktivointikoodi")
        assert app.one(ft.TextField)


async def test_visits_on_this_phone_are_shown_without_the_key(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    assert card.held is not None
    visit = HolderVisit(
        UUID(int=7), "Museo", Category.CULTURE, NOON, children=1, assistant=False, voided_at=None
    )
    await phone.store.put_all(records_of([], History([visit], NOON)))
    vault.secrets.clear()
    async with Harness(phone.main) as app:
        await app.press("Käynnit")
        await app.until(lambda: app.says("Museo"))

        assert app.says("Avaa korttisi ja katso")


async def test_scanner_mode_opens_without_the_cards_key(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    assert card.held is not None
    vault.secrets.clear()
    async with Harness(phone.main, route="/door") as app:
        assert app.all(ft.TextField)  # asks for a pairing code


async def test_sign_out_while_the_phone_signs_leaves_no_code(
    phone: HolderPhone, vault: MemoryVault, card: CardState, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Callable = vault.get

    async def signing_out_meanwhile(key: str) -> str | None:
        found = await slow(key)
        await card.sign_out()
        return found

    monkeypatch.setattr(vault, "get", signing_out_meanwhile)
    phone.clock.pass_time(seconds=30)
    await card.tick()

    assert card.held is None
    assert (card.qr, card.qr_text) == (b"", "")


async def test_nothing_is_left_to_see_while_nobody_looks(
    phone: HolderPhone, vault: MemoryVault, card: CardState
) -> None:
    card.rest()
    assert (card.qr, card.qr_text) == (b"", "")

    vault.failing = AWAY
    phone.clock.pass_time(seconds=30)
    await card.tick()
    assert why(card) is None  # the key was not even asked for
    vault.failing = None

    phone.clock.pass_time(seconds=5)
    phone.network.requests.clear()
    await card.wake()
    assert card.qr
    assert phone.network.asked("card") == 1  # and the clock hears the server
    assert phone.clock.learnt
