"""The sheet that a distributor hands to a holder: a card to cut out, and the way to the phone."""

from collections.abc import Iterable
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from server.sheet.facts import Sheet
from server.sheet.page import draw_page
from server.texts import Language, Texts

__all__ = ["Booklet", "Sheet", "draw_sheets"]


class Booklet:
    """A PDF in *language* that grows by a page for each sheet.

    The file tells nothing of when it was made, so the same sheets give the same bytes.
    """

    def __init__(self, language: Language) -> None:
        self._t = Texts(language)
        self._file = BytesIO()
        self.pages = 0
        self._canvas = canvas = Canvas(
            self._file, pagesize=A4, pageCompression=1, invariant=1, lang=language.tag
        )
        canvas.setTitle(self._t("Kaikukortti"))
        canvas.setAuthor("Kaikukanta")
        canvas.setSubject("")
        canvas.setCreator("")

    def add(self, sheet: Sheet) -> None:
        """Draw one more page."""
        draw_page(self._canvas, sheet, self._t)
        self._canvas.showPage()
        self.pages += 1

    def close(self) -> bytes:
        """Give the whole file; nothing can be added any more."""
        self._canvas.save()
        return self._file.getvalue()


def draw_sheets(sheets: Iterable[Sheet], *, language: Language) -> bytes:
    """Draw a PDF in *language*, one A4 page for each sheet, in their order."""
    booklet = Booklet(language)
    for sheet in sheets:
        booklet.add(sheet)
    return booklet.close()
