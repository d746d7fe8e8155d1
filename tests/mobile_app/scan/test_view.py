"""The door's screens in the whole app: what staff see and press."""

from datetime import timedelta

import flet as ft
import flet_camera as fc
import pytest

from mobile_app.app import start
from mobile_app.settings.state import SETTINGS
from mobile_app.sync.record import as_record
from mobile_app.ui.theme import AMBER, GREEN, RED, Type
from tests.mobile_app.door import NOON_S, DoorBench, make_scanner
from tests.mobile_app.fakes import NOON
from tests.mobile_app.harness import Harness

LENS = {"name": "0", "lens_direction": "back", "sensor_orientation": 90, "lens_type": "wide"}


@pytest.fixture
async def bench(tmp_path):
    bench = DoorBench(tmp_path)
    await bench.device.store.put_all(
        {
            "door/scanner": as_record(make_scanner()),
            "door/category": {"category": "culture"},
            "key/scanner": None,
        }
    )
    await bench.device.keys.make_key("scanner")
    yield bench
    bench.close()


def open_door(bench: DoorBench, **over) -> Harness:
    async def main(page: ft.Page) -> None:
        await start(page, bench.device)

    methods = {
        ("Camera", "get_available_cameras"): [],
        ("Page", "get_device_info"): RuntimeError("unknown"),
    } | over.pop("methods", {})
    return Harness(main, route="/door", **({"methods": methods, "web": True} | over))


DESK = {"platform": ft.PagePlatform.LINUX}


async def read(app: Harness, text: str) -> None:
    field = app.one(ft.TextField, "Korttikoodi")
    await app.type(field, text)
    await app.fire(field, "submit")


def ground(app: Harness) -> str:
    [verdict] = [box for box in app.all(ft.Container) if box.key == "verdict"]
    return verdict.bgcolor


def step(app: Harness, label: str) -> ft.IconButton:
    [button] = [
        one for one in app.all(ft.IconButton) if getattr(one.icon, "semantics_label", "") == label
    ]
    return button


async def ready(app: Harness) -> None:
    await app.until(lambda: app.says("avaimet 14 min"))


async def test_a_desk_never_needs_the_mouse(bench) -> None:
    async with open_door(bench, **DESK) as app:
        await ready(app)
        await read(app, bench.issuer.card().show())
        await app.until(lambda: app.says("Tervetuloa"))
        assert ground(app) == GREEN
        assert app.says("Voimassa. Aikuinen ja enintään 2 lasta.")

        await read(app, "")
        await app.until(lambda: app.says("Käynti kirjattu"))
        await read(app, "")
        await app.until(lambda: app.says("Käynnit: Kulttuuri"))

        assert len(bench.network.reports) == 1


async def test_children_and_assistant_go_with_the_visit(bench) -> None:
    async with open_door(bench, **DESK) as app:
        await ready(app)
        await read(app, bench.issuer.card().show())
        await app.until(lambda: app.has_button("Kirjaa"))
        for _ in range(2):
            await app.fire(step(app, "Yksi lapsi lisää"), "click")
        assert step(app, "Yksi lapsi lisää").disabled
        await app.fire(step(app, "Yksi lapsi vähemmän"), "click")
        switch = app.one(ft.Switch)
        app._session.apply_patch(switch._i, {"value": True})
        await app.fire(switch, "change", data=True)
        await app.press("Kirjaa")
        await app.until(lambda: bench.network.reports)

        [report] = bench.network.reports.values()
        assert (report.children, report.assistant) == (1, True)
        assert app.has_button("Kumoa")


async def test_amber_has_two_buttons_and_both_lines(bench) -> None:
    async with open_door(bench, **DESK) as app:
        await ready(app)
        await read(app, bench.issuer.card().show(at=NOON - timedelta(seconds=90)))
        await app.until(lambda: app.says("Tarkista"))

        assert ground(app) == AMBER
        assert app.says("Puhelimen kello on väärässä. Katso, että koodi vaihtuu.")
        assert app.says("Tarkista puhelimen kello.")
        assert app.has_button("Päästä sisään")
        await app.press("Ei nyt")
        await app.until(lambda: app.says("Käyntiä ei kirjattu."))


async def test_an_old_screenshot_says_what_to_do_and_has_one_button(bench) -> None:
    async with open_door(bench, **DESK) as app:
        await ready(app)
        await read(app, bench.issuer.card().show(at=NOON - timedelta(minutes=5)))
        await app.until(lambda: app.says("Ei tällä koodilla"))

        assert ground(app) == RED
        assert app.says("Koodi on vanha tai puhelimen kello on jäljessä.")
        assert app.says("Kuvakaappaus ei käy.")
        assert not app.has_button("Kirjaa")
        assert not app.has_button("Päästä sisään")
        await app.press("Seuraava")
        await app.until(lambda: app.says("Käynnit: Kulttuuri"))


async def test_the_word_of_a_verdict_never_fills_the_screen(bench) -> None:
    large = {"language": "sv", "text_percent": 200, "brightness": "system", "high_contrast": False}
    await bench.device.store.put(SETTINGS, large)
    async with open_door(bench, **DESK) as app:
        field = app.one(ft.TextField, "Kortkod")
        await app.type(field, "ABC")
        await app.fire(field, "submit")

        [word] = [one for one in app.all(ft.Text) if one.value == "Inte med den här koden"]
        assert word.theme_style is Type.DISPLAY


