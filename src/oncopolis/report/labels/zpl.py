"""Labels in ZPL II, the language of most label printers."""

import re
from collections.abc import Iterable

from oncopolis.report.labels.label import Label, Size

_DOTS = 12  # structure: dots a millimetre of printers with 300 dpi
_MODULE = 6  # structure: dots of a square of Data Matrix
_BAR = 2  # dots of a bar of Code 128
_MARGIN = 12  # structure: dots around
_TEXT = 28  # structure: dots of letters
_BAR_HEIGHT = 84  # structure: dots of Code 128
_QUALITY = 200  # structure: ZPL's number for ECC 200
_PLAIN = re.compile(r"[^A-Za-z0-9 .:/+\-]")


def write_zpl(labels: Iterable[Label], size: Size) -> str:
    """Return what is sent to the printer; a label whose words contain commands prints them as words."""
    return "".join(_write_label(label, size) for label in labels)


def _write_label(label: Label, size: Size) -> str:
    width, height = round(size.width_mm * _DOTS), round(size.height_mm * _DOTS)
    lines = [f"^XA^CI28^PW{width}^LL{height}"]
    if size.is_matrix:
        lines.append(f"^FO{_MARGIN},{_MARGIN}^BXN,{_MODULE},{_QUALITY}^FH_^FD{_escape(label.code)}^FS")
        x, y = height, _MARGIN
    else:
        bars = f"^BY{_BAR}^BCN,{_BAR_HEIGHT},N"
        lines.append(f"^FO{_MARGIN},{_MARGIN}{bars}^FH_^FD{_escape(label.code)}^FS")
        x, y = _MARGIN, _BAR_HEIGHT + 2 * _MARGIN
    for text in (label.code, *label.words):
        lines.append(f"^FO{x},{y}^A0N,{_TEXT},{_TEXT}^FH_^FD{_escape(text)}^FS")
        y += _TEXT + 2
    return "\n".join([*lines, "^XZ\n"])


def _escape(text: str) -> str:
    """Bytes that could be commands, as hexadecimal."""
    return _PLAIN.sub(lambda found: "".join(f"_{byte:02X}" for byte in found[0].encode()), text)
