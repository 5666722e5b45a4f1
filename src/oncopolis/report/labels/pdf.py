"""Labels as PDF, one a page."""

from collections.abc import Iterable
from io import BytesIO

import segno
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from oncopolis.report.labels.label import Label, Size

_MARGIN_MM = 1.0  # kept free around the code, which scanners need
_QUIET = 2  # squares kept free around the code
_BAR_MM = 7.0  # structure: height of Code 128
_FONT, _BOLD = "Helvetica", "Helvetica-Bold"
_LARGEST_PT, _SMALLEST_PT = 7.0, 3.5  # structure: sizes of words that can be read on a vial
_LEADING = 1.15  # structure: distance of lines over size


def write_pdf(labels: Iterable[Label], size: Size) -> bytes:
    """Return a document with a page for each label, of the size of the stock."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=(size.width_mm * mm, size.height_mm * mm), invariant=1)
    canvas.setTitle("Labels")
    for label in labels:
        if size.is_matrix:
            _draw_matrix(canvas, label, size)
        else:
            _draw_bars(canvas, label, size)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw_matrix(canvas: Canvas, label: Label, size: Size) -> None:
    """A square code on the left, words beside it: the fewer squares, the larger each is."""
    side = size.height_mm - 2 * _MARGIN_MM
    squares = tuple(segno.make_qr(label.code, error="m").matrix_iter(border=_QUIET))
    one = side * mm / len(squares)
    for y, row in enumerate(reversed(squares)):
        for x, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(_MARGIN_MM * mm + x * one, _MARGIN_MM * mm + y * one, one, one, stroke=0, fill=1)
    left = side + 2 * _MARGIN_MM
    width = size.width_mm - left - _MARGIN_MM
    _write(canvas, label, (left, size.height_mm - _MARGIN_MM), width, _LARGEST_PT)


def _draw_bars(canvas: Canvas, label: Label, size: Size) -> None:
    """Bars above, words below."""
    code = createBarcodeDrawing("Code128", value=label.code, barHeight=_BAR_MM * mm, quiet=True)  # type: ignore[no-untyped-call]
    width = (size.width_mm - 2 * _MARGIN_MM) * mm
    code.scale(width / code.width, 1)
    renderPDF.draw(code, canvas, _MARGIN_MM * mm, (size.height_mm - _MARGIN_MM - _BAR_MM) * mm)
    top = size.height_mm - 2 * _MARGIN_MM - _BAR_MM
    _write(canvas, label, (_MARGIN_MM, top), size.width_mm - 2 * _MARGIN_MM, 2 * _LARGEST_PT)


def _write(
    canvas: Canvas, label: Label, corner_mm: tuple[float, float], width_mm: float, largest_pt: float
) -> None:
    """Write code and words, each as large as fits on its line."""
    x, y = corner_mm[0] * mm, corner_mm[1] * mm
    for text, font in ((label.code, _BOLD), *((words, _FONT) for words in label.words)):
        wide = canvas.stringWidth(text, font, 1) or 1
        points = max(_SMALLEST_PT, min(largest_pt, width_mm * mm / wide))
        y -= points * _LEADING
        canvas.setFont(font, points)
        canvas.drawString(x, y, text)
