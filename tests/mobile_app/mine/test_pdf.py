"""Everything as a PDF to read: drawn on the phone, read back with another's reader."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from mobile_app.mine.booklet import as_pdf
from mobile_app.mine.pdf import MARGIN, UNDRAWN, WIDTH, Line, Style, drawable, width_of, write_pdf
from mobile_app.mood.mood import Mood
from mobile_app.ui.texts import Language, Texts
from mobile_app.visit.diary import entries_of
from mobile_app.visit.own import Note
from mobile_app.wellbeing.scales import WHO5
from mobile_app.wellbeing.state import Answered
from tests.factories import NOON
from tests.mobile_app.visit.history import visit

FONTS = {Style.BODY: "Helvetica", Style.STRONG: "Helvetica-Bold"}


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def words_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def booklet(language: Language = Language.FINNISH, *, text: str = "Ihanaa!") -> bytes:
    visits = [visit(1, venue_name="Ähtärin Öinen Åbo-näyttämö"), visit(40)]
    note = Note(text, Mood.GOOD)
    entries = entries_of(visits, [], {str(visits[0].visit_id): note})
    answers = [Answered(NOON, WHO5, (3, 3, 3, 3, 3))]
    moods = {NOON.date(): Mood.GOOD}
    return as_pdf(Texts(language), entries, moods, answers, at=NOON)


def test_it_says_visits_notes_moods_sums_and_how_it_has_gone() -> None:
    words = words_of(booklet())

    for part in (
        "Kaikukortti: Omat tiedot", "Ähtärin Öinen Åbo-näyttämö", "Ihanaa!", "Fiilis: Hyvältä",
        "2026: 2 käyntiä", "Marraskuu 2026", "Lokakuu 2026", "60 pistettä sadasta",
    ):  # fmt: skip
        assert part in words, part
    assert UNDRAWN not in words


@pytest.mark.parametrize("language", list(Language))
def test_title_language_and_tags_are_there_for_screen_readers(language) -> None:
    reader = read(booklet(language))
    root = reader.trailer["/Root"]

    assert root["/Lang"] == language.value
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    t = Texts(language)
    assert reader.metadata.title == f"{t('Kaikukortti')}: {t('My own data')}"
    tags = [one.get_object()["/S"] for one in root["/StructTreeRoot"]["/K"]]
    assert tags[0] == "/H1"
    assert {"/H2", "/P"} <= set(tags)


def test_what_cannot_be_drawn_is_shown_as_such_and_said() -> None:
    words = words_of(booklet(text="Hyvä 🎭🎭 ilta, مرحبا"))

    assert f"Hyvä {UNDRAWN} ilta, {UNDRAWN}" in words
    assert "Koneelle tehdyssä tiedostossa (JSON) ne ovat kaikki." in words.replace("\n", " ")


@given(text=st.text(st.characters(codec="cp1252", exclude_categories=["C", "Z"]), max_size=60))
def test_letters_are_as_wide_as_another_writer_says(text: str) -> None:
    for style, font in FONTS.items():
        ours = width_of(drawable(text), style)
        assert ours == pytest.approx(stringWidth(drawable(text), font, 11), abs=0.2)


@given(text=st.text(max_size=300))
def test_any_text_makes_a_file_that_can_be_read(text: str) -> None:
    content = write_pdf([Line(Style.BODY, text)], title=text, language="fi")

    assert len(read(content).pages) >= 1


def test_long_texts_go_on_over_pages_and_stay_inside_the_margins() -> None:
    long = "sana " * 3000 + "x" * 500
    content = write_pdf([Line(Style.BODY, long)], title="Pitkä", language="fi")
    reader = read(content)

    assert len(reader.pages) > 2
    rows = "\n".join(page.extract_text() for page in reader.pages).splitlines()
    assert max(width_of(row.strip(), Style.BODY) for row in rows) <= WIDTH - 2 * MARGIN
    assert words_of(content).split().count("sana") == 3000


def test_brackets_and_backslashes_are_text() -> None:
    odd = r"(a) \ b) ((\\"
    assert odd in words_of(write_pdf([Line(Style.BODY, odd)], title="t", language="fi"))