async def test_a_verdict_is_said_at_once_by_a_screen_reader(bench) -> None:
    async with open_door(bench, **DESK) as app:
        await ready(app)
        await read(app, bench.issuer.card(until_s=NOON_S - 1).show())
        await app.until(lambda: app.says("Ei tällä koodilla"))

        said = [one.label for one in app.all(ft.Semantics) if one.live_region and one.label]
        assert said[0].startswith("Ei tällä koodilla. Kortin voimassaolo on päättynyt.")


async def test_a_waiting_scan_is_asked_again_after_a_restart(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    async with open_door(bench, **DESK) as app:
        await app.until(lambda: app.has_button("Kirjaa"))


async def test_the_camera_reads_a_card_and_rests_during_the_verdict(bench) -> None:
    bench.decoder.texts = [bench.issuer.card().show()]
    methods = {
        ("Camera", "get_available_cameras"): [LENS],
        ("Camera", "take_picture"): b"a picture",
    }
    async with open_door(bench, methods=methods) as app:
        await app.until(lambda: app.has_button("Kirjaa"))
        assert len(app.all(fc.Camera)) == 1  # kept under the verdict, so that the next is quick
        pictures = len(app.calls)
        await app.settle()
        assert len(app.calls) - pictures <= 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([], "Kameraa ei löydy."),
        (
            RuntimeError("CameraException(CameraAccessDenied, no)"),
            "Sovellus ei saa käyttää kameraa.",
        ),
        (RuntimeError("CameraException(cameraNotFound, none)"), "Kameraa ei löydy."),
    ],
)
async def test_without_a_picture_staff_hear_why_and_what_else_works(bench, answer, words) -> None:
    async with open_door(bench, methods={("Camera", "get_available_cameras"): answer}) as app:
        await app.until(lambda: app.says(words))
        assert app.has_button("Kokeile kameraa uudelleen")
        assert app.all(fc.Camera) == []


async def test_a_platform_without_cameras_says_so(bench) -> None:
    async with open_door(bench, web=False, platform=ft.PagePlatform.WINDOWS) as app:
        await app.until(lambda: app.says("Kamera ei toimi tässä sovelluksessa."))


async def test_nothing_readable_for_four_seconds_leads_to_the_card_code(bench) -> None:
    def picture(_) -> bytes:
        bench.clock.pass_time(seconds=0.5)
        return b"a blurred picture"

    methods = {
        ("Camera", "get_available_cameras"): [LENS],
        ("Camera", "take_picture"): picture,
    }
    async with open_door(bench, methods=methods) as app:
        await app.until(lambda: app.says("Koodi ei aukea. Kirjoita korttikoodi"))
        assert bench.clock.now() >= NOON + timedelta(seconds=4)


async def test_a_photo_without_a_code_says_so(bench) -> None:
    methods = {("FilePicker", "pick_files"): [{"id": 1, "name": "a.jpg", "size": 1, "bytes": b"x"}]}
    async with open_door(bench, methods=methods, **DESK) as app:
        await ready(app)
        await app.press("Valitse kuva")
        await app.until(lambda: app.says("Kuvasta ei löytynyt koodia."))


async def test_a_visit_can_be_undone_from_the_list(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    await state.admit()
    await state.upkeep.settle()
    async with open_door(bench, **DESK) as app:
        await ready(app)
        await app.press("Viime käynnit")
        await app.press("Kumoa")
        await app.until(lambda: app.says("Kumottu"))
        assert len(bench.network.voided) == 1
        assert not app.has_button("Kumoa")


async def test_what_was_refused_is_told_in_words_until_it_is_seen(bench) -> None:
    bench.network.refuse["scans"] = (422, "too_many_children")
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    await state.admit()
    await state.upkeep.settle()
    async with open_door(bench, **DESK) as app:
        await ready(app)
        await app.press("Katso nämä (1)")
        assert app.says("Lapsia oli enemmän kuin kortilla voi tulla.")
        await app.press("Nähty")
        await app.until(lambda: not app.has_button("Nähty"))


async def test_what_a_reader_is_typing_is_not_cut_by_what_appears_beside_it(bench) -> None:
    def picture(_) -> bytes:
        bench.clock.pass_time(seconds=0.5)
        return b"a blurred picture"

    methods = {("Camera", "get_available_cameras"): [LENS], ("Camera", "take_picture"): picture}
    async with open_door(bench, methods=methods, **DESK) as app:
        field = app.one(ft.TextField, "Korttikoodi")
        await app.type(field, "7K3")
        await app.until(lambda: app.says("Koodi ei aukea."))
        await app.until(lambda: app.says("odottaa 0"))

        assert app.one(ft.TextField, "Korttikoodi")._i == field._i


async def test_a_browser_that_may_clear_away_what_waits_is_told_of(bench) -> None:
    async def is_lasting() -> bool:
        return False

    bench.device.store.is_lasting = is_lasting
    async with open_door(bench, **DESK) as app:
        await ready(app)
        assert not app.says("Tämä selain voi poistaa")
        bench.network.online = False
        await read(app, bench.issuer.card(count=0).show())
        await app.press("Kirjaa")
        await app.until(lambda: app.says("Tämä selain voi poistaa odottavat käynnit."))

        bench.network.online = True
        await read(app, bench.issuer.card(sub="BBBBBBBBBB", count=0).show())
        await app.press("Kirjaa")
        await app.until(lambda: app.says("odottaa 0"))
        assert not app.says("Tämä selain voi poistaa")
