"""The pieces that every screen is made of."""

import asyncio
import io
import struct
from datetime import UTC, date, datetime
from pathlib import Path

import flet as ft
import pytest
import zxingcpp
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from PIL import Image

from mobile_app.ui import theme
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import screen
from mobile_app.ui.qr_code import MODULES, QUIET_MODULES, draw_qr
from mobile_app.ui.texts import Language, Texts, read_catalogues
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LONGEST = "K1:" + (ALPHANUMERIC * 9)[:392]


def test_longest_token_fits_and_is_read_back() -> None:
    picture = Image.open(io.BytesIO(draw_qr(LONGEST))).convert("L")

    (found,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)

    assert found.text == LONGEST
    assert found.ec_level == "L"


def test_quiet_zone_is_four_modules_and_the_version_is_ten() -> None:
    png = draw_qr("K1:ABC")
    side = struct.unpack(">I", png[16:20])[0]
    dark = Image.open(io.BytesIO(png)).convert("L").point(lambda light: 255 - light).getbbox()

    module = side // MODULES
    assert MODULES == 57 + 2 * QUIET_MODULES
    assert dark == (4 * module, 4 * module, side - 4 * module, side - 4 * module)


@pytest.mark.parametrize("text", ["k1:abc", LONGEST + "A"], ids=["small-letters", "too-long"])
def test_text_that_the_code_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        draw_qr(text)


def test_days_are_written_as_people_here_write_them() -> None:
    day = date(2027, 2, 8)

    assert Texts("fi").day(day) == "8.2.2027"
    assert Texts("sv").day(day) == "8.2.2027"
    assert Texts("en").day(day) == "8 February 2027"
    assert Texts("fi").month(day) == "Helmikuu 2027"
    assert (Texts("selko").day(day), Texts("selko").month(day)) == ("8.2.2027", "Helmikuu 2027")


def test_times_are_helsinkis_in_summer_and_winter() -> None:
    assert Texts("fi").hour(datetime(2026, 1, 1, 12, 5, tzinfo=UTC)) == "14.05"
    assert Texts("fi").hour(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "15.05"
    assert Texts("en").hour(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "15:05"
    assert Texts("selko").moment(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "1.7.2026 klo 15.05"


def test_what_plain_finnish_lacks_is_said_in_finnish(tmp_path: Path) -> None:
    write_words(tmp_path / "fi", {"Light": "Vaalea", "High contrast": "Suuri kontrasti"})
    write_words(tmp_path / "selko", {"High contrast": "Vahvat värierot"})

    words = read_catalogues(tmp_path, Language.PLAIN_FINNISH)

    assert words.gettext("Light") == "Vaalea"
    assert words.gettext("High contrast") == "Vahvat värierot"


def write_words(folder: Path, words: dict[str, str]) -> None:
    catalogue = Catalog("fi")
    for msgid, said in words.items():
        catalogue.add(msgid, said)
    (folder / "LC_MESSAGES").mkdir(parents=True)
    with (folder / "LC_MESSAGES" / "app.mo").open("wb") as file:
        write_mo(file, catalogue)


@pytest.mark.parametrize("language", list(Language))
def test_plural_is_singular_for_one_only(language: Language) -> None:
    t = Texts(language)
    one, two = (t.plural("{n} child along", "{n} children along", n) for n in (1, 2))

    assert one.startswith("1 ")
    assert two.startswith("2 ")
    assert language is Language.SWEDISH or one[2:] != two[2:]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("palette", "least"),
    [(theme.LIGHT, 4.5), (theme.DARK, 4.5), (theme.STARK_LIGHT, 7), (theme.STARK_DARK, 7)],
    ids=["light", "dark", "stark-light", "stark-dark"],
)
def test_every_ink_is_readable_on_its_paper(palette: theme.Palette, least: float) -> None:
    pairs = [
        (palette.ink, palette.paper),
        (palette.ink, palette.raised),
        (palette.quiet, palette.paper),
        (palette.quiet, palette.raised),
        (palette.primary, palette.paper),
        (palette.on_primary, palette.primary),
        (palette.on_soft, palette.soft),
        (palette.danger, palette.raised),
        (palette.danger, palette.paper),
    ]

    assert min(contrast(*pair) for pair in pairs) >= least


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        (theme.ON_GREEN, theme.GREEN),
        (theme.ON_AMBER, theme.AMBER),
        (theme.ON_RED, theme.RED),
        (theme.QR_DARK, theme.QR_LIGHT),
    ],
)
def test_verdicts_and_codes_are_readable(ink: str, paper: str) -> None:
    assert contrast(ink, paper) >= 4.5


async def test_beat_stops_when_its_component_goes_away_and_survives_a_failure() -> None:
    beats = []

    async def beat() -> None:
        beats.append(len(beats))
        if len(beats) == 1:
            raise ValueError("a stumble")

    @ft.component
    def Beating() -> ft.Control:  # noqa: N802 - a component
        use_every(0.005, beat)
        return ft.Text("beating")

    @ft.component
    def Host() -> ft.View:  # noqa: N802 - a component
        on, set_on = ft.use_state(initial=True)
        body: list[ft.Control] = [ft.FilledButton("Stop", on_click=lambda: set_on(False))]
        return screen("/", [*body, *([Beating()] if on else [])])

    async with Harness(lambda page: page.render_views(Host)) as app:
        await app.until(lambda: len(beats) > 3)
        await app.press("Stop")
        last = len(beats)
        await asyncio.sleep(0.05)

        assert len(beats) == last


async def test_beat_stops_when_the_session_is_over() -> None:
    beats = []

    @ft.component
    def Beating() -> ft.View:  # noqa: N802 - a component
        use_every(0.005, lambda: beats.append(1))
        return screen("/", [])

    async with Harness(lambda page: page.render_views(Beating)) as app:
        await app.until(lambda: len(beats) > 3)
    last = len(beats)
    await asyncio.sleep(0.05)

    assert len(beats) == last


async def test_an_answer_for_a_control_that_is_gone_ends_the_wait_for_it(
    phone: HolderPhone,
) -> None:
    async with Harness(phone.main) as app:
        asked = app.page.session.invoke_method(control_id=10**6, method_name="focus", args={})

        assert await asyncio.wait_for(asked, timeout=5) is None
