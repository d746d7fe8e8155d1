"""What the register knows of me, in words; and being erased from it."""

import json

import pytest

from mobile_app.card.standing import Hindrance
from mobile_app.mood.mood import Mood
from mobile_app.wellbeing.state import Wellbeing
from server.card.models import Card
from server.mine.erasure import erase_holder
from tests.factories import NOON
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone, rows

SAVE = ("FilePicker", "save_file")
ERASE, YES = "Poista tietoni", "Kyllä, poista tietoni"
DONE = "Tietosi on poistettu."


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    wellbeing = Wellbeing(phone.device)
    await wellbeing.tell(Mood.GOOD)
    return phone


async def test_the_register_says_in_words_what_it_knows(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/mine/register") as app:
        await app.until(lambda: app.says("Syntymävuosi: 1975"))
        for words in ("Myöntänyt Sosiaaliasema", "Kodin postinumero: 33100", "Lasten määrä: 2"):
            assert app.says(words), words
        assert app.says("Tilanne 22.11.2026")
        assert app.says("Et jaa hyvinvoinnistasi mitään.")


async def test_without_network_it_says_what_it_heard_last_and_how_old_that_is(
    holder: HolderPhone,
) -> None:
    async with Harness(holder.main, route="/mine/register") as app:
        await app.until(lambda: app.says("Syntymävuosi: 1975"))
    holder.network.down = True
    async with Harness(holder.main, route="/mine/register") as app:
        await app.until(lambda: app.says("Ei yhteyttä. Tämän rekisteri kertoi viimeksi."))
        assert app.says("Syntymävuosi: 1975")
        assert app.says("Tilanne 22.11.2026")


async def test_the_answer_can_be_taken_along(holder: HolderPhone) -> None:
    files: list[bytes] = []
    methods = {SAVE: lambda given: files.append(given["src_bytes"])}
    async with Harness(holder.main, route="/mine/register", methods=methods) as app:
        await app.until(lambda: app.says("Syntymävuosi: 1975"))
        await app.press("Tallenna tiedostoksi (JSON)")
        await app.until(lambda: app.says("annettiin puhelimellesi"))
    assert json.loads(files[0])["cards"][0]["birth_year"] == 1975


async def erase(app: Harness) -> None:
    await app.press(ERASE)
    await app.press(YES)


async def test_erasing_asks_twice_and_leaves_neither_register_nor_phone(
    holder: HolderPhone, register
) -> None:
    async with Harness(holder.main, route="/mine/erase") as app:
        assert app.says("Tätä ei voi perua.")
        await app.press(ERASE)
        await app.press("Ei, säilytä kaikki")
        assert rows(register, Card)[0].erased_at is None

        await erase(app)
        await app.until(lambda: app.says(DONE), seconds=20)
        await app.press("Alkuun")
        await app.until(lambda: app.has_button("Minulla on kortti"))

    [card] = rows(register, Card)
    assert (card.erased_at is not None, card.key_x, card.birth_year) == (True, None, None)
    left = json.dumps({**holder.store.records, "settings": None}, default=str)
    for trace in ("own/", "visit/", "33100", "credential"):
        assert trace not in left


async def test_without_network_nothing_is_erased_and_it_is_said(
    holder: HolderPhone,
) -> None:
    holder.network.down = True
    async with Harness(holder.main, route="/mine/erase") as app:
        await erase(app)
        await app.until(lambda: app.says("Ei yhteyttä. Mitään ei poistettu."))
    assert "card" in holder.store.records
    assert "own/mood/2026-11-22" in holder.store.records


async def test_an_answer_that_was_lost_is_made_good_by_trying_again(
    holder: HolderPhone, register
) -> None:
    async with Harness(holder.main, route="/mine/erase") as app:
        send = holder.network.send

        async def lose(method, path, **rest):
            if "erasures" in path:
                holder.network.loses_answers = 1
            return await send(method, path, **rest)

        holder.network.send = lose
        await erase(app)
        await app.until(lambda: app.says("Vastausta ei tullut."))
        assert "card" in holder.store.records
        assert rows(register, Card)[0].erased_at is not None

        holder.network.send = send
        await erase(app)
        await app.until(lambda: app.says(DONE), seconds=20)
    assert "card" not in holder.store.records


async def test_a_phone_whose_holder_a_desk_has_erased_shows_no_card(
    holder: HolderPhone, register
) -> None:
    card = await holder.card()
    erase_holder(register, rows(register, Card)[0].holder_id, now=NOON)
    register.commit()

    await card.contact()

    assert card.standing is not None
    assert card.standing.hindrance is Hindrance.BLOCKED
    assert card.qr_text == ""


@pytest.mark.parametrize(
    ("code_of", "words"),
    [
        ("key_changed", "Kortti on toisessa puhelimessa."),
        ("nonce_refused", "Palvelin ei poistanut mitään."),
    ],
)
async def test_a_refusal_wipes_nothing_and_says_what_to_do(
    holder: HolderPhone, code_of, words
) -> None:
    holder.network.refuse("erasures", code_of)
    async with Harness(holder.main, route="/mine/erase") as app:
        await erase(app)
        await app.until(lambda: app.says(words))
    assert "card" in holder.store.records
