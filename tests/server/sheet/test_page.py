"""What a holder reads: every fact of the card, nothing cut off, nothing small, in any language."""

import re
from datetime import date
from io import BytesIO
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from server.sheet.page import CARD_HEIGHT, CARD_WIDTH
from server.texts import Language
from tests.server.sheet.sheets import (
    CODE,
    LONG_ADDRESS,
    LONG_NAMES,
    draw,
    make_sheet,
    runs_of,
    sizes_of,
    words_of,
)

MARGIN = 15 * mm
TYPE_LEAST = 11
LINES_TOUCH = 1.0
MOST = {"children": 23, "last_valid_on": date(2027, 12, 31), "first_valid_on": date(2027, 10, 31)}
CROWDED = {"activation_link": f"{LONG_ADDRESS}/app/activate#{CODE}", **MOST}


@pytest.mark.parametrize(
    ("language", "until", "company"),
    [
        (Language.FINNISH, "Voimassa 21.11.2027 asti", "1 aikuinen + enintään 2 lasta"),
        (Language.SWEDISH, "Gäller till och med 21.11.2027", "1 vuxen + högst 2 barn"),
        (Language.ENGLISH, "Valid until 21.11.2027", "1 adult + up to 2 children"),
        (Language.PLAIN, "Voimassa 21.11.2027 asti", "1 aikuinen + enintään 2 lasta"),
    ],
)
def test_the_card_tells_its_last_day_and_who_may_come(ring, language, until, company) -> None:
    words = words_of(draw(make_sheet(ring), language=language))

    assert until in words
    assert company in words
    assert "7K3-M9Q-X2D" in words
    assert "ABCD-EFGH-234D" in words
    assert "kortti.example/app/activate" in words
    assert re.search(r"25\.11\.2026 14[.:]05", words)  # in Helsinki
    assert "Sosiaaliasema, Hatanpää" in words


@pytest.mark.parametrize(
    ("community", "children", "company"),
    [
        (False, 0, "1 aikuinen"),
        (False, 1, "1 aikuinen + 1 lapsi"),
        (True, 0, "1 työntekijä"),
        (True, 1, "1 työntekijä + 1 alle 16-vuotias asiakas"),
        (True, 12, "1 työntekijä + enintään 12 alle 16-vuotiasta asiakasta"),
    ],
)
def test_one_and_none_are_said_in_words_of_their_own(ring, community, children, company) -> None:
    words = words_of(draw(make_sheet(ring, community=community, children=children)))

    assert f"asti {company} 7K3" in words


def test_a_communitys_sheet_asks_no_holder_and_speaks_of_clients(ring) -> None:
    words = words_of(draw(make_sheet(ring, community=True)))

    assert "Yhteisön kortti" in words
    assert "asiakasta tulee" in words
    assert "Syntymävuotesi" not in words
    assert "lasta" not in words


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("community", [False, True])
@pytest.mark.parametrize("name", ["Jakaja", *LONG_NAMES])
def test_nothing_is_cut_off_or_set_over_something_else(ring, language, community, name) -> None:
    sheet = make_sheet(ring, community=community, distributor_name=name, **CROWDED)

    pdf = draw(sheet, language=language)

    runs = runs_of(pdf)
    width, height = A4
    for run in runs:
        assert run.left >= MARGIN - 1, run
        assert run.right <= width - MARGIN + 1, run
        assert run.bottom >= MARGIN, run
        assert run.top <= height - MARGIN, run
    over = [(a, b) for a, b in combinations(runs, 2) if a.overlaps(b, by=LINES_TOUCH)]
    assert over == []
    assert "".join(name.split()) in "".join(words_of(pdf).split())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("community", [False, True])
@pytest.mark.parametrize("name", ["Jakaja", *LONG_NAMES])
def test_no_letters_are_smaller_than_eleven_points(ring, language, community, name) -> None:
    sheet = make_sheet(ring, community=community, distributor_name=name, **CROWDED)

    small = {w: s for w, s in sizes_of(draw(sheet, language=language)).items() if s < TYPE_LEAST}

    assert small == {}


@pytest.mark.parametrize("language", list(Language))
def test_the_words_on_the_card_stay_left_of_its_code_and_above_its_bars(ring, language) -> None:
    pdf = draw(make_sheet(ring, community=True, **MOST), language=language)

    left, top = MARGIN, A4[1] - MARGIN
    on_card = [
        run for run in runs_of(pdf) if run.left < left + CARD_WIDTH and run.top > top - CARD_HEIGHT
    ]
    words = [run for run in on_card if run.top < top - 14 * mm and "7K3" not in run.text]
    assert len(words) >= 2
    for run in words:
        assert run.right < left + CARD_WIDTH - 39 * mm, run
        assert run.bottom > top - CARD_HEIGHT + 22 * mm, run


def test_a_name_without_a_place_to_break_stays_in_its_column(ring) -> None:
    runs = runs_of(draw(make_sheet(ring, distributor_name="W" * 120)))

    wide = [run for run in runs if "WWW" in run.text]
    assert sum(run.text.count("W") for run in wide) == 120
    assert max(run.right for run in wide) <= A4[0] - MARGIN + 1
    assert min(run.bottom for run in wide) > A4[1] - MARGIN - CARD_HEIGHT - 8 * mm


def test_letters_of_the_north_and_of_the_south_are_drawn(ring) -> None:
    name = "Sámi C\u030cearru Łowicz đ ž"  # the second letter of two parts, as some keyboards write

    assert "Sámi Čearru Łowicz đ ž" in words_of(draw(make_sheet(ring, distributor_name=name)))


def test_a_letter_that_no_font_has_is_bare_or_a_square(ring) -> None:
    name = "Szőllő Łódź ŋ Яя <b>&amp;\n\x00\u202e 福"

    assert "Szollo Łódz ■ ■■ <b>&amp; ■" in words_of(draw(make_sheet(ring, distributor_name=name)))


@given(name=st.text(min_size=1, max_size=120))
@settings(max_examples=40, deadline=None)
def test_any_name_makes_a_page(ring, name) -> None:
    pdf = draw(make_sheet(ring, distributor_name=name))

    assert "7K3-M9Q-X2D" in words_of(pdf)


def test_one_page_a_sheet_in_their_order(ring) -> None:
    codes = [f"ABCDEFGH{symbol}" for symbol in "12345"]

    pdf = draw(*(make_sheet(ring, card_code=code) for code in codes))

    pages = PdfReader(BytesIO(pdf)).pages
    assert [words_of(pdf, at).count(f"ABC-DEF-GH{at + 1}") for at in range(5)] == [1] * 5
    assert len(pages) == 5
    assert {tuple(round(float(x)) for x in page.mediabox[2:]) for page in pages} == {(595, 842)}


@pytest.mark.parametrize("language", list(Language))
def test_the_file_tells_its_language_and_nothing_of_the_card(ring, language) -> None:
    sheet = make_sheet(ring)

    reader = PdfReader(BytesIO(draw(sheet, language=language)))

    meta = reader.metadata
    assert (meta.title, meta.author) == (
        "Kaikukortet" if language is Language.SWEDISH else "Kaikukortti",
        "Kaikukanta",
    )
    assert reader.trailer["/Root"]["/Lang"] == language.tag
    told = " ".join(str(value) for value in meta.values())
    for secret in (sheet.card_code, CODE, sheet.paper_text, sheet.distributor_name, "2026", "2027"):
        assert secret not in told


def test_the_same_sheets_give_the_same_file(ring) -> None:
    sheet = make_sheet(ring)

    assert draw(sheet) == draw(sheet)
