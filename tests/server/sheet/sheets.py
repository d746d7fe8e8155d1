"""Sheets to draw, and what a page looks like to who reads it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image
from pypdf import PdfReader

from server.sheet.service import Sheet, draw_sheets
from server.signing import KeyRing
from server.texts import Language
from shared.rules.validity import day_begins_s
from shared.token.codes import activation_link
from shared.token.credential import PLACE_MOST, CardClass, Credential
from shared.token.keyset import KeyRole
from shared.token.paper import draft_paper
from shared.token.presentation import write_text

DPI = 150
FIRST_ON, LAST_ON = date(2026, 11, 22), date(2027, 11, 21)
LONG_NAMES = [
    (
        "Pohjois-Pohjanmaan hyvinvointialueen aikuissosiaalityön palvelupiste, Kempele ja Liminka,"
        " Tyrnävän ja Lumijoen toimisto"
    ),
    (
        "Västra Nylands välfärdsområdes vuxensocialarbete, servicepunkten för integration och"
        " flyktingmottagande i Raseborg, Ingå"
    ),
]
"""Of 119 and 120 letters, as long as names get."""
LONG_ADDRESS = "https://kaikukortti-mobiili.hyvinvointialue.example/palvelut"
CODE = "ABCDEFGH234D"


def make_sheet(ring: KeyRing, **over: Any) -> Sheet:
    """A sheet with a text as long as paper credentials get."""
    children, community = over.get("children", 2), over.get("community", False)
    credential = Credential(
        sub="abcDEF12-_",
        not_before_s=day_begins_s(FIRST_ON),
        until_s=day_begins_s(LAST_ON + timedelta(days=1)),
        card_class=CardClass.COMMUNITY if community else CardClass.PERSONAL,
        count=children,
        place=PLACE_MOST,
        holder=None,
    )
    sealed = ring.seal(
        KeyRole.PAPER,
        lambda kid: draft_paper(credential, kid=kid),
        now_s=day_begins_s(FIRST_ON),
        until_s=credential.until_s,
    )
    given = {
        "card_code": "7K3M9QX2D",
        "paper_text": write_text(sealed.raw),
        "activation_code": CODE,
        "activation_link": activation_link("https://kortti.example", CODE),
        "children": children,
        "children_age": 18,
        "community": community,
        "first_valid_on": FIRST_ON,
        "last_valid_on": LAST_ON,
        "distributor_name": "Sosiaaliasema, Hatanpää",
        "activation_until": datetime(2026, 11, 25, 12, 5, tzinfo=UTC),
    }
    return Sheet(**(given | over))


@dataclass(frozen=True)
class Run:
    """Some letters of one line: what they say, and their edges in points from below left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "Run", *, by: float) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > by
            and min(self.top, other.top) - max(self.bottom, other.bottom) > by
        )


def draw(*sheets: Sheet, language: Language = Language.FINNISH) -> bytes:
    return draw_sheets(sheets, language=language)


def words_of(pdf: bytes, page: int = 0) -> str:
    """The page's text with every gap as one space."""
    return " ".join(PdfReader(BytesIO(pdf)).pages[page].extract_text().split())


def picture_of(pdf: bytes, page: int = 0, *, dpi: int = DPI) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=dpi / 72, grayscale=True).to_pil()


def runs_of(pdf: bytes, page: int = 0) -> list[Run]:
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page].get_textpage()
        edges = [text.get_rect(at) for at in range(text.count_rects())]
        return [Run(text.get_text_bounded(*each), *each) for each in edges]


def sizes_of(pdf: bytes, page: int = 0) -> dict[str, float]:
    """Each piece of text with its type size in points."""
    found: dict[str, float] = {}

    def note(text: str, _now: object, _line: object, _font: object, size: float) -> None:
        if text.strip():
            found[text.strip()] = size

    PdfReader(BytesIO(pdf)).pages[page].extract_text(visitor_text=note)
    return found
