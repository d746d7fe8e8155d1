"""One A4 page: the card above, then how to take it to the phone, then what to know about it."""

from dataclasses import replace

from reportlab.lib.colors import white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from server.sheet.advice import Advice, advice_of
from server.sheet.facts import Sheet
from server.sheet.symbols import Level, draw_code39, draw_qr
from server.sheet.typeset import ACCENT, INK, Box, Line, set_lines, set_words
from server.texts import Texts
from shared.token.codes import print_code

_WIDTH, _HEIGHT = A4
_MARGIN = 15 * mm
_INNER = _WIDTH - 2 * _MARGIN

CARD_WIDTH, CARD_HEIGHT = 105 * mm, 74 * mm
"""A7: on a bank card of 85.6 by 54 mm the QR code leaves no room for bars that a phone can read."""
_CARD_TOP = _HEIGHT - _MARGIN
_BAND = 13 * mm
_CARD_PAD = 5 * mm
_CARD_QR = 38 * mm  # 0.62 mm for each of 53 + 8 modules

_GAP = 8 * mm
_PHONE_TOP = _CARD_TOP - CARD_HEIGHT - _GAP
_PHONE_QR = 42 * mm
_PHONE_HEIGHT = 76 * mm
_ADVICE_TOPS = (_PHONE_TOP - _PHONE_HEIGHT, _PHONE_TOP - _PHONE_HEIGHT - 62 * mm)
_ADVICE_BOTTOMS = (_ADVICE_TOPS[1] + 5 * mm, _MARGIN)

_HEADING = 15


