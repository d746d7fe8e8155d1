"""Language, text size and colours: chosen, drawn at once, kept."""

import flet as ft
import pytest

from mobile_app.app import LANGUAGE_KEY
from mobile_app.settings.state import SETTINGS, Settings
from mobile_app.ui.texts import Language
from mobile_app.ui.theme import Brightness, Look
from tests.mobile_app.fakes import MemoryStore
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone


async def choose(app: Harness, value: str) -> None:
    """Pick one of several, as the client reports it."""
    (group,) = [
        group
        for group in app.all(ft.RadioGroup)
        if any(radio.value == value for radio in group.content.controls)
    ]
    app.page.session.apply_patch(group._i, {"value": value})
    await app.fire(group, "change", value)


async def test_first_start_speaks_the_phones_language() -> None:
    settings = Settings(MemoryStore())
    await settings.load(device_language="sv")

    assert settings.language is Language.SWEDISH


@pytest.mark.parametrize("unknown", [None, "de", "", "fi", "selko"])
async def test_other_phones_are_spoken_to_in_finnish(unknown: str | None) -> None:
    settings = Settings(MemoryStore())
    await settings.load(device_language=unknown)

    assert settings.language is Language.FINNISH


async def test_choices_survive_a_restart_and_beat_the_phones_language() -> None:
    store = MemoryStore()
    settings = Settings(store)
    look = Look(text_percent=150, brightness=Brightness.DARK, high_contrast=True)
    await settings.choose_language(Language.ENGLISH)
    await settings.choose_look(look)

    again = Settings(store)
    await again.load(device_language="sv")

    assert (again.language, again.look) == (Language.ENGLISH, look)


async def test_unreadable_record_leaves_the_defaults() -> None:
    settings = Settings(MemoryStore({SETTINGS: {"language": "xx"}}))
    await settings.load(device_language="sv")

    assert settings.look == Look()


async def test_language_changes_the_whole_app_at_once(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        await choose(app, "sv")

        assert app.says("Inställningar")
        assert not app.says("Asetukset")
        assert app.preferences[LANGUAGE_KEY] == "sv"
        assert app.page.locale_configuration.current_locale.language_code == "sv"


async def test_plain_finnish_is_chosen_and_is_finnish_to_the_phone(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        await choose(app, "selko")

        assert app.says("Tämä puhelin muistaa valintasi.")
        assert app.preferences[LANGUAGE_KEY] == phone.store.records[SETTINGS]["language"] == "selko"
        locales = app.page.locale_configuration
        assert locales.current_locale.language_code == "fi"
        assert [one.language_code for one in locales.supported_locales] == ["fi", "sv", "en"]


async def test_first_screen_offers_the_other_languages_in_their_own_words(
    phone: HolderPhone,
) -> None:
    async with Harness(phone.main) as app:
        await app.press("Svenska")

        assert app.has_button("Jag har ett kort")
        assert app.has_button("Suomi")


async def test_text_grows_with_the_theme(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        before = app.page.theme.text_theme.body_large.size
        await choose(app, "200")

        assert app.page.theme.text_theme.body_large.size == 2 * before
        assert app.page.dark_theme.text_theme.body_large.size == 2 * before


async def test_dark_is_dark_whatever_the_phone_says(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        assert app.page.theme_mode is ft.ThemeMode.SYSTEM
        await choose(app, "dark")

        assert app.page.theme_mode is ft.ThemeMode.DARK


async def test_high_contrast_is_black_on_white(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        switch = app.one(ft.Switch)
        app.page.session.apply_patch(switch._i, {"value": True})
        await app.fire(switch, "change", data=True)

        scheme = app.page.theme.color_scheme
        assert (scheme.surface, scheme.on_surface) == ("#FFFFFF", "#000000")
        assert scheme.secondary_container != scheme.primary


async def test_removing_the_card_asks_first_and_then_leaves_nothing(
    phone: HolderPhone, code: str
) -> None:
    await phone.activated(code)
    async with Harness(phone.main, route="/settings") as app:
        await app.press("Poista kortti tästä puhelimesta")
        await app.press("Pidä kortti")
        assert "card" in phone.store.records

        await app.press("Poista kortti tästä puhelimesta")
        await app.press("Poista kortti")
        await app.until(lambda: app.has_button("Minulla on kortti"))

        assert not [key for key in phone.store.records if key.startswith(("card", "key/", "visit"))]


async def test_nothing_can_be_removed_where_there_is_no_card(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        assert not app.has_button("Poista kortti tästä puhelimesta")
