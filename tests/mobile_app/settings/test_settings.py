"""Language, text size and colours: chosen, drawn at once, kept."""

import asyncio
from dataclasses import fields
from typing import Any

import flet as ft
import pytest
from flet.controls.services.semantics_service import AccessibilityFeatures

from mobile_app.app import LANGUAGE_KEY
from mobile_app.device.http import Answer
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
        await switch_on(app, "Suuri kontrasti")

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


async def switch_on(app: Harness, words: str) -> None:
    switch = app.one(ft.Switch, words)
    app.page.session.apply_patch(switch._i, {"value": True})
    await app.fire(switch, "change", data=True)


async def test_app_that_is_told_so_moves_nothing(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        assert app.page.theme.page_transitions.android is None
        await switch_on(app, "Mikään ei liiku")

        for theme in (app.page.theme, app.page.dark_theme):
            assert theme.page_transitions.android is ft.PageTransitionTheme.NONE
    async with Harness(phone.main) as app:
        assert app.page.theme.page_transitions.ios is ft.PageTransitionTheme.NONE


@pytest.mark.parametrize("name", ["reduce_motion", "disable_animations"])
async def test_what_the_phone_says_about_motion_holds_too(phone: HolderPhone, name: str) -> None:
    features = {one.name: False for one in fields(AccessibilityFeatures)} | {name: True}
    methods = {("SemanticsService", "get_accessibility_features"): features}
    async with Harness(phone.main, route="/settings", methods=methods) as app:
        assert app.page.theme.page_transitions.android is ft.PageTransitionTheme.NONE
        assert app.one(ft.Switch, "Mikään ei liiku").value is False  # nobody chose it here


@pytest.mark.parametrize(("still", "drawn"), [(False, ft.ProgressRing), (True, ft.Icon)])
async def test_what_takes_time_turns_or_stands_still(
    phone: HolderPhone, code: str, *, still: bool, drawn: type[ft.Control]
) -> None:
    await Settings(phone.store).choose_look(Look(still=still))
    answered = asyncio.Event()
    send = phone.network.server.send

    async def slow(*request: Any, **rest: Any) -> Answer:
        await answered.wait()
        return await send(*request, **rest)

    phone.network.server.send = slow
    async with Harness(phone.main, route="/activate") as app:
        await app.type(app.one(ft.TextField), code)
        pressing = asyncio.create_task(app.press("Ota käyttöön"))
        await app.settle()
        seen = app.button("Otetaan käyttöön…").disabled, app.all(drawn)
        answered.set()
        await pressing
        assert all(seen)