def draw_page(canvas: Canvas, sheet: Sheet, t: Texts) -> None:
    """Draw one sheet on the canvas's current page."""
    _draw_card(canvas, sheet, t)
    _draw_welcome(canvas, sheet, t)
    _draw_way_to_phone(canvas, sheet, t)
    for at, advice in enumerate(advice_of(sheet, t)):
        _draw_advice(canvas, advice, column=at % 2, row=at // 2)


def _draw_card(canvas: Canvas, sheet: Sheet, t: Texts) -> None:
    left, top, bottom = _MARGIN, _CARD_TOP, _CARD_TOP - CARD_HEIGHT
    canvas.saveState()
    canvas.setFillColor(ACCENT)
    canvas.rect(left, top - _BAND, CARD_WIDTH, _BAND, stroke=0, fill=1)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.setDash(4, 3)
    canvas.rect(left, bottom, CARD_WIDTH, CARD_HEIGHT, stroke=1, fill=0)
    canvas.restoreState()
    _draw_band(canvas, sheet, t)
    words = [
        Line(text=t("Valid until {day}", day=t.day(sheet.last_valid_on)), size=14, bold=True),
        Line(text=_company(sheet, t), size=12),
    ]
    x, under_band = left + _CARD_PAD, top - _BAND - 4 * mm
    qr_x = left + CARD_WIDTH - _CARD_QR - 2 * mm
    set_lines(canvas, words, Box(x, under_band, qr_x - x, 30 * mm))
    draw_qr(
        canvas,
        sheet.paper_text,
        level=Level.QUARTER,
        x=qr_x,
        top=top - _BAND - 1 * mm,
        side=_CARD_QR,
    )
    _draw_card_code(canvas, sheet, y=bottom)


def _draw_band(canvas: Canvas, sheet: Sheet, t: Texts) -> None:
    canvas.saveState()
    canvas.setFillColor(white)
    baseline = _CARD_TOP - _BAND / 2
    canvas.setFont("Helvetica-Bold", 21)
    canvas.drawString(_MARGIN + _CARD_PAD, baseline - 7.5, t("Kaikukortti"))
    if sheet.community:
        canvas.setFont("Helvetica", 12)
        right = _MARGIN + CARD_WIDTH - _CARD_PAD
        canvas.drawRightString(right, baseline - 4.5, t("Community card"))
    canvas.restoreState()


def _draw_card_code(canvas: Canvas, sheet: Sheet, *, y: float) -> None:
    canvas.setFillColor(INK)
    x = _MARGIN + 2 * mm
    width = draw_code39(canvas, sheet.card_code, x=x, y=y + 9 * mm, height=12 * mm)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawCentredString(
        x + width / 2, y + 3.4 * mm, print_code(sheet.card_code), charSpace=1.5
    )


def _company(sheet: Sheet, t: Texts) -> str:
    n = sheet.children
    if sheet.community and n:
        return t.plural(
            "1 employee + 1 client under 16", "1 employee + up to {n} clients under 16", n
        )
    if sheet.community:
        return t("1 employee")
    return t.plural("1 adult + 1 child", "1 adult + up to {n} children", n) if n else t("1 adult")


def _draw_welcome(canvas: Canvas, sheet: Sheet, t: Texts) -> None:
    x = _MARGIN + CARD_WIDTH + _GAP
    days = {"first": t.day(sheet.first_valid_on), "last": t.day(sheet.last_valid_on)}
    heading = t("Community card") if sheet.community else t("Your Kaikukortti")
    lines = [
        Line(text=heading, size=17, bold=True, accent=True, space_after=6),
        Line(text=t("With the card you come in for free where Kaikukortti is accepted.")),
        Line(text=t("Cut out the card along the dashed line."), space_after=6),
        Line(text=t("The card is valid from {first} to {last}.", **days), space_after=6),
        Line(text=t("You got the card from:")),
    ]
    width, bottom = _WIDTH - _MARGIN - x, _PHONE_TOP + 2 * mm
    y = set_lines(canvas, lines, Box(x, _CARD_TOP, width, CARD_HEIGHT)) - 1
    name = Line(text=sheet.distributor_name, bold=True)
    set_lines(canvas, [name], Box(x, y, width, y - bottom))


def _draw_way_to_phone(canvas: Canvas, sheet: Sheet, t: Texts) -> None:
    _draw_rule(canvas, _MARGIN, _PHONE_TOP, _INNER)
    heading = Line(text=t("Take the card to your phone"), size=_HEADING, bold=True, accent=True)
    set_lines(canvas, [heading], Box(_MARGIN, _PHONE_TOP - 3 * mm, _INNER, 8 * mm))
    top = _PHONE_TOP - 11 * mm
    draw_qr(
        canvas,
        sheet.activation_link,
        level=Level.SEVENTH,
        x=_MARGIN - 3 * mm,
        top=top,
        side=_PHONE_QR,
    )
    x = _MARGIN + _PHONE_QR + 3 * mm
    _draw_activation(canvas, sheet, t, Box(x, top, _WIDTH - _MARGIN - x, top - _ADVICE_TOPS[0]))


def _draw_activation(canvas: Canvas, sheet: Sheet, t: Texts, box: Box) -> None:
    address = sheet.activation_link.partition("#")[0].partition("://")[2]
    steps = [
        Line(text=t("1. Point your phone's camera at this code.")),
        Line(text=t("2. Open the link and do what it says.")),
        Line(text=t("Or go to {address} and type the code:", address=address)),
    ]
    y = set_lines(canvas, steps, replace(box, height=31 * mm))
    code = Line(text=print_code(sheet.activation_code), size=27, bold=True)
    set_words(canvas, code, replace(box, top=y - 1.5 * mm, height=12.5 * mm))
    moment = t.moment(sheet.activation_until)
    limits = [
        Line(text=t("The code works once. It is valid until {moment}.", moment=moment)),
        Line(text=t("After that, ask for a new code where you got the card.")),
        Line(text=t("Give the code to nobody.")),
    ]
    under_code = y - 14 * mm
    height = box.height - (box.top - under_code) - 2 * mm
    set_lines(canvas, limits, replace(box, top=under_code, height=height))


def _draw_advice(canvas: Canvas, advice: Advice, *, column: int, row: int) -> None:
    width = (_INNER - _GAP) / 2
    x = _MARGIN + column * (width + _GAP)
    top = _ADVICE_TOPS[row]
    _draw_rule(canvas, x, top, width)
    lines = [
        Line(text=advice.heading, size=13, bold=True, accent=True),
        *(Line(text=sentence, bullet=True, space_after=3) for sentence in advice.sentences),
    ]
    set_lines(canvas, lines, Box(x, top - 3 * mm, width, top - 3 * mm - _ADVICE_BOTTOMS[row]))


def _draw_rule(canvas: Canvas, x: float, y: float, width: float) -> None:
    canvas.saveState()
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1)
    canvas.line(x, y, x + width, y)
    canvas.restoreState()
