"""The sheet that a distributor hands to a holder: a card to cut out, and the way to the phone."""

from collections.abc import Iterable
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from server.sheet.facts import Sheet
from server.sheet.page import draw_page
from server.texts import Language, Texts

__all__ = ["Sheet", "draw_sheets"]


def draw_sheets(sheets: Iterable[Sheet], *, language: Language) -> bytes:
    """Draw a PDF in *language*, one A4 page for each sheet, in their order.

    The file tells nothing of when it was made, so the same sheets give the same bytes.
    """
    t = Texts(language)
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1, lang=language.tag)
    canvas.setTitle(t("Kaikukortti"))
    canvas.setAuthor("Kaikukanta")
    canvas.setSubject("")
    canvas.setCreator("")
    for sheet in sheets:
        draw_page(canvas, sheet, t)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
