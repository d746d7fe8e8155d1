"""What is mine: files that a spreadsheet takes no harm from, and deleting everything."""

import csv
import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from mobile_app.mine.export import harmless
from mobile_app.mood.mood import Mood
from mobile_app.visit.own import Draft
from mobile_app.visit.state import Visits
from mobile_app.wellbeing.scales import WHO5
from mobile_app.wellbeing.state import Wellbeing
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone
from tests.mobile_app.visit.history import visit, visits_from

SAVE = ("FilePicker", "save_file")


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    """Someone with a visit, a note, an own entry, a mood and answers."""
    await phone.activated(code)
    visits, _ = visits_from(phone, visit(1, venue_name="=HYPERLINK(1)"))
    await visits.refresh()
    await visits.write_note(visits.entries[0].name, 'Hieno "ilta";\n+ lapset 🎭 مرحبا')
    await visits.add_own(Draft("Kesäteatteri", "1.11.2026"))
    wellbeing = Wellbeing(phone.device)
    await wellbeing.tell(Mood.GOOD)
    await wellbeing.answer(WHO5, [3] * 5)
    return phone


async def saved(holder: HolderPhone, *buttons: str) -> list[tuple[str, bytes]]:
    """Press and give what the phone was given."""
    files: list[tuple[str, bytes]] = []

    def take(given) -> None:
        files.append((given["file_name"], given["src_bytes"]))

    async with Harness(holder.main, route="/mine", methods={SAVE: take}) as app:
        for button in buttons:
            await app.press(button)
            await app.until(lambda: app.says("annettiin puhelimellesi"))
    return files


async def test_everything_can_be_taken_along_for_machines(holder: HolderPhone) -> None:
    [(name, content)] = await saved(holder, "Kaikki koneelle (JSON)")

    everything = json.loads(content)
    assert name == "kaikukortti.json"
    assert [(one["place"], one["own"]) for one in everything["visits"]] == [
        ("=HYPERLINK(1)", False),
        ("Kesäteatteri", True),
    ]
    assert everything["visits"][0]["note"] == 'Hieno "ilta";\n+ lapset 🎭 مرحبا'
    assert everything["moods"] == [{"day": "2026-11-22", "mood": 4}]
    assert [(one["scale"], one["score"]) for one in everything["answers"]] == [("who5", 60)]


async def test_tables_open_as_tables_and_carry_no_formula(holder: HolderPhone) -> None:
    files = await saved(holder, "Käynnit taulukkona (CSV)", "Hyvinvointi taulukkona (CSV)")

    visits, wellbeing = [
        list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
        for _, content in files
    ]
    assert visits[0][:4] == ["Päivä", "Paikka", "Tapahtuma", "Luokka"]
    assert visits[1][1] == "'=HYPERLINK(1)"
    assert visits[1][6] == 'Hieno "ilta";\n+ lapset 🎭 مرحبا'
    assert visits[2][:2] == ["2026-11-01", "Kesäteatteri"]
    assert wellbeing[1:] == [
        ["2026-11-22", "Fiilis", "Hyvältä"],
        ["2026-11-22", "who5", "60"],
    ]


async def test_everything_can_be_read_as_a_pdf_without_network(holder: HolderPhone) -> None:
    holder.network.down = True
    [(name, content)] = await saved(holder, "Kaikki luettavaksi (PDF)")

    assert name == "kaikukortti.pdf"
    words = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Kesäteatteri" in words
    assert 'Hieno "ilta";\n+ lapset [?]' in words


async def test_a_file_that_could_not_be_saved_can_be_saved_again(holder: HolderPhone) -> None:
    given_files: list[bytes] = []
    methods = {SAVE: RuntimeError("interrupted")}
    async with Harness(holder.main, route="/mine", methods=methods) as app:
        await app.press("Kaikki luettavaksi (PDF)")
        await app.until(lambda: app.says("Tiedostoa ei voitu tallentaa."))
        app.methods[SAVE] = lambda given: given_files.append(given["src_bytes"])
        await app.press("Kaikki luettavaksi (PDF)")
        await app.until(lambda: app.says("annettiin puhelimellesi"))
    assert given_files[0].startswith(b"%PDF")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  ="])
def test_no_cell_begins_a_formula(start: str) -> None:
    assert harmless(f"{start}1+1").startswith("'")
    assert harmless(f"1{start}") == f"1{start}"


async def test_file_that_cannot_be_saved_is_told(holder: HolderPhone) -> None:
    methods = {SAVE: RuntimeError("disk full")}
    async with Harness(holder.main, route="/mine", methods=methods) as app:
        await app.press("Kaikki koneelle (JSON)")
        await app.until(lambda: app.says("Tiedostoa ei voitu tallentaa."))


async def test_deleting_everything_asks_first_and_leaves_the_card(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/mine") as app:
        await app.press("Poista kaikki")
        await app.press("Säilytä kaikki")
        assert holder.store.records["own/mood/2026-11-22"] == {"mood": Mood.GOOD}

        await app.press("Poista kaikki")
        yes = [one for one in app.all(words="Poista kaikki") if getattr(one, "on_click", None)][-1]
        await app.fire(yes, "click")
        await app.until(lambda: app.says("Kaikki poistettiin tästä puhelimesta."))

    left = [key for key in holder.store.records if key.startswith(("own/", "visit/"))]
    assert left in ([], ["own/asked"])
    assert "card" in holder.store.records
    again = Visits(holder.device)
    await again.load()
    assert again.entries == ()
    assert date(2026, 11, 22) not in Wellbeing(holder.device).moods
