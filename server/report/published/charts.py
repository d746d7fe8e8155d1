"""Charts on paper: grouped columns and bars, in two shades that a grey printer keeps apart."""

from collections.abc import Sequence

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor

from server.report.published.edition import Told
from server.report.published.place_year import Row
from server.sheet.typeset import ACCENT, INK, drawable

PAST = HexColor("#9DB9C5")
_FONT = "Vera"
_SIZE = 7.5
_AXIS = 26
_BAR = 19
_LETTERS_MOST = 27


def columns(rows: Sequence[Row], years: Sequence[str], *, width: float, height: float) -> Drawing:
    """Draw a column for each row and year; a hidden figure has none."""
    chart = VerticalBarChart()
    chart.x, chart.y = _AXIS + 8, 30
    chart.width, chart.height = width - chart.x, height - 48
    chart.categoryAxis.labels.dy = -2
    return _drawn(chart, rows, years, width=width, height=height)


def bars(rows: Sequence[Row], years: Sequence[str], *, width: float) -> Drawing:
    """Draw a bar for each row and year, the first row above."""
    chart = HorizontalBarChart()
    height = len(rows) * _BAR + 44
    chart.x, chart.y = width * 0.46, 22
    chart.width, chart.height = width - chart.x - 8, height - 44
    chart.categoryAxis.reverseDirection = 1
    chart.categoryAxis.labels.boxAnchor = "e"
    chart.categoryAxis.labels.dx = -4
    return _drawn(chart, rows, years, width=width, height=height, upwards=True)


def _drawn(  # noqa: PLR0913 - all by keyword
    chart: VerticalBarChart,
    rows: Sequence[Row],
    years: Sequence[str],
    *,
    width: float,
    height: float,
    upwards: bool = False,
) -> Drawing:
    series = [([_value(row.told) for row in rows], ACCENT)]
    if len(years) > 1:
        series.append(([_value(row.before) for row in rows], PAST))
    if upwards:  # reportlab lays the first of a group lowest
        series.reverse()
    chart.data = [values for values, _ in series]
    chart.categoryAxis.categoryNames = [_short(row.name) for row in rows]
    chart.categoryAxis.visibleTicks = 0
    chart.valueAxis.valueMin = 0
    chart.valueAxis.maximumTicks = 5
    chart.valueAxis.labelTextFormat = lambda n: f"{n:,.0f}".replace(",", "\N{NO-BREAK SPACE}")
    known = [n for values, _ in series for n in values if n is not None]
    if not any(known):
        chart.valueAxis.valueMax = 1
    for axis in (chart.categoryAxis, chart.valueAxis):
        axis.labels.fontName, axis.labels.fontSize = _FONT, _SIZE
        axis.labels.fillColor = axis.strokeColor = INK
        axis.strokeWidth = 0.5
    chart.groupSpacing, chart.barSpacing = 8, 1
    drawing = Drawing(width, height, initialFontName=_FONT)
    drawing.add(chart)
    for at, color in enumerate(color for _, color in series):
        chart.bars[at].fillColor = color
        chart.bars[at].strokeColor = None
    drawing.add(_legend(years, top=height))
    return drawing


def _legend(years: Sequence[str], *, top: float) -> Legend:
    legend = Legend()
    legend.x, legend.y = 0, top - 2
    legend.boxAnchor = "nw"
    legend.alignment = "right"
    legend.columnMaximum = 1
    legend.deltax = 50
    legend.dx = legend.dy = 7
    legend.dxTextSpace = 4
    legend.fontName, legend.fontSize = _FONT, _SIZE
    legend.colorNamePairs = list(zip((ACCENT, PAST), years, strict=False))
    return legend


def _value(one: Told | None) -> int | None:
    return None if one is None else one.value


def _short(name: str) -> str:
    words = drawable(name)
    return words if len(words) <= _LETTERS_MOST else f"{words[: _LETTERS_MOST - 1]}…"
